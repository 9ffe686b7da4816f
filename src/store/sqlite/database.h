#pragma once

#include <concepts>
#include <cstdint>
#include <expected>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "store/records.h"
#include "store/transactions.h"

struct sqlite3;
struct sqlite3_stmt;

namespace parley::store::sqlite {

// A parameter of a statement. It borrows text and bytes. An id of zero is NULL.
class Value {
 public:
  Value() = default;  // NULL
  template <std::integral T>
  Value(T number) : value_(static_cast<std::int64_t>(number)) {}
  Value(const char*) = delete;  // It would be a bool.
  Value(std::string_view text) : value_(text) {}
  Value(const std::string& text) : value_(std::string_view(text)) {}
  Value(UnixMillis time) : value_(std::int64_t{time.time_since_epoch().count()}) {}
  Value(const Digest& digest) : value_(Bytes(digest)) {}
  template <class Tag>
  Value(StrongId<Tag> id) {
    if (id) value_ = static_cast<std::int64_t>(id.value);
  }
  template <class T>
  Value(const std::optional<T>& value) {
    if (value) *this = Value(*value);
  }

  bool bind(sqlite3_stmt* statement, int position) const;

 private:
  std::variant<std::monostate, std::int64_t, std::string_view, Bytes> value_;
};

using Values = std::initializer_list<Value>;

// The row that a statement stands at. Each call reads the next column.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}

  std::int64_t integer();
  bool boolean() { return integer() != 0; }
  std::string text();
  std::optional<std::string> optional_text();
  UnixMillis time() { return UnixMillis(std::chrono::milliseconds(integer())); }
  std::optional<UnixMillis> optional_time();
  Digest digest();
  std::optional<Digest> optional_digest();
  template <class Id>
  Id id() {
    return {static_cast<std::uint64_t>(integer())};  // NULL reads as 0.
  }

 private:
  bool is_null() const;

  sqlite3_stmt* statement_;
  int column_ = 0;
};

// One connection to a database file, for one thread. Statements are prepared once: `sql` must be a
// literal.
class Database : public Transactions {
 public:
  // Makes the file, for its owner alone, where it is missing. The error is a sentence for the
  // operator. ":memory:" is a database that goes with the object.
  static std::expected<std::unique_ptr<Database>, std::string> open(const std::string& file);
  ~Database() override;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const std::string& file() const { return file_; }

  // Returns how many rows it changed.
  Result<std::int64_t> run(const char* sql, Values values = {});

  // As run(), and kNotFound where it changed none.
  Result<void> change(const char* sql, Values values);

  // run() of an INSERT; returns the new row's id.
  template <class Id>
  Result<Id> insert(const char* sql, Values values) {
    if (auto done = run(sql, values); !done) return std::unexpected(done.error());
    return Id{static_cast<std::uint64_t>(last_row())};
  }

  // The rows, each as `read` makes it of a Row.
  template <class Read>
  auto all(const char* sql, Values values, Read read)
      -> Result<std::vector<decltype(read(std::declval<Row&>()))>> {
    std::vector<decltype(read(std::declval<Row&>()))> records;
    Cursor cursor(*this, sql, values);
    for (;;) {
      const Result<bool> there = cursor.next();
      if (!there) return std::unexpected(there.error());
      if (!*there) return records;
      Row row(cursor.statement());
      records.push_back(read(row));
    }
  }

  // The first row, if there is one.
  template <class Read>
  auto one(const char* sql, Values values, Read read)
      -> Result<std::optional<decltype(read(std::declval<Row&>()))>> {
    auto records = all(sql, values, read);
    if (!records) return std::unexpected(records.error());
    if (records->empty()) return std::nullopt;
    return std::move(records->front());
  }

  // A single number, such as a count.
  Result<std::int64_t> number(const char* sql, Values values = {});

  // Several statements without parameters, not kept prepared.
  Result<void> script(const char* sql);

  Result<void> begin() override;
  Result<void> commit() override;
  void roll_back() override;

  // What SQLite last said.
  std::string last_problem() const;

 private:
  // A statement while it is in use.
  class Cursor {
   public:
    Cursor(Database& database, const char* sql, Values values);
    ~Cursor();
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;

    Result<bool> next();  // False: there are no more rows.
    sqlite3_stmt* statement() const { return statement_; }

   private:
    Database& database_;
    sqlite3_stmt* statement_;  // Null where it could not be prepared or bound.
  };

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  Database(std::string file, sqlite3* handle) : file_(std::move(file)), handle_(handle) {}

  sqlite3_stmt* prepared(const char* sql);
  std::int64_t last_row() const;
  bool rolled_back() const;  // By SQLite itself, after an error, under our feet.
  Error fail();

  std::string file_;
  sqlite3* handle_;
  std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
  int depth_ = 0;         // Of transactions.
  int told_problem_ = 0;  // The result code that was logged last; 0 after a commit went well.
};

}  // namespace parley::store::sqlite
