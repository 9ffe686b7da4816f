// Which layers go where, and which are needed at all.
#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "sfu/ladder.h"
#include "sfu/router.h"

namespace parley::sfu {
namespace {

// So many times the link's share for pictures, and there is no waiting for a key frame.
constexpr double kFlood = 1.5;

EncodingSet bit_of(std::size_t encoding) {
  return EncodingSet{1} << encoding;
}

double in_bps(DataRate rate) {
  return static_cast<double>(rate.in_bps());
}

bool has_moved(DataRate from, DataRate to, double step) {
  return std::abs(in_bps(to) - in_bps(from)) > step * in_bps(from);
}

// Whether one would be told of it: not of every kilobit.
bool is_other(const TileQuality& a, const TileQuality& b) {
  return a.mid != b.mid || a.participant != b.participant || a.source != b.source ||
         a.size != b.size || a.limit != b.limit || a.paused != b.paused ||
         has_moved(a.rate, b.rate, 0.25) || std::abs(a.frames_per_second - b.frames_per_second) > 3;
}

// A larger encoding that nobody has seen yet may be just what the tile lacks; while no two have
// been seen, it is not even known which are larger. The smallest of a camera costs its publisher
// little: it goes on, for whose link becomes narrow from one moment to the next could not wait for
// an encoder to begin.
EncodingSet needs_of(const Published& published, const Choice& ideal) {
  if (!ideal.target) return 0;
  const EncodingOrder& order = published.publication->order();
  const EncodingSet known = published.layers.known_encodings();
  EncodingSet needs = bit_of(ideal.target->encoding);
  if (published.publication->config().source == Source::kCamera) needs |= bit_of(order.smallest());
  const EncodingSet larger = order.larger_than(ideal.target->encoding);
  const bool is_largest = (known & larger) == 0;
  if (is_largest && ideal.limit == Limit::kSender) needs |= larger;
  if (!published.by->mix && std::popcount(known) < 2) needs |= ~known;
  return needs;
}

// What a viewer's link carries, and their tile shows, would be smoother or larger if the mixer of
// it had the time.
Limit limit_of(const Published& published, Limit chosen) {
  const bool is_whole = chosen == Limit::kNone || chosen == Limit::kTile;
  return published.reduced && is_whole ? Limit::kServer : chosen;
}

}  // namespace

void Router::handle_feedback(Time now, Member& member) {
  const DataRate estimate = member.participant->downlink().estimate();
  if (has_moved(member.allocated_for, estimate, config_.estimate_step)) allocate(now, member);
  wake_publishers(member);
  if (!links_.empty()) relay_reports(member);
}

void Router::handle_timeout(Time now, Member& member) {
  if (member.allocate_at <= now) allocate(now, member);
}

// Shares the member's link among its tiles. What a tile would get, were everything sent that was
// sent once, says what is needed; what it gets is chosen from what comes.
void Router::allocate(Time now, Member& member) {
  if (!member.connected) return;
  Downlink& downlink = member.participant->downlink();
  if (!arrived_.empty()) {  // It goes by what was chosen when it came.
    downlink.forward_all_arrived(now);
    awake_.list(downlink);
  }
  member.allocate_at = now + config_.allocation_interval;
  awake_.due.push_back(&member);
  member.allocated_for = downlink.estimate();
  const auto wants = wants_of(member, false);
  Budget budget{downlink.video_budget()};
  if (downlink.may_carry_more(now)) budget.to_keep = DataRate::infinite();
  budget.is_firm = update_shortage(now, member, budget, wants);
  const auto choices = sfu::allocate(budget, wants);
  const bool stopped = std::ranges::any_of(member.tile_order, [&](std::size_t place) {
    return find(*member.slots[place].shows)->layers.has_stopped();
  });
  const auto all_wants = stopped ? wants_of(member, true) : wants;
  const auto ideal = stopped ? sfu::allocate(budget, all_wants) : choices;
  const bool is_flooded = shown_rate(member) > budget.to_keep * kFlood;
  for (std::size_t i = 0; i < member.tile_order.size(); ++i) {
    apply(now, member, member.tile_order[i], choices[i], ideal[i], is_flooded);
  }
  downlink.set_desired(now, desired(member, all_wants));
  downlink.ask_for_key_frames(now);
  wake_publishers(member);
  tell_quality(now, member);
}

// Notes since when the link carries less than the least that the first tile can show. Whether it
// has for a while: then that would only be in the way of sound.
bool Router::update_shortage(Time now, Member& member, const Budget& budget,
                             std::span<const Want> wants) const {
  const auto first =
      std::ranges::find_if(wants, [](const Want& want) { return !want.layers.empty(); });
  const bool is_short = member.participant->downlink().has_found_limit() && first != wants.end() &&
                        !sfu::allocate(budget, std::span(first, 1)).front().target;
  if (!is_short) {
    member.short_since.reset();
    return false;
  }
  if (!member.short_since) member.short_since = now;
  return now - *member.short_since >= config_.pause_patience;
}

// `remembered`: with the layers that were stopped.
std::vector<Want> Router::wants_of(Member& member, bool remembered) {
  std::vector<Want> wants;
  for (const std::size_t place : member.tile_order) {
    const Member::Slot& slot = member.slots[place];
    const Published& published = *find(*slot.shows);
    const KnownLayers& layers = published.layers;
    wants.push_back({.layers = remembered ? layers.all() : layers.active(),
                     .order = published.publication->order(),
                     .tile = slot.tile,
                     .screen = slot.shows->source == Source::kScreen,
                     .current = member.participant->downlink().slot(place).target()});
  }
  return wants;
}

// What probing may go up to. A mix costs what its viewers' links carry, so it could never cost more
// again if these were not looked for more.
DataRate Router::desired(Member& member, std::span<const Want> wants) {
  DataRate sum = desired_rate(wants);
  for (std::size_t i = 0; i < wants.size(); ++i) {
    const Published& published = *find(*member.slots[member.tile_order[i]].shows);
    const Ladder ladder(wants[i]);
    if (!published.by->mix || ladder.rungs().empty()) continue;
    const Ladder::Rung& top = ladder.rungs().back();
    if (top.target.encoding >= published.most.size()) continue;
    const DataRate most = published.most[top.target.encoding];
    if (most > top.rate) sum = sum + (most - top.rate);
  }
  return sum;
}

// What the member's pictures cost at the moment.
DataRate Router::shown_rate(Member& member) {
  DataRate sum;
  for (const std::size_t place : member.tile_order) {
    const auto current = member.participant->downlink().slot(place).current();
    const Layer* const layer =
        current ? find(*member.slots[place].shows)->layers.find(*current) : nullptr;
    if (layer != nullptr) sum = sum + layer->rate;
  }
  return sum;
}

// A smaller encoding that nobody needed does not come yet. For a while it is waited for, rather
// than showing what the link does not carry.
bool Router::waits_for(Time now, Member::Slot& slot, const Choice& choice, const Choice& ideal) {
  const EncodingOrder& order = find(*slot.shows)->publication->order();
  const bool is_smaller =
      ideal.target &&
      (!choice.target || order.is_smaller(ideal.target->encoding, choice.target->encoding));
  if (!is_smaller) {
    slot.waits_since.reset();
    return false;
  }
  if (!slot.waits_since) slot.waits_since = now;
  return now - *slot.waits_since < config_.start_patience;
}

// `is_flooded`: what the member's slots show is far more than its link carries. What is to become
// less then ends at once: it would only delay what comes instead, and sound.
void Router::apply(Time now, Member& member, std::size_t place, const Choice& chosen,
                   const Choice& ideal, bool is_flooded) {
  Member::Slot& slot = member.slots[place];
  Published& published = *find(*slot.shows);
  Downlink& downlink = member.participant->downlink();
  Subscription& subscription = downlink.slot(place);
  const Choice& choice = waits_for(now, slot, chosen, ideal) ? ideal : chosen;
  const auto shown = subscription.current();
  subscription.set_target(choice.target);
  const EncodingOrder& order = published.publication->order();
  const bool is_less =
      shown && (!choice.target || order.is_smaller(choice.target->encoding, shown->encoding));
  if (is_flooded && is_less) downlink.give_up_picture(now, place);
  if (choice.target && std::exchange(slot.fresh, false)) replay(now, downlink, place);

  slot.needs = needs_of(published, ideal);
  // Nothing has come of it yet, or not for long: then all of it is welcome.
  if (published.layers.all().empty()) slot.needs = ~EncodingSet{0};
  if (subscription.current()) slot.needs |= bit_of(subscription.current()->encoding);
  if (published.demand.start(slot.needs)) {
    published.heard = now;  // It has to answer first.
    tell_layers(published);
  }

  const Layer* const layer = choice.target ? published.layers.find(*choice.target) : nullptr;
  slot.quality = {.mid = downlink.slot_config(place).mid,
                  .participant = published.by->mix ? ParticipantId{} : slot.shows->participant,
                  .source = slot.shows->source,
                  .size = layer == nullptr ? codec::PictureSize{} : layer->size,
                  .frames_per_second = layer == nullptr ? 0 : layer->frames_per_second,
                  .rate = choice.rate,
                  .limit = limit_of(published, choice.limit),
                  .paused = !choice.target};
}

// Whoever is new sees the last key frame at once, and what came after it.
void Router::replay(Time now, Downlink& downlink, std::size_t slot) {
  Subscription& subscription = downlink.slot(slot);
  const auto encoding = subscription.wants_key_frame();
  if (!encoding) return;
  for (const PacketRef& packet : subscription.shown()->since_key_frame(now, *encoding)) {
    auto forwarded = subscription.forward(now, packet);
    if (forwarded) downlink.push(now, slot, *std::move(forwarded));
  }
  awake_.list(downlink);
}

// What the member sees may have been asked for a key frame.
void Router::wake_publishers(Member& member) {
  Downlink& downlink = member.participant->downlink();
  if (!downlink.take_asked()) return;
  for (const std::size_t place : member.video_slots) {
    const Publication* const shown = downlink.slot(place).shown();
    if (shown != nullptr && shown->next_deadline() != kNever) {
      wake(*find(*member.slots[place].shows)->by);
    }
  }
}

void Router::tell_quality(Time now, Member& member) {
  QualityChanged quality{.participant = member.id(), .estimate = member.allocated_for};
  for (const std::size_t place : member.tile_order) {
    quality.tiles.push_back(member.slots[place].quality);
  }
  if (member.view && !member.one_stream) {
    for (const Tile& tile : *member.view) {
      const auto by = by_id_.find(tile.participant);
      if (by == by_id_.end() || by->second->is_permitted(tile.source)) continue;
      quality.tiles.push_back({.participant = tile.participant,
                               .source = tile.source,
                               .limit = Limit::kPolicy,
                               .paused = true});
    }
  }
  const QualityChanged& told = member.told_quality;
  const auto is_same = [](const TileQuality& a, const TileQuality& b) { return !is_other(a, b); };
  if (!has_moved(told.estimate, quality.estimate, 0.1) &&
      std::ranges::equal(quality.tiles, told.tiles, is_same)) {
    return;
  }
  if (member.quality_told_at != kAtOnce &&
      now - member.quality_told_at < config_.quality_interval) {
    return;  // The next time, then.
  }
  member.quality_told_at = now;
  member.told_quality = quality;
  outputs_.push_back(std::move(quality));
}

// --- What publishers are told

// An encoder needs a moment to begin: cameras that nobody saw until now do so while the newcomer
// connects.
void Router::start_stopped(Time now, std::span<const Tile> tiles) {
  for (const Tile& tile : tiles) {
    Published& published = *find({tile.participant, tile.source});
    if (published.demand.told() != 0) continue;
    published.heard = now;  // It has to answer first.
    if (published.demand.start(~EncodingSet{0})) tell_layers(published);
  }
}

void Router::update_demand(Time now, Published& published) {
  EncodingSet needed = needed_elsewhere(published);
  for (const auto& [downlink, slot] : published.publication->subscribers()) {
    needed |= downlink->member->slots[slot].needs;
  }
  if (published.demand.update(now, needed)) tell_layers(published);
}

void Router::tell_layers(const Published& published) {
  if (published.by->is_relayed()) {
    return tell_node(static_cast<const RelayedPublisher&>(*published.by).home, published.by->id(),
                     relay::Needs{published.source, published.demand.told()});
  }
  LayersWanted wanted{.participant = published.by->id(), .source = published.source};
  const auto& encodings = published.publication->config().encodings;
  for (std::size_t i = 0; i < encodings.size() && i < LayerDemand::kMaxEncodings; ++i) {
    if ((published.demand.told() & bit_of(i)) != 0) wanted.rids.push_back(encodings[i].rid);
  }
  outputs_.push_back(std::move(wanted));
}

}  // namespace parley::sfu
