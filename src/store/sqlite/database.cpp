#include "store/sqlite/database.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/log.h"
#include "base/overloaded.h"

namespace parley::store::sqlite {
namespace {

// Another process, such as `parley user add`, holds the database for a moment only.
constexpr int kBusyTimeoutMs = 5'000;
constexpr int kLongestValue = 1 << 20;
constexpr int kLongestSql = 64 << 10;

// FULL: what was committed survives the loss of power as well.
constexpr const char* kPragmas =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA journal_size_limit = 67108864;";

// SQLite gives its journals the mode of the database.
std::expected<void, std::string> make_private(const std::string& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    return std::unexpected(
        fmt::format("{} cannot be opened: {}; see --data.", file, std::strerror(errno)));
  }
  ::fchmod(fd, 0600);  // Fails for a file of another user, who has to know.
  ::close(fd);
  return {};
}

Error error_of(int code) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY: return Error::kConflict;
    case SQLITE_CONSTRAINT_FOREIGNKEY: return Error::kNotFound;
    default: return Error::kUnavailable;
  }
}

}  // namespace

// ---- Parameters and columns

bool Value::bind(sqlite3_stmt* statement, int position) const {
  const int code = std::visit(
      overloaded{
          [&](std::monostate) { return sqlite3_bind_null(statement, position); },
          [&](std::int64_t number) { return sqlite3_bind_int64(statement, position, number); },
          [&](std::string_view text) {
            return sqlite3_bind_text64(statement, position, text.empty() ? "" : text.data(),
                                       text.size(), SQLITE_STATIC, SQLITE_UTF8);
          },
          [&](Bytes bytes) {
            return sqlite3_bind_blob64(statement, position, bytes.data(), bytes.size(),
                                       SQLITE_STATIC);
          }},
      value_);
  return code == SQLITE_OK;
}

bool Row::is_null() const {
  return sqlite3_column_type(statement_, column_) == SQLITE_NULL;
}

std::int64_t Row::integer() {
  return sqlite3_column_int64(statement_, column_++);
}

std::string Row::text() {
  const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column_));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column_));
  ++column_;
  return text == nullptr ? std::string() : std::string(text, size);
}

std::optional<std::string> Row::optional_text() {
  const bool null = is_null();
  std::string value = text();
  if (null) return std::nullopt;
  return value;
}

std::optional<UnixMillis> Row::optional_time() {
  const bool null = is_null();
  const UnixMillis value = time();
  if (null) return std::nullopt;
  return value;
}

Digest Row::digest() {
  Digest digest = {};
  const auto* const bytes =
      static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column_));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column_));
  ++column_;
  if (bytes != nullptr) std::copy_n(bytes, std::min(size, digest.size()), digest.begin());
  return digest;
}

std::optional<Digest> Row::optional_digest() {
  const bool null = is_null();
  const Digest value = digest();
  if (null) return std::nullopt;
  return value;
}

// ---- The connection

std::expected<std::unique_ptr<Database>, std::string> Database::open(const std::string& file) {
  if (file != ":memory:") {
    if (auto made = make_private(file); !made) return std::unexpected(std::move(made.error()));
  }
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &handle,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  std::unique_ptr<Database> database(new Database(file, handle));
  const auto cannot = [&] {
    return std::unexpected(
        fmt::format("{} cannot be opened: {}; see --data.", file, database->last_problem()));
  };
  if (code != SQLITE_OK) return cannot();
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, kLongestValue);
  sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, kLongestSql);
  sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  if (sqlite3_exec(handle, kPragmas, nullptr, nullptr, nullptr) != SQLITE_OK) return cannot();
  return database;
}

Database::~Database() {
  statements_.clear();
  sqlite3_close_v2(handle_);
}

void Database::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

std::string Database::last_problem() const {
  return sqlite3_errmsg(handle_);
}

std::int64_t Database::last_row() const {
  return sqlite3_last_insert_rowid(handle_);
}

// A database that fails would fill the log: each problem is told once until a commit goes well.
Error Database::fail() {
  const int code = sqlite3_extended_errcode(handle_);
  const Error error = error_of(code);
  if (error == Error::kUnavailable && code != told_problem_) {
    told_problem_ = code;
    log::error("store", "{}: {}", file_, last_problem());
  }
  return error;
}

// ---- Statements

sqlite3_stmt* Database::prepared(const char* sql) {
  auto& statement = statements_[sql];
  if (statement == nullptr) {
    sqlite3_stmt* made = nullptr;
    sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    statement.reset(made);
  }
  return statement.get();
}

Database::Cursor::Cursor(Database& database, const char* sql, Values values)
    : database_(database), statement_(database.prepared(sql)) {
  int position = 0;
  for (const Value& value : values) {
    if (statement_ == nullptr || value.bind(statement_, ++position)) continue;
    sqlite3_clear_bindings(statement_);
    statement_ = nullptr;
  }
}

Database::Cursor::~Cursor() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);  // They are borrowed.
}

Result<bool> Database::Cursor::next() {
  if (statement_ == nullptr) return std::unexpected(database_.fail());
  switch (sqlite3_step(statement_)) {
    case SQLITE_ROW: return true;
    case SQLITE_DONE: return false;
    default: return std::unexpected(database_.fail());
  }
}

Result<std::int64_t> Database::run(const char* sql, Values values) {
  Cursor cursor(*this, sql, values);
  for (;;) {
    const Result<bool> there = cursor.next();
    if (!there) return std::unexpected(there.error());
    if (!*there) return sqlite3_changes64(handle_);
  }
}

Result<void> Database::change(const char* sql, Values values) {
  const auto changed = run(sql, values);
  if (!changed) return std::unexpected(changed.error());
  if (*changed == 0) return std::unexpected(Error::kNotFound);
  return {};
}

Result<std::int64_t> Database::number(const char* sql, Values values) {
  const auto found = one(sql, values, [](Row& row) { return row.integer(); });
  if (!found) return std::unexpected(found.error());
  return found->value_or(0);
}

Result<void> Database::script(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return std::unexpected(fail());
}

// ---- Transactions

bool Database::rolled_back() const {
  return depth_ > 0 && sqlite3_get_autocommit(handle_) != 0;
}

// IMMEDIATE: a transaction that begins by reading could otherwise not go on to write after another
// process wrote.
Result<void> Database::begin() {
  if (rolled_back()) return std::unexpected(Error::kUnavailable);
  const auto begun = run(depth_ == 0 ? "BEGIN IMMEDIATE" : "SAVEPOINT inner");
  if (!begun) return std::unexpected(begun.error());
  ++depth_;
  return {};
}

Result<void> Database::commit() {
  const bool lost = rolled_back();
  if (!lost) {
    const auto kept = run(depth_ == 1 ? "COMMIT" : "RELEASE inner");
    if (kept) {
      if (--depth_ == 0) told_problem_ = 0;
      return {};
    }
  }
  roll_back();
  return std::unexpected(Error::kUnavailable);
}

void Database::roll_back() {
  const bool lost = rolled_back();
  --depth_;
  if (lost) return;
  if (depth_ == 0) {
    std::ignore = run("ROLLBACK");
  } else {
    std::ignore = run("ROLLBACK TO inner");
    std::ignore = run("RELEASE inner");
  }
}

}  // namespace parley::store::sqlite
