#include "meeting/audience.h"

#include "meeting/names.h"

namespace parley::meeting {
namespace {

AudienceMember member_of(const Participant& who) {
  return {.sid = who.sid,
          .name = who.name,
          .account = static_cast<bool>(who.identity.user),
          .hand = {who.hand},
          .away = who.away,
          .joined_at = as_number(who.joined_at)};
}

}  // namespace

void Audience::add(Participant& who) {
  who.place = ++last_place_;
  by_place_.emplace(who.place, &who);
  if (who.hand) by_hand_.emplace(*who.hand, &who);
}

void Audience::remove(const Participant& who) {
  by_place_.erase(who.place);
  if (who.hand) by_hand_.erase(*who.hand);
}

void Audience::hand_changed(const Participant& who, const std::optional<std::int64_t>& before) {
  if (before) by_hand_.erase(*before);
  if (who.hand) by_hand_.emplace(*who.hand, &who);
}

AudienceSize Audience::counts() const {
  return {.count = static_cast<std::int64_t>(by_place_.size()),
          .hands = static_cast<std::int64_t>(by_hand_.size())};
}

std::vector<AudienceMember> Audience::raised() const {
  std::vector<AudienceMember> raised;
  for (const auto& [hand, who] : by_hand_) {
    if (raised.size() == kMaxRaised) break;
    raised.push_back(member_of(*who));
  }
  return raised;
}

RosterReply Audience::page(const ReadRoster& read) const {
  const auto limit = static_cast<std::size_t>(read.limit.value_or(ReadRoster::kUsualPage));
  const std::string search = folded(read.search.value_or(""));
  RosterReply page{.count = counts().count};
  for (auto it = by_place_.upper_bound(read.after.value_or(0)); it != by_place_.end(); ++it) {
    const Participant& who = *it->second;
    if (!search.empty() && folded(who.name).find(search) == std::string::npos) continue;
    if (page.people.size() == limit) {
      page.next = {std::prev(it)->first};
      break;
    }
    page.people.push_back(member_of(who));
  }
  return page;
}

}  // namespace parley::meeting
