// Which slot of whom shows what.
#include <algorithm>
#include <utility>

#include "sfu/router.h"

namespace parley::sfu {

void Router::plan_all() {
  for (Member* const member : members_) member->plan_due = true;
  plans_due_ = true;
}

// Where only their order is another, who hears all of them notices nothing.
void Router::plan_voices() {
  const auto& heard = speakers_.heard();
  const bool are_same = std::ranges::is_permutation(heard, planned_voices_);
  planned_voices_ = heard;
  for (Member* const member : members_) {
    if (are_same && member->audio_slots.size() >= heard.size()) continue;
    member->plan_due = true;
    plans_due_ = true;
  }
}

void Router::plan_due(Time now) {
  for (Member* const member : members_) {
    if (member->connected && std::exchange(member->plan_due, false)) plan(now, *member);
  }
}

void Router::plan(Time now, Member& member) {
  std::vector<Tile> tiles = tiles_of(member);
  std::vector<Track> pictures;
  for (const Tile& tile : tiles) pictures.push_back({tile.participant, tile.source});
  SlotsChanged changed{.participant = member.id()};
  plan_kind(member, member.audio_slots, voices_for(member), changed.slots);
  plan_kind(member, member.video_slots, pictures, changed.slots);
  order_tiles(member, tiles);
  if (!changed.slots.empty()) outputs_.push_back(std::move(changed));
  allocate(now, member);
}

void Router::plan_kind(Member& member, const std::vector<std::size_t>& places,
                       std::span<const Track> wanted, std::vector<SlotShows>& changed) {
  std::vector<std::optional<Track>> current;
  for (const std::size_t place : places) current.push_back(member.slots[place].shows);
  const auto planned = plan_slots(current, wanted);
  for (std::size_t i = 0; i < places.size(); ++i) {
    Member::Slot& slot = member.slots[places[i]];
    if (planned[i] != slot.shows) show(member, places[i], planned[i]);
    if (slot.shows == slot.told) continue;
    slot.told = slot.shows;
    SlotShows& told = changed.emplace_back();
    told.mid = member.participant->downlink().slot_config(places[i]).mid;
    if (!slot.shows) continue;
    told.source = slot.shows->source;
    told.mix = find(*slot.shows)->by->mix.has_value();
    if (!told.mix) told.participant = slot.shows->participant;
  }
}

void Router::show(Member& member, std::size_t place, const std::optional<Track>& track) {
  clear(member, place);
  Published* const published = track ? find(*track) : nullptr;
  if (published == nullptr) return;
  Downlink& downlink = member.participant->downlink();
  Subscription& subscription = downlink.slot(place);
  if (!subscription.show(published->publication)) {  // It could not decode it.
    subscription.show(nullptr);
    return;
  }
  published->publication->subscribers().push_back({&downlink, place});
  member.slots[place].shows = track;
  member.slots[place].fresh = is_video(track->source);
  if (!is_video(track->source)) subscription.set_target(LayerTarget{});  // Sound has one layer.
}

void Router::clear(Member& member, std::size_t place) {
  Downlink& downlink = member.participant->downlink();
  Subscription& subscription = downlink.slot(place);
  if (Publication* const shown = subscription.shown()) {
    std::erase(shown->subscribers(), Publication::Subscriber{&downlink, place});
    subscription.show(nullptr);
    subscription.set_target(std::nullopt);
  }
  Member::Slot& slot = member.slots[place];
  slot.shows.reset();
  slot.fresh = false;
  slot.needs = 0;
  slot.waits_since.reset();
  std::erase(member.tile_order, place);
}

// What is mixed for it; nothing where that is not wanted, or not there, or nothing that it decodes.
const Published* Router::mix_for(const Member& member, Source source) const {
  const Published* found = nullptr;
  const auto& places = is_video(source) ? member.video_slots : member.audio_slots;
  if (!member.one_stream || places.empty()) return found;
  const Subscription& slot = member.participant->downlink().slot(places.front());
  for (const Published* const published : published_) {
    if (!published->by->mix || published->source != source) continue;
    if (!slot.takes(*published->publication)) continue;
    if (published->by->mix->spare && found != nullptr) continue;
    const ParticipantId without = published->by->mix->without;
    if (without == member.id()) return published;
    if (without == ParticipantId{}) found = published;
  }
  return found;
}

// Of those in the view, who is there; without a view everyone, screens first. Nobody sees himself.
std::vector<Tile> Router::tiles_of(const Member& member) const {
  if (const Published* const mix = mix_for(member, Source::kCamera)) {
    return {{mix->by->id(), Source::kCamera, *member.one_stream}};
  }
  std::vector<Tile> tiles;
  const auto add = [&](const Tile& tile) {
    const bool twice = std::ranges::any_of(tiles, [&](const Tile& other) {
      return other.participant == tile.participant && other.source == tile.source;
    });
    if (tile.participant != member.id() && is_video(tile.source) && !twice) tiles.push_back(tile);
  };
  if (member.view) {
    for (const Tile& tile : *member.view) {
      const auto by = by_id_.find(tile.participant);
      if (by != by_id_.end() && by->second->of(tile.source).is_there()) add(tile);
    }
    return tiles;
  }
  for (const Source source : {Source::kScreen, Source::kCamera}) {
    for (const Published* const published : published_) {
      if (tiles.size() == member.video_slots.size()) return tiles;
      if (published->by->mix) continue;
      if (published->source == source) add({published->by->id(), source, config_.tile});
    }
  }
  return tiles;
}

std::vector<Track> Router::voices_for(const Member& member) const {
  if (const Published* const mix = mix_for(member, Source::kMicrophone)) {
    return {{mix->by->id(), Source::kMicrophone}};
  }
  std::vector<Track> screens;
  std::vector<Track> voices;
  for (const Published* const published : published_) {
    const ParticipantId id = published->by->id();
    if (id == member.id() || published->by->mix) continue;
    if (published->source == Source::kScreenAudio) screens.push_back({id, published->source});
    if (published->source == Source::kMicrophone) voices.push_back({id, published->source});
  }
  const std::size_t places = member.audio_slots.size();
  if (screens.size() + voices.size() > places) {
    const auto rank = [&](const Track& voice) {
      return std::ranges::find(speakers_.heard(), voice.participant) - speakers_.heard().begin();
    };
    const auto unheard = static_cast<std::ptrdiff_t>(speakers_.heard().size());
    std::erase_if(voices, [&](const Track& voice) { return rank(voice) == unheard; });
    std::ranges::sort(voices, {}, rank);
  }
  // Several screens' sounds leave room for voices, and in the only place a voice comes first.
  const std::size_t before = std::min<std::size_t>(screens.size(), places > 1 ? 1 : 0);
  voices.insert(voices.begin(), screens.begin(),
                screens.begin() + static_cast<std::ptrdiff_t>(before));
  voices.insert(voices.end(), screens.begin() + static_cast<std::ptrdiff_t>(before), screens.end());
  return voices;
}

// `tiles` has the order; whatever has no slot is left out.
void Router::order_tiles(Member& member, std::span<const Tile> tiles) {
  member.tile_order.clear();
  for (const Tile& tile : tiles) {
    const Track track{tile.participant, tile.source};
    for (const std::size_t place : member.video_slots) {
      if (member.slots[place].shows != track) continue;
      member.slots[place].tile = tile.size;
      member.tile_order.push_back(place);
    }
  }
}

}  // namespace parley::sfu
