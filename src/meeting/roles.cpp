#include "meeting/roles.h"

#include <algorithm>
#include <tuple>

#include "meeting/rights.h"

namespace parley::meeting {

Standing standing_of(const Participant& who) {
  return {.role = who.role, .own = who.own, .speaker = who.speaker, .invited = who.invited};
}

void Roles::set_members(const std::vector<store::Membership>& members) {
  members_.clear();
  for (const store::Membership& member : members) members_[member.user] = member.role;
}

bool Roles::is_member(UserId user) const {
  return user && (user == owner_ || members_.contains(user));
}

std::optional<Role> Roles::stored(UserId user) const {
  if (!user || !kept()) return std::nullopt;
  if (user == owner_) return Role::kOwner;
  const auto it = members_.find(user);
  return it == members_.end() ? std::nullopt : std::optional(it->second);
}

Standing Roles::on_entry(const Identity& identity, std::string_view sid,
                         const std::optional<Standing>& claimed,
                         const std::optional<JoinClaim>& token) const {
  Standing standing = claimed.value_or(Standing());
  if (claimed) {
    const auto it = std::ranges::find(remembered_, sid, &Remembered::sid);
    if (it != remembered_.end()) standing = it->standing;
  } else if (token) {
    standing.own = token->permissions;
    standing.speaker = !identity.plays && token->permissions && permits_media(*token->permissions);
    standing.invited = standing.speaker;
  }
  if (kept() && identity.user) standing.role = stored(identity.user).value_or(Role::kParticipant);
  if (kept() && identity.user != owner_) standing.role = std::max(standing.role, Role::kCohost);
  if (token) standing.role = std::min(standing.role, std::max(token->role, Role::kCohost));
  return standing;
}

void Roles::remember(std::string_view sid, Standing standing) {
  std::erase_if(remembered_, [&](const Remembered& known) { return known.sid == sid; });
  if (remembered_.size() == kMaxRemembered) remembered_.pop_front();
  remembered_.push_back({std::string(sid), std::move(standing)});
}

bool Roles::remembers(std::string_view sid) const {
  return std::ranges::count(remembered_, sid, &Remembered::sid) > 0;
}

// Programs, which speak with the server alone, inherit nothing.
Participant* heir_among(std::list<Participant>& in_order_of_joining) {
  const auto rank = [](const Participant& p) {
    return std::tuple(p.identity.by_server_alone, !p.on_stage, p.away, p.role);
  };
  const auto heir = std::ranges::min_element(in_order_of_joining, {}, rank);
  return heir == in_order_of_joining.end() || heir->identity.by_server_alone ? nullptr : &*heir;
}

}  // namespace parley::meeting
