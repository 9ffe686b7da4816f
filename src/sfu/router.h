#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/deadline_queue.h"
#include "base/time.h"
#include "sfu/allocator.h"
#include "sfu/identifiers.h"
#include "sfu/member.h"
#include "sfu/relay.h"
#include "sfu/relayed_publisher.h"
#include "sfu/speakers.h"
#include "sfu/view.h"

namespace parley::sfu {

class Router;

// Who has something to do after what a room did; kept by its node.
struct Awake {
  void list(Downlink& downlink) {
    if (!std::exchange(downlink.listed, true)) sending.push_back(&downlink);
  }

  std::vector<Downlink*> sending = {};  // Each once: Downlink::listed. They have packets to send.
  std::vector<Member*> due = {};        // Their deadline has come nearer.
  std::vector<Router*> forwarding =
      {};  // Packets have come that are to go on; it may be there twice.
};

// One room: who publishes what, and which slot of whom shows it. Joins, leaves, pages, speakers and
// screen shares only remap slots here; nobody negotiates anew.
//
// Audio slots carry those that Speakers hears, the first of them where slots are fewer, but never
// one's own voice; one screen's sound has a slot before them (but not the only one), and where
// there are voices no more than slots, all have one. Video slots carry the tiles of the view, in
// its order; a tile that stays keeps its slot, so that a picture never jumps from one decoder to
// another. A view may name who is not there yet.
//
// A publication is there from its first packet on, until its source is not permitted, its publisher
// leaves, or nothing has come of it for long though it was wanted.
//
// A room may have more people than its node can carry: then others carry it, too, each some of the
// people, and each tells the others what theirs publish (link(), handle_relayed()). To a node,
// another one is a publisher like any: it is told which encodings are needed, asked for key frames
// and for what was lost, and sends each packet once, however many there are to see it.
//
// One of these may be a mixer. What it publishes is shown to who wants everyone in one stream, and
// to nobody else; it counts as nobody who speaks.
//
// After each call: settle(), once for all the calls of one moment, then take_outputs().
class Router : public Timed {
 public:
  struct Config {
    // One more than apps have audio slots: one of those who speak does not hear himself.
    Speakers::Config speakers = {.slots = 4};
    Duration allocation_interval = std::chrono::seconds{1};
    // An estimate that has moved by this share is acted on at once.
    double estimate_step = 0.1;
    Duration look_interval = std::chrono::milliseconds{250};  // At which layers there are.
    Duration min_look_interval = std::chrono::milliseconds{20};
    Duration stop_patience = std::chrono::seconds{2};  // See LayerDemand.
    // So long a publisher has for sending again what it was told to stop.
    Duration start_patience = std::chrono::seconds{2};
    Duration silence = std::chrono::seconds{10};  // After which a picture is there no more.
    // So long a link may carry less than the least of what is shown before that is paused.
    Duration pause_patience = std::chrono::seconds{3};
    codec::PictureSize tile = {640, 360};  // Without a view.
    std::size_t max_tiles = 64;            // Of a view; the rest is left out.
    Duration quality_interval = std::chrono::seconds{1};
    Duration budgets_interval = std::chrono::seconds{1};  // At which mixers hear of viewers.
    // Other nodes hear how many are here when so many came or went, or an eighth of all: whoever of
    // a thousand comes and goes is no news to them.
    std::size_t people_step = 8;
  };
  using Output = std::variant<SlotsChanged, SpeakersChanged, QualityChanged, LayersWanted>;

  // What all rooms of a node share; it outlives them.
  struct Surroundings {
    Awake& awake;
    RelayOutbox& outbox;
    PacketPool& pool;  // For what is relayed to here.
  };
  Router(RoomId id, const Config& config, const Surroundings& around);

  RoomId id() const { return id_; }
  const std::vector<Member*>& members() const { return members_; }
  std::size_t publications() const { return published_.size(); }
  // Everyone in the room but one, wherever: of other nodes about as many as there are.
  std::size_t others() const;
  // Of what is or was published elsewhere, as it came here.
  Publication::Counters relayed_counters() const;

  // Members belong to the caller, who removes them before they go. What it is to see of cameras
  // that nobody sees is asked for at once.
  void add(Time now, Member& member);
  // Its downlink may have more slots than it had.
  void add_slots(Member& member);
  void remove(Time now, Member& member);
  // Media may flow to it.
  void handle_connected(Time now, Member& member);
  void set_view(Time now, Member& member, View view);
  // Nothing: as the view says. That holds as well as long as no mixer publishes anything.
  void set_one_stream(Member& member, std::optional<codec::PictureSize> size);
  // Of who came in a moment ago: what they may, and costs the others nothing.
  void set_permitted(Time now, Member& member, std::span<const Source> sources);

  // A packet of a publication of the member's. The hot path.
  void handle_packet(Time now, Member& member, Publication& publication, const PacketRef& packet);
  // Who shows what has come is listed in Awake::sending, whose downlinks then forward it
  // (Downlink::forward_arrived()), each all of it at once.
  void hand_out();
  // All of that has been done.
  void forget_arrived();
  // The member has said how it receives.
  void handle_feedback(Time now, Member& member);

  // Node `node` carries the room, too, from now on and for as long as there is this room.
  void link(NodeId node);
  bool is_linked() const { return !links_.empty(); }
  // What another node has told, which is linked by that; `packet` is that of a relay::Packet.
  // False: it was one that nothing could be done with.
  bool handle_relayed(Time now, NodeId from, RelayMessage& message, Bytes packet);
  // A message of a member's, for those who are elsewhere.
  void relay_message(const relay::Message& message);

