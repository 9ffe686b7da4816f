// A room that several nodes carry: what this one tells the others, and what they tell it.
#include <algorithm>
#include <utility>

#include "base/overloaded.h"
#include "rtp/key_frame_requests.h"
#include "sfu/add_counts.h"
#include "sfu/ladder.h"
#include "sfu/relayed_publisher.h"
#include "sfu/router.h"

namespace parley::sfu {
namespace {

// While a key frame is as young, no other is asked for.
constexpr Duration kYoung = rtp::KeyFrameRequests::Config{}.min_interval;

}  // namespace

// --- To the others

void Router::link(NodeId node) {
  if (find_link(node) != nullptr) return;
  links_.push_back({.node = node});
  tell_node(node, {}, listening());
  tell_all(node);
}

// Who publishes what here.
void Router::tell_all(NodeId node) {
  for (const Member* const member : members_) {
    if (member->known_elsewhere && !std::ranges::all_of(member->permitted, std::identity())) {
      tell_node(node, member->id(), relay::Permitted{member->permitted});
    }
  }
  for (const Published* const published : published_) {
    if (!published->by->is_relayed()) tell_node(node, published->by->id(), track_of(*published));
  }
}

void Router::tell_people() {
  const std::size_t people = members_.size();
  const std::size_t moved = std::max(people, told_people_) - std::min(people, told_people_);
  const bool begins_or_ends = (people == 0) != (told_people_ == 0);
  if (!begins_or_ends && moved < std::max(config_.people_step, told_people_ / 8)) return;
  told_people_ = people;
  tell_nodes({}, listening());
}

relay::Listening Router::listening() const {
  return {.listening = !members_.empty(), .people = told_people_};
}

std::size_t Router::others() const {
  std::size_t people = members_.size();
  for (const Link& link : links_) people += link.people;
  return people - 1;
}

void Router::relay_message(const relay::Message& message) {
  tell_nodes({}, message);
}

relay::Track Router::track_of(const Published& published) {
  const Publication::Config& config = published.publication->config();
  return {.source = config.source,
          .encodings = config.encodings,
          .codecs = config.codecs,
          .extensions = config.extensions,
          .order = published.publication->order()};
}

// Once for each node where somebody needs it.
void Router::relay(Published& published, const PacketRef& packet) {
  published.relayed.resize(links_.size());
  for (std::size_t i = 0; i < links_.size(); ++i) relay(published, packet, i, std::nullopt);
}

void Router::relay(Published& published, const PacketRef& packet, std::size_t link,
                   std::optional<Time> arrived) {
  Published::Relayed& relayed = published.relayed[link];
  const EncodingSet bit = EncodingSet{1} << packet->encoding;
  if (!links_[link].listening || (relayed.needs & bit) == 0) return;
  const bool begins = (std::exchange(relayed.flows, relayed.flows | bit) & bit) == 0;
  outbox_.add_packet(links_[link].node, id_, published.by->id(),
                     {.source = published.source,
                      .encoding = packet->encoding,
                      .repaired = packet->repaired,
                      .begins = begins,
                      .arrived = arrived},
                     packet->bytes());
}

// What came since the last key frame, for a node that is new to it. An old one is left out: a new
// one is soon there then.
void Router::replay(Time now, Published& published, std::size_t link, EncodingSet encodings) {
  const Publication& publication = *published.publication;
  for (std::size_t i = 0; i < publication.config().encodings.size(); ++i) {
    if ((encodings >> i & 1) == 0) continue;
    const std::vector<PacketRef> packets = publication.since_key_frame(now, i);
    if (packets.empty() || now - packets.front()->arrived > kYoung) continue;
    for (const PacketRef& packet : packets) relay(published, packet, link, packet->arrived);
  }
}

// The member has said something; it may have been what its clock says.
void Router::relay_reports(Member& member) {
  for (Published& published : member.published) {
    if (!published.is_there()) continue;
    for (std::size_t i = 0; i < published.reported.size(); ++i) {
      const auto report = published.publication->last_report(i);
      if (!report || published.reported[i] == report->ntp) continue;
      published.reported[i] = report->ntp;
      tell_nodes(member.id(), relay::Report{.source = published.source,
                                            .encoding = static_cast<std::uint8_t>(i),
                                            .ntp = report->ntp,
                                            .timestamp = report->timestamp});
    }
  }
}

EncodingSet Router::needed_elsewhere(const Published& published) const {
  EncodingSet needed = 0;
  for (std::size_t i = 0; i < published.relayed.size(); ++i) {
    if (links_[i].listening) needed |= published.relayed[i].needs;
  }
  return needed;
}

void Router::tell_node(NodeId node, ParticipantId publisher, decltype(RelayMessage::what) what) {
  outbox_.add(node, {.room = id_, .publisher = publisher, .what = std::move(what)});
}

void Router::tell_nodes(ParticipantId publisher, const decltype(RelayMessage::what)& what) {
  for (const Link& link : links_) tell_node(link.node, publisher, what);
}

Router::Link* Router::find_link(NodeId node) {
  const auto it = std::ranges::find(links_, node, &Link::node);
  return it == links_.end() ? nullptr : &*it;
}

// --- From the others

bool Router::handle_relayed(Time now, NodeId from, RelayMessage& message, Bytes packet) {
  link(from);  // It may have been told of us before we were told of it.
  const auto place = static_cast<std::size_t>(find_link(from) - links_.data());
  const ParticipantId who = message.publisher;
  bool taken = true;
  std::visit(overloaded{
                 [&](relay::Packet& one) { taken = on(now, from, who, one, packet); },
                 [&](relay::Track& track) { on(now, from, who, track); },
                 [&](relay::TrackEnded& ended) { on(now, from, who, ended); },
                 [&](relay::Report& report) { on(now, from, who, report); },
                 [&](relay::Order& order) { on(now, from, who, order); },
                 [&](relay::Permitted& permitted) { on(from, who, permitted); },
                 [&](relay::Rates& rates) { on(from, who, rates); },
                 [&](relay::Gone&) { remove_relayed(now, from, who); },
                 [&](relay::Message&) {},  // Of those who are here; Node knows them.
                 [&](relay::Heard&) {},    // Not for us.
                 [&](relay::Needs& needs) { on(now, place, who, needs); },
                 [&](relay::Asked& asked) { on(now, place, who, asked); },
                 [&](relay::Budgets&) {},  // For a mixer.
                 [&](relay::Listening& told) { on(now, place, told); },
             },
             message.what);
  return taken;
}

RelayedPublisher* Router::find_relayed(NodeId from, ParticipantId who) {
  const auto it = relayed_.find(who);
  return it == relayed_.end() || it->second->home != from ? nullptr : it->second.get();
}

RelayedPublisher* Router::add_relayed(NodeId from, ParticipantId who) {
  if (RelayedPublisher* const known = find_relayed(from, who)) return known;
  auto made = std::make_unique<RelayedPublisher>(who, from);
  if (!by_id_.emplace(who, made.get()).second) return nullptr;  // Somebody is here by that name.
  made->router = this;
  own_published(*made);
  return (relayed_[who] = std::move(made)).get();
}

void Router::on(Time now, NodeId from, ParticipantId who, relay::Track& track) {
  RelayedPublisher* const publisher = add_relayed(from, who);
  if (publisher == nullptr || track.encodings.empty()) return;
  publisher->mix = track.mix;
  auto& publication = publisher->publications[std::to_underlying(track.source)];
  if (!publication) {  // Else it was interrupted.
    publication = std::make_unique<Publication>(
        Publication::Config{.participant = who,
                            .source = track.source,
                            .encodings = std::move(track.encodings),
                            .codecs = std::move(track.codecs),
                            .extensions = track.extensions,
                            .timeline = track.mix ? std::optional(from.value) : std::nullopt},
        pool_, &publisher->clock);
  }
  publication->set_order(track.order);
  const bool begins = track.mix && (track.mix->spare || !is_video(track.source));
  if (begins && !publisher->of(track.source).is_there()) publish(now, *publisher, *publication);
}

// At once, not when all of the moment is known: who is to hear another mix hears its first packet,
// and none of the one before that has the same time.
void Router::mix_changed(Time now, const Mix& mix) {
  forward(now);
  for (Member* const member : members_) {
    const bool hears = mix.without == ParticipantId{} || mix.without == member->id();
    if (hears && member->one_stream && member->connected) plan(now, *member);
  }
}

void Router::on(Time now, NodeId from, ParticipantId who, const relay::TrackEnded& ended) {
  RelayedPublisher* const publisher = find_relayed(from, who);
  if (publisher == nullptr || publisher->find(ended.source) == nullptr) return;
  unpublish(now, publisher->of(ended.source));
  publisher->find(ended.source)->interrupt();
}

bool Router::on(Time now, NodeId from, ParticipantId who, const relay::Packet& packet,
                Bytes bytes) {
  RelayedPublisher* const publisher = find_relayed(from, who);
  Publication* const publication = publisher == nullptr ? nullptr : publisher->find(packet.source);
  const auto view = rtp::PacketView::parse(bytes);
  if (publication == nullptr || !view ||
      packet.encoding >= publication->config().encodings.size()) {
    return false;
  }
  if (packet.begins) publication->interrupt(packet.encoding);
  const PacketRef kept = publication->handle_packet(std::min(packet.arrived.value_or(now), now),
                                                    *view, packet.encoding, packet.repaired);
  relay_due_ = std::min(relay_due_, publication->next_deadline());
  if (kept) handle_packet(now, *publisher, *publication, kept);
  return true;
}

void Router::on(Time now, NodeId from, ParticipantId who, const relay::Report& report) {
  RelayedPublisher* const publisher = find_relayed(from, who);
  Publication* const publication = publisher == nullptr ? nullptr : publisher->find(report.source);
  if (publication == nullptr || report.encoding >= publication->config().encodings.size()) return;
  publication->handle_sender_report(now, report.encoding,
                                    {.ntp = report.ntp, .rtp_timestamp = report.timestamp});
}

void Router::on(Time now, NodeId from, ParticipantId who, const relay::Order& order) {
  RelayedPublisher* const publisher = find_relayed(from, who);
  Publication* const publication = publisher == nullptr ? nullptr : publisher->find(order.source);
  if (publication == nullptr || publication->order() == order.order) return;
  publication->set_order(order.order);
  choose_anew(now, *publication);
}

void Router::on(NodeId from, ParticipantId who, const relay::Permitted& permitted) {
  RelayedPublisher* const publisher = add_relayed(from, who);
  if (publisher == nullptr) return;
  publisher->permitted = permitted.sources;
  plan_viewers_of(*publisher);
}

void Router::on(NodeId from, ParticipantId who, const relay::Rates& rates) {
  RelayedPublisher* const publisher = find_relayed(from, who);
  if (publisher == nullptr) return;
  Published& published = publisher->of(rates.source);
  published.most = rates.most;
  published.reduced = rates.reduced;
  for (std::size_t i = 0; i < rates.now.size(); ++i) published.layers.set_rate(i, rates.now[i]);
}

void Router::remove_relayed(Time now, NodeId from, ParticipantId who) {
  RelayedPublisher* const publisher = find_relayed(from, who);
  if (publisher == nullptr) return;
  for (Published& published : publisher->published) unpublish(now, published);
  add_counts(relayed_gone_, publisher->counters());
  by_id_.erase(who);
  relayed_.erase(who);
}

Publication::Counters Router::relayed_counters() const {
  Publication::Counters sum = relayed_gone_;
  for (const auto& [who, publisher] : relayed_) add_counts(sum, publisher->counters());
  return sum;
}

// --- What they ask of those who are here

Published* Router::find_own(ParticipantId who, Source source) {
  const auto it = by_id_.find(who);
  if (it == by_id_.end() || it->second->is_relayed()) return nullptr;
  Published& published = it->second->of(source);
  published.relayed.resize(links_.size());
  return &published;
}

void Router::on(Time now, std::size_t link, ParticipantId who, const relay::Needs& needs) {
  Published* const published = find_own(who, needs.source);
  if (published == nullptr) return;
  Published::Relayed& relayed = published->relayed[link];
  const EncodingSet begin = needs.encodings & ~std::exchange(relayed.needs, needs.encodings);
  relayed.flows &= needs.encodings;
  if (!published->is_there()) return;
  if (published->demand.start(needs.encodings)) tell_layers(*published);
  replay(now, *published, link, begin);
}

void Router::on(Time now, std::size_t link, ParticipantId who, const relay::Asked& asked) {
  Published* const published = find_own(who, asked.source);
  if (published == nullptr || !published->is_there()) return;
  Publication& publication = *published->publication;
  for (const std::uint16_t number : asked.feedback.nack) {
    const PacketRef packet = publication.find_on_wire(now, asked.feedback.ssrc, number);
    if (!packet) continue;  // It has not come here, either.
    outbox_.add_packet(links_[link].node, id_, who,
                       {.source = asked.source, .encoding = packet->encoding, .repaired = true},
                       packet->bytes());
  }
  if (!asked.feedback.key_frame) return;
  for (std::size_t i = 0; i < publication.config().encodings.size(); ++i) {
    if (publication.ssrc(i) == asked.feedback.ssrc) publication.request_key_frame(now, i);
  }
  wake(*published->by);
}

void Router::on(Time now, std::size_t link, const relay::Listening& told) {
  links_[link].people = told.people;
  const bool listened = std::exchange(links_[link].listening, told.listening);
  const bool stopped = std::exchange(links_[link].stopped, !told.listening);
  if (told.listening && stopped) tell_all(links_[link].node);
  if (told.listening == listened) return;
  for (Published* const published : published_) {
    if (published->by->is_relayed()) continue;
    published->relayed.resize(links_.size());
    if (told.listening) {
      replay(now, *published, link, published->relayed[link].needs);
    } else {
      published->relayed[link].flows = 0;
    }
  }
}

// --- Time

// To its mixer: what those who watch it could be sent of it.
void Router::tell_budgets(Time now, Published& published) {
  if (now < published.budgets_told + config_.budgets_interval) return;
  published.budgets_told = now;
  relay::Budgets budgets{.source = published.source};
  for (const auto& [downlink, slot] : published.publication->subscribers()) {
    const Member& viewer = *downlink->member;
    const Ladder ladder({.layers = published.layers.all(),
                         .order = published.publication->order(),
                         .tile = viewer.slots[slot].tile});
    if (ladder.rungs().empty()) continue;
    budgets.viewers.add(ladder.rungs().back().target.encoding, downlink->video_budget());
  }
  if (budgets.viewers.empty()) return;
  tell_node(static_cast<const RelayedPublisher&>(*published.by).home, published.by->id(), budgets);
}

// What is missing, and the key frames that somebody here needs.
void Router::ask_nodes(Time now) {
  relay_due_ = kNever;
  for (const auto& [who, publisher] : relayed_) {
    for (const auto& publication : publisher->publications) {
      if (!publication) continue;
      while (auto feedback = publication->poll_feedback(now)) {
        tell_node(
            publisher->home, who,
            relay::Asked{.source = publication->config().source, .feedback = *std::move(feedback)});
      }
      relay_due_ = std::min(relay_due_, publication->next_deadline());
    }
  }
}

}  // namespace parley::sfu
