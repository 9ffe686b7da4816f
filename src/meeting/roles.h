#pragma once

#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meeting/identity.h"
#include "meeting/participant.h"
#include "meeting/vocabulary.h"

namespace parley::meeting {

// A role and the permissions that go with it where they differ from the room's.
struct Standing {
  Role role = Role::kParticipant;
  std::optional<Permissions> own = {};
  bool speaker = false;  // Their join token gives a place on the stage of a lecture.
  bool invited = false;  // They have one.

  friend bool operator==(const Standing&, const Standing&) = default;
};

Standing standing_of(const Participant& who);

// Who has which role in one room.
//
// A room that an account owns is kept: the roles of accounts in it are stored, and it does not
// change hands by itself. Any other room has the owner that came first, and heirs.
class Roles {
 public:
  static constexpr std::size_t kMaxRemembered = 256;  // People who left; the first goes.

  void set_owner(UserId owner) { owner_ = owner; }
  void set_members(const std::vector<store::Membership>& members);
  void set_member(UserId user, Role role) { members_[user] = role; }

  bool kept() const { return static_cast<bool>(owner_); }
  UserId owner() const { return owner_; }
  bool is_member(UserId user) const;

  // The stored role of an account in a kept room. None: it has none.
  std::optional<Role> stored(UserId user) const;

  // What somebody has who comes in. `claimed` is what their resume says, if it is of this life of
  // the room: it counts for those of whom nothing is stored, and never makes a kept room's owner.
  // A token that lets its bearer send gives a place on stage.
  Standing on_entry(const Identity& identity, std::string_view sid,
                    const std::optional<Standing>& claimed,
                    const std::optional<JoinClaim>& token) const;

  // Keeps what someone had who leaves, for a return while the room lives.
  void remember(std::string_view sid, Standing standing);
  bool remembers(std::string_view sid) const;
  void forget_all() { remembered_.clear(); }

 private:
  struct Remembered {
    std::string sid = {};
    Standing standing = {};
  };

  UserId owner_ = {};
  std::map<UserId, Role> members_;
  std::deque<Remembered> remembered_;  // Never more than kMaxRemembered.
};

// Who follows an owner that has left: the cohost, else the participant, who has been in the room
// longest; who is on stage goes before the audience, who is there before who is away. Null where
// there is nobody.
Participant* heir_among(std::list<Participant>& in_order_of_joining);

}  // namespace parley::meeting
