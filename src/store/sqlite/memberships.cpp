#include "store/sqlite/repositories.h"

namespace parley::store::sqlite {
namespace {

constexpr std::string_view kCohost = "cohost";
constexpr std::string_view kParticipant = "participant";

Membership read_membership(Row& row) {
  return {.room = row.id<RoomId>(),
          .user = row.id<UserId>(),
          .role = row.text() == kCohost ? Role::kCohost : Role::kParticipant};
}

}  // namespace

Result<std::optional<Membership>> Memberships::find(RoomId room, UserId user) {
  return db_.one("SELECT room, user, role FROM memberships WHERE room = ? AND user = ?",
                 {room, user}, read_membership);
}

Result<std::vector<Membership>> Memberships::list(RoomId room) {
  return db_.all("SELECT room, user, role FROM memberships WHERE room = ? ORDER BY user", {room},
                 read_membership);
}

Result<void> Memberships::put(const Membership& membership) {
  return db_.transaction([&]() -> Result<void> {
    const auto others = db_.number("SELECT count(*) FROM memberships WHERE room = ? AND user <> ?",
                                   {membership.room, membership.user});
    if (!others) return std::unexpected(others.error());
    if (std::cmp_greater_equal(*others, limits_.members_per_room)) {
      return std::unexpected(Error::kFull);
    }
    return db_.change(
        "INSERT INTO memberships (room, user, role) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET role = excluded.role",
        {membership.room, membership.user,
         membership.role == Role::kCohost ? kCohost : kParticipant});
  });
}

Result<void> Memberships::remove(RoomId room, UserId user) {
  return db_.change("DELETE FROM memberships WHERE room = ? AND user = ?", {room, user});
}

}  // namespace parley::store::sqlite
