#include "store/sqlite/repositories.h"

namespace parley::store::sqlite {
namespace {

// What read_user() reads, in its order.
#define PARLEY_USER "SELECT id, name, display_name, password_hash, created FROM users "

User read_user(Row& row) {
  return {.id = row.id<UserId>(),
          .name = row.text(),
          .display_name = row.text(),
          .password_hash = row.text(),
          .created = row.time()};
}

}  // namespace

Result<UserId> Users::add(const User& user) {
  return db_.transaction([&]() -> Result<UserId> {
    const auto count = db_.number("SELECT count(*) FROM users");
    if (!count) return std::unexpected(count.error());
    if (std::cmp_greater_equal(*count, limits_.users)) return std::unexpected(Error::kFull);
    return db_.insert<UserId>(
        "INSERT INTO users (name, display_name, password_hash, created) VALUES (?, ?, ?, ?)",
        {user.name, user.display_name, user.password_hash, user.created});
  });
}

Result<std::optional<User>> Users::find(UserId id) {
  return db_.one(PARLEY_USER "WHERE id = ?", {id}, read_user);
}

Result<std::optional<User>> Users::find_by_name(std::string_view name) {
  return db_.one(PARLEY_USER "WHERE name = ?", {name}, read_user);
}

Result<std::vector<User>> Users::list(std::string_view after, std::size_t limit) {
  return db_.all(PARLEY_USER
                 "WHERE name > ?"
                 " ORDER BY name LIMIT ?",
                 {after, limit}, read_user);
}

Result<void> Users::set_display_name(UserId id, std::string_view display_name) {
  return db_.change("UPDATE users SET display_name = ? WHERE id = ?", {display_name, id});
}

Result<void> Users::set_password_hash(UserId id, std::string_view hash) {
  return db_.change("UPDATE users SET password_hash = ? WHERE id = ?", {hash, id});
}

Result<void> Users::remove(UserId id) {
  return db_.change("DELETE FROM users WHERE id = ?", {id});
}

}  // namespace parley::store::sqlite