  // For the room, and for what is due of one member.
  void handle_timeout(Time now);
  Time next_deadline() const;
  void handle_timeout(Time now, Member& member);
  static Time next_deadline(const Member& member) { return member.allocate_at; }

  // Carries out what has become due: plans slots, shares links.
  void settle(Time now);
  std::vector<Output> take_outputs() { return std::exchange(outputs_, {}); }

 private:
  // Another node that carries the room.
  struct Link {
    NodeId node = {};
    bool listening = false;
    bool stopped = false;  // It said that it does not: it may not know what it was told.
    std::size_t people = 0;
  };

  void wake(Member& publisher);
  void forward(Time now);

  // --- Publications
  void publish(Time now, Member& member, Publication& publication);
  void unpublish(Time now, Published& published);
  void look_soon(Time now);
  void look(Time now);
  void choose_anew(Time now, Publication& publication);
  void hear(Time now, const Member& member, const PacketRef& packet);
  Published* find(const Track& track);

  // --- Other nodes (router_relay.cpp)
  static relay::Track track_of(const Published& published);
  void tell_all(NodeId node);
  void own_published(Member& member);
  void relay(Published& published, const PacketRef& packet);
  void relay(Published& published, const PacketRef& packet, std::size_t link,
             std::optional<Time> arrived);
  void replay(Time now, Published& published, std::size_t link, EncodingSet encodings);
  void relay_reports(Member& member);
  EncodingSet needed_elsewhere(const Published& published) const;
  void tell_node(NodeId node, ParticipantId publisher, decltype(RelayMessage::what) what);
  void tell_nodes(ParticipantId publisher, const decltype(RelayMessage::what)& what);
  void tell_people();
  relay::Listening listening() const;
  Link* find_link(NodeId node);
  RelayedPublisher* find_relayed(NodeId from, ParticipantId who);
  RelayedPublisher* add_relayed(NodeId from, ParticipantId who);
  void remove_relayed(Time now, NodeId from, ParticipantId who);
  Published* find_own(ParticipantId who, Source source);
  void ask_nodes(Time now);
  void on(Time now, NodeId from, ParticipantId who, relay::Track& track);
  void mix_changed(Time now, const Mix& mix);
  void on(Time now, NodeId from, ParticipantId who, const relay::TrackEnded& ended);
  bool on(Time now, NodeId from, ParticipantId who, const relay::Packet& packet, Bytes bytes);
  void on(Time now, NodeId from, ParticipantId who, const relay::Report& report);
  void on(Time now, NodeId from, ParticipantId who, const relay::Order& order);
  void on(NodeId from, ParticipantId who, const relay::Permitted& permitted);
  void on(NodeId from, ParticipantId who, const relay::Rates& rates);
  void tell_budgets(Time now, Published& published);
  void on(Time now, std::size_t link, ParticipantId who, const relay::Needs& needs);
  void on(Time now, std::size_t link, ParticipantId who, const relay::Asked& asked);
  void on(Time now, std::size_t link, const relay::Listening& told);

  // --- Slots (router_slots.cpp)
  void plan_all();
  void plan_voices();
  void plan_due(Time now);
  void plan_viewers_of(const Member& member);
  void plan(Time now, Member& member);
  void plan_kind(Member& member, const std::vector<std::size_t>& places,
                 std::span<const Track> wanted, std::vector<SlotShows>& changed);
  void show(Member& member, std::size_t place, const std::optional<Track>& track);
  void clear(Member& member, std::size_t place);
  std::vector<Tile> tiles_of(const Member& member) const;
  std::vector<Track> voices_for(const Member& member) const;
  const Published* mix_for(const Member& member, Source source) const;
  void order_tiles(Member& member, std::span<const Tile> tiles);

  // --- Layers (router_layers.cpp)
  void allocate(Time now, Member& member);
  bool update_shortage(Time now, Member& member, const Budget& budget,
                       std::span<const Want> wants) const;
  std::vector<Want> wants_of(Member& member, bool remembered);
  DataRate shown_rate(Member& member);
  DataRate desired(Member& member, std::span<const Want> wants);
  bool waits_for(Time now, Member::Slot& slot, const Choice& choice, const Choice& ideal);
  void apply(Time now, Member& member, std::size_t place, const Choice& chosen, const Choice& ideal,
             bool is_flooded);
  void replay(Time now, Downlink& downlink, std::size_t slot);
  void wake_publishers(Member& member);
  void tell_quality(Time now, Member& member);
  void start_stopped(Time now, std::span<const Tile> tiles);
  void update_demand(Time now, Published& published);
  void tell_layers(const Published& published);

  RoomId id_;
  Config config_;
  Awake& awake_;
  RelayOutbox& outbox_;
  PacketPool& pool_;
  std::vector<Member*> members_;  // In the order in which they came.
  std::unordered_map<ParticipantId, Member*> by_id_;
  std::vector<Published*> published_;  // In the order in which they appeared.
  std::vector<Publication*> arrived_;  // Those of which something is to be forwarded.
  bool handed_out_ = false;            // That, to those who are to forward it.
  Speakers speakers_;
  std::vector<ParticipantId> told_speakers_;
  std::vector<ParticipantId> planned_voices_;
  bool plans_due_ = false;
  std::vector<Link> links_;
  std::size_t told_people_ = 0;  // To all of them.
  std::unordered_map<ParticipantId, std::unique_ptr<RelayedPublisher>> relayed_;
  Publication::Counters relayed_gone_;  // Of those of them who left.
  Time relay_due_ = kNever;             // When something is to be asked of their nodes.
  Time look_at_ = kNever;
  Time looked_at_ = kAtOnce;
  std::vector<Output> outputs_;
};

}  // namespace parley::sfu
