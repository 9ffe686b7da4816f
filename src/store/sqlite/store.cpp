#include <fmt/core.h>

#include <filesystem>
#include <utility>

#include "base/assert.h"
#include "store/sqlite.h"
#include "store/sqlite/migrations.h"
#include "store/sqlite/repositories.h"

namespace parley::store {
namespace sqlite {
namespace {

class SqliteStore final : public Store {
 public:
  SqliteStore(std::unique_ptr<Database> database, const Limits& limits)
      : database_(std::move(database)),
        users_(*database_, limits),
        sessions_(*database_, limits),
        api_tokens_(*database_, limits),
        rooms_(*database_, limits),
        memberships_(*database_, limits),
        chat_(*database_, limits),
        todos_(*database_, limits),
        questions_(*database_, limits) {}

  Users& users() override { return users_; }
  Sessions& sessions() override { return sessions_; }
  ApiTokens& api_tokens() override { return api_tokens_; }
  Rooms& rooms() override { return rooms_; }
  Memberships& memberships() override { return memberships_; }
  Chat& chat() override { return chat_; }
  Todos& todos() override { return todos_; }
  Questions& questions() override { return questions_; }

  Result<std::int64_t> version() override {
    const auto version =
        database_->one("PRAGMA data_version", {}, [](Row& row) { return row.integer(); });
    if (!version) return std::unexpected(version.error());
    return version->value_or(0);
  }

 protected:
  Result<void> begin() override { return database_->begin(); }
  Result<void> commit() override { return database_->commit(); }
  void roll_back() override { database_->roll_back(); }

 private:
  std::unique_ptr<Database> database_;
  Users users_;
  Sessions sessions_;
  ApiTokens api_tokens_;
  Rooms rooms_;
  Memberships memberships_;
  Chat chat_;
  Todos todos_;
  Questions questions_;
};

// To read all of a larger file would keep the start waiting for more than a second.
constexpr std::uintmax_t kLargestChecked = 256 << 20;

std::expected<void, std::string> check(Database& database) {
  std::error_code none;
  if (std::filesystem::file_size(database.file(), none) > kLargestChecked) return {};
  const auto answer =
      database.one("PRAGMA quick_check(1)", {}, [](Row& row) { return row.text(); });
  if (answer && *answer == "ok") return {};
  return std::unexpected(fmt::format("{} is damaged: {}. Put a backup in its place.",
                                     database.file(),
                                     answer ? answer->value_or("") : database.last_problem()));
}

}  // namespace
}  // namespace sqlite

std::expected<std::unique_ptr<Store>, std::string> open_sqlite(const std::string& file,
                                                               const Limits& limits) {
  auto database = sqlite::Database::open(file);
  if (!database) return std::unexpected(std::move(database.error()));
  if (auto good = sqlite::check(**database); !good) return std::unexpected(std::move(good.error()));
  if (auto done = sqlite::migrate(**database); !done) {
    return std::unexpected(std::move(done.error()));
  }
  return std::make_unique<sqlite::SqliteStore>(*std::move(database), limits);
}

std::unique_ptr<Store> open_in_memory(const Limits& limits) {
  auto store = open_sqlite(":memory:", limits);
  PARLEY_ASSERT(store.has_value());
  return *std::move(store);
}

}  // namespace parley::store
