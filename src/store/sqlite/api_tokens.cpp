#include "store/sqlite/repositories.h"

namespace parley::store::sqlite {
namespace {

// What read_token() reads, in its order.
#define PARLEY_TOKEN "SELECT id, user, name, digest, created, expires, last_used FROM api_tokens "

ApiToken read_token(Row& row) {
  return {.id = row.id<ApiTokenId>(),
          .user = row.id<UserId>(),
          .name = row.text(),
          .digest = row.digest(),
          .created = row.time(),
          .expires = row.optional_time(),
          .last_used = row.optional_time()};
}

}  // namespace

Result<ApiTokenId> ApiTokens::add(const ApiToken& token) {
  return db_.transaction([&]() -> Result<ApiTokenId> {
    const auto count = db_.number("SELECT count(*) FROM api_tokens WHERE user = ?", {token.user});
    if (!count) return std::unexpected(count.error());
    if (std::cmp_greater_equal(*count, limits_.api_tokens_per_user)) {
      return std::unexpected(Error::kFull);
    }
    return db_.insert<ApiTokenId>(
        "INSERT INTO api_tokens (user, name, digest, created, expires, last_used)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        {token.user, token.name, token.digest, token.created, token.expires, token.last_used});
  });
}

Result<std::optional<ApiToken>> ApiTokens::find_by_digest(const Digest& digest) {
  return db_.one(PARLEY_TOKEN "WHERE digest = ?", {digest}, read_token);
}

Result<std::vector<ApiToken>> ApiTokens::list(UserId user) {
  return db_.all(PARLEY_TOKEN "WHERE user = ? ORDER BY id", {user}, read_token);
}

Result<void> ApiTokens::set_last_used(ApiTokenId id, UnixMillis now) {
  return db_.change("UPDATE api_tokens SET last_used = ? WHERE id = ?", {now, id});
}

Result<void> ApiTokens::remove(UserId user, ApiTokenId id) {
  return db_.change("DELETE FROM api_tokens WHERE id = ? AND user = ?", {id, user});
}

}  // namespace parley::store::sqlite
