#include "sfu/router.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/prefetch.h"
#include "rtp/extension_values.h"

namespace parley::sfu {

Router::Router(RoomId id, const Config& config, const Surroundings& around)
    : id_(id),
      config_(config),
      awake_(around.awake),
      outbox_(around.outbox),
      pool_(around.pool),
      speakers_(config.speakers) {}

// --- Members

void Router::add(Time now, Member& member) {
  member.participant->downlink().member = &member;
  add_slots(member);
  member.number = member.participant->id();
  own_published(member);
  member.router = this;
  members_.push_back(&member);
  tell_people();
  const bool is_new = by_id_.emplace(member.id(), &member).second;
  PARLEY_ASSERT(is_new);
  start_stopped(now, tiles_of(member));
}

void Router::add_slots(Member& member) {
  const Downlink& downlink = member.participant->downlink();
  for (std::size_t i = member.slots.size(); i < downlink.slots(); ++i) {
    (downlink.slot_config(i).video ? member.video_slots : member.audio_slots).push_back(i);
  }
  member.slots.resize(downlink.slots());
  if (!member.connected) return;
  member.plan_due = true;
  plans_due_ = true;
}

void Router::own_published(Member& member) {
  for (std::size_t i = 0; i < kSources; ++i) {
    member.published[i].by = &member;
    member.published[i].source = static_cast<Source>(i);
  }
}

void Router::remove(Time now, Member& member) {
  for (Published& published : member.published) unpublish(now, published);
  for (std::size_t place = 0; place < member.slots.size(); ++place) clear(member, place);
  speakers_.remove(now, member.id());
  std::erase(members_, &member);
  by_id_.erase(member.id());
  if (member.known_elsewhere) tell_nodes(member.id(), relay::Gone{});
  tell_people();
}

void Router::handle_connected(Time, Member& member) {
  member.connected = true;
  member.plan_due = true;
  plans_due_ = true;
}

void Router::set_view(Time, Member& member, View view) {
  if (view && view->size() > config_.max_tiles) view->resize(config_.max_tiles);
  member.view = std::move(view);
  member.plan_due = true;
  plans_due_ = true;
}

void Router::set_one_stream(Member& member, std::optional<codec::PictureSize> size) {
  member.one_stream = size;
  member.plan_due = true;
  plans_due_ = true;
}

void Router::set_permitted(Time now, Member& member, std::span<const Source> sources) {
  Uplink& uplink = member.participant->uplink();
  bool changed = false;
  for (Published& published : member.published) {
    const bool permitted = std::ranges::find(sources, published.source) != sources.end();
    bool& before = member.permitted[std::to_underlying(published.source)];
    changed = std::exchange(before, permitted) != permitted || changed;
    uplink.set_permitted(published.source, permitted);
    if (!permitted) unpublish(now, published);
  }
  if (!changed) return;
  plan_viewers_of(member);
  // Who comes in and may send nothing, as a thousand of an audience may not, is nobody to others.
  member.known_elsewhere |= member.connected || !sources.empty();
  if (member.known_elsewhere) tell_nodes(member.id(), relay::Permitted{member.permitted});
}

// What is switched off is told in the quality of those who would see it.
void Router::plan_viewers_of(const Member& member) {
  for (Member* const viewer : members_) {
    const auto is_of = [&](const Tile& tile) { return tile.participant == member.id(); };
    if (!viewer->view || std::ranges::none_of(*viewer->view, is_of)) continue;
    viewer->plan_due = true;
    plans_due_ = true;
  }
}

// --- Packets

void Router::handle_packet(Time now, Member& member, Publication& publication,
                           const PacketRef& packet) {
  Published& published = member.of(publication.config().source);
  if (!published.is_there()) publish(now, member, publication);
  published.heard = now;
  if (published.source == Source::kMicrophone && !member.mix) {
    hear(now, member, packet);
  } else if (is_video(published.source) && !published.layers.comes(packet->encoding)) {
    look_soon(now);
  }
  if (!links_.empty() && !member.is_relayed()) relay(published, packet);
  if (publication.subscribers().empty()) return;
  if (handed_out_) forward(now);  // What came before, to those who have not forwarded it yet.
  if (arrived_.empty()) awake_.forwarding.push_back(this);
  if (publication.arrived().empty()) arrived_.push_back(&publication);
  publication.arrived().push_back(packet);
}

void Router::hand_out() {
  if (std::exchange(handed_out_, true)) return;
  for (Publication* const publication : arrived_) {
    const auto& subscribers = publication->subscribers();
    for (std::size_t i = 0; i < subscribers.size(); ++i) {
      constexpr std::size_t kAhead = 8;
      if (i + kAhead < subscribers.size()) prefetch(subscribers[i + kAhead].downlink, 1);
      subscribers[i].downlink->note_arrived(subscribers[i].slot);
      awake_.list(*subscribers[i].downlink);
    }
  }
}

void Router::forget_arrived() {
  for (Publication* const publication : arrived_) publication->arrived().clear();
  arrived_.clear();
  handed_out_ = false;
}

// What has come goes to all who show it before anything else happens.
void Router::forward(Time now) {
  hand_out();
  for (Publication* const publication : arrived_) {
    for (const auto& [downlink, slot] : publication->subscribers()) downlink->forward_arrived(now);
  }
  forget_arrived();
}

void Router::hear(Time now, const Member& member, const PacketRef& packet) {
  const auto level = rtp::read_audio_level(packet->audio_level);
  level ? speakers_.handle_level(now, member.id(), *level)
        : speakers_.handle_unmeasured(now, member.id());
}

// --- Publications

void Router::publish(Time now, Member& member, Publication& publication) {
  Published& published = member.of(publication.config().source);
  const std::size_t encodings =
      std::min(publication.config().encodings.size(), LayerDemand::kMaxEncodings);
  published.publication = &publication;
  // Whoever was told to stop an encoding knows it still when he comes back.
  if (!published.was_there) {
    const bool is_spare = member.mix && member.mix->spare;
    published.demand = is_spare ? LayerDemand::of_none(encodings, config_.stop_patience)
                                : LayerDemand(encodings, config_.stop_patience);
  }
  published.was_there = true;
  published_.push_back(&published);
  if (!member.is_relayed()) {
    member.known_elsewhere = true;
    tell_nodes(member.id(), track_of(published));
  }
  look_soon(now);
  member.mix ? mix_changed(now, *member.mix) : plan_all();
}

void Router::unpublish(Time now, Published& published) {
  if (!published.is_there()) return;
  forward(now);
  Publication& publication = *published.publication;
  while (!publication.subscribers().empty()) {
    const auto [downlink, slot] = publication.subscribers().back();
    clear(*downlink->member, slot);
  }
  published.publication = nullptr;
  published.layers = {};
  for (Published::Relayed& relayed : published.relayed) relayed.flows = 0;
  if (!published.by->is_relayed()) {
    tell_nodes(published.by->id(), relay::TrackEnded{published.source});
  }
  std::erase(published_, &published);
  if (published.source == Source::kMicrophone) speakers_.remove(now, published.by->id());
  published.by->mix ? mix_changed(now, *published.by->mix) : plan_all();
}

Published* Router::find(const Track& track) {
  const auto member = by_id_.find(track.participant);
  if (member == by_id_.end()) return nullptr;
  Published& published = member->second->of(track.source);
  return published.is_there() ? &published : nullptr;
}

// --- Time

void Router::handle_timeout(Time now) {
  if (speakers_.next_deadline() <= now) {
    speakers_.handle_timeout(now);
    if (speakers_.heard() != planned_voices_) plan_voices();
    if (speakers_.speaking() != told_speakers_) {
      told_speakers_ = speakers_.speaking();
      outputs_.push_back(SpeakersChanged{.room = id_, .speakers = told_speakers_});
    }
  }
  if (look_at_ <= now) look(now);
  if (relay_due_ <= now) ask_nodes(now);
}

Time Router::next_deadline() const {
  return std::min({speakers_.next_deadline(), look_at_, relay_due_});
}

// It may have something to ask for, or its node has.
void Router::wake(Member& publisher) {
  if (publisher.is_relayed()) {
    relay_due_ = kAtOnce;
  } else {
    awake_.due.push_back(&publisher);
  }
}

void Router::look_soon(Time now) {
  const bool too_soon = looked_at_ != kAtOnce && now - looked_at_ < config_.min_look_interval;
  look_at_ = std::min(look_at_, too_soon ? looked_at_ + config_.min_look_interval : now);
}

// At the layers that there are, at who needs them, and at what is silent.
void Router::look(Time now) {
  looked_at_ = now;
  look_at_ = kNever;
  const std::vector<Published*> all = published_;
  for (Published* const published : all) {
    if (published->source == Source::kMicrophone) continue;
    look_at_ = now + config_.look_interval;
    const bool wanted = !is_video(published->source) || published->demand.told() != 0;
    if (wanted && now - published->heard > config_.silence) {
      unpublish(now, *published);
      continue;
    }
    if (!is_video(published->source)) continue;
    Publication& publication = *published->publication;
    const bool others = published->layers.update(now, publication.layers(now),
                                                 published->demand.told(), publication.order());
    const bool reordered = publication.update_order(published->layers.all());
    if (reordered || others) choose_anew(now, publication);
    if (reordered && !published->by->is_relayed()) {
      tell_nodes(published->by->id(), relay::Order{published->source, publication.order()});
    }
    update_demand(now, *published);
    if (published->by->mix) tell_budgets(now, *published);
  }
}

// For all who watch it: its layers are others, or mean something else.
void Router::choose_anew(Time now, Publication& publication) {
  for (const auto& [downlink, slot] : publication.subscribers()) {
    Member& viewer = *downlink->member;
    viewer.allocate_at = now;
    awake_.due.push_back(&viewer);
  }
}

void Router::settle(Time now) {
  if (look_at_ <= now) look(now);
  if (std::exchange(plans_due_, false)) plan_due(now);
}

}  // namespace parley::sfu
