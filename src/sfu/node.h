#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/data_rate.h"
#include "base/random.h"
#include "base/sans_io.h"
#include "base/time.h"
#include "dtls/certificate.h"
#include "ice/candidate.h"
#include "net/datagram_batch.h"
#include "net/path.h"
#include "sfu/answer.h"
#include "sfu/identifiers.h"
#include "sfu/message.h"
#include "sfu/participant.h"
#include "sfu/participant_counters.h"
#include "sfu/router.h"
#include "sfu/view.h"
#include "srtp/provider.h"

namespace parley::sfu {

// All that one worker carries: its rooms, their participants, and the way of each datagram to the
// one it is for. A SansIo engine; all media of a worker goes through one.
//
// Its owner has the sockets. After each batch of handle_input(), each command and each
// handle_timeout(): call poll_output() until it returns nothing, then fill() and send the batch
// until it stays empty. In that order, as the end of a DTLS handshake is an output, and browsers
// throw away media that come before it.
//
// A Message that comes by one of a participant's two data channels, the reliable or the other, goes
// out by the same of everyone else in the room, or of the one that it names. Who reads too slowly
// misses messages rather than hold up others.
class Node {
 public:
  struct Config {
    std::shared_ptr<const dtls::Certificate> certificate = {};  // Must be set.
    std::vector<ice::Candidate> candidates = {};  // Of the sockets, as answers tell them.
    PacketPool::Config pool = {};
    AnswerLimits answers = {};
    Participant::Config participant = {};
    Router::Config router = {};
    MessageLimits messages = {};
    std::size_t max_rooms = 10'000;
    std::size_t max_participants = 10'000;
    std::size_t max_in_room = 2'000;
  };

  struct Datagram {
    net::Path path = {};
    std::span<std::uint8_t> payload = {};  // Changed in place; not kept.
  };
  using Input = Datagram;

  // Handshakes, checks, reports: what is not in a batch.
  using Transmit = peer::Transport::Transmit;
  using CloseTcp = peer::Transport::CloseTcp;
  // After kFailed the participant is gone, as if by disconnect().
  enum class State : std::uint8_t { kConnected, kDisconnected, kFailed };
  struct StateChanged {
    ParticipantId participant = {};
    State state = {};
    std::string_view reason = {};  // Of a failure.
  };
  using SlotsChanged = sfu::SlotsChanged;
  using SpeakersChanged = sfu::SpeakersChanged;
  using QualityChanged = sfu::QualityChanged;
  using LayersWanted = sfu::LayersWanted;
  // For another node that carries a room of this one: give it to handle_relay() there.
  using Relay = RelayOutbox::ForNode;
  using Output = std::variant<Transmit, CloseTcp, StateChanged, SlotsChanged, SpeakersChanged,
                              QualityChanged, LayersWanted, Relay>;

  // How many connections there are now, and what the links of all receivers carry by congestion
  // control, and what of it their tiles were given.
  struct Links {
    std::size_t connecting = 0, connected = 0, disconnected = 0;
    std::size_t udp_v4 = 0, udp_v6 = 0, tcp = 0;  // By the path that ICE has selected, if any.
    DataRate estimate = {};
    DataRate allocated = {};
  };

  // Of all participants, those that left too; and what was dropped before anybody could be found
  // for it.
  struct Counters : ParticipantCounters {
    std::uint64_t datagrams = 0;
    std::uint64_t unknown_path = 0;  // Neither a known path nor a check for one of ours.
    std::uint64_t unknown_ufrag = 0;
    std::uint64_t not_webrtc = 0;
    std::uint64_t forwarded = 0;  // Packets put into batches.
    MessageCounters messages = {};
    std::uint64_t relayed_in = 0;        // What other nodes have told, packets mostly.
    std::uint64_t relayed_stale = 0;     // Of these: of rooms that are here no more.
    std::uint64_t relayed_unusable = 0;  // Packets of nothing that was told of, or that are none.
    Publication::Counters relayed = {};  // Of what is published elsewhere, as it came from there.
    Links links = {};
    std::size_t rooms = 0, participants = 0, publications_now = 0, subscriptions_now = 0;
    std::size_t packets_held = 0;
    std::uint64_t packets_given_up = 0;  // Of histories, as the pool was full.
  };

  // What one room has carried here since it came, those who left with it; and what its receivers'
  // links carry now, by congestion control, and what of it their tiles were given.
  struct RoomCounters : ParticipantCounters {
    RoomId room = {};
    std::size_t participants = 0;
    DataRate estimate = {};
    DataRate allocated = {};
  };

  // `random` and `provider` outlive it.
  Node(Config config, Random& random, srtp::Provider& provider);
  ~Node();

  // --- Commands ---
  // Someone comes into a room, which is made if it is not there; one who is there already gets a
  // new connection in place of the old. Returns the answer (SDP); the error is a sentence.
  std::expected<std::string, std::string> connect(Time now, RoomId room, ParticipantId participant,
                                                  const Offer& offer);
  // Another offer of the connection that there is: ICE restarts where its credentials are new, and
  // what it has behind the sections of before become further slots. Nothing else may differ.
  std::expected<std::string, std::string> renegotiate(Time now, ParticipantId participant,
                                                      const Offer& offer);
  void disconnect(Time now, ParticipantId participant);
  void close_room(Time now, RoomId room);
  // What may be forwarded of it. All of it, at first.
  void set_permitted(Time now, ParticipantId participant, std::span<const Source> sources);
  void set_view(Time now, ParticipantId participant, View view);
  // Everyone in one picture, at most so large in device pixels, and in one sound, while a mixer is
  // linked that makes them; else, and as long as `size` is nothing: as the view says.
  void set_one_stream(Time now, ParticipantId participant, std::optional<codec::PictureSize> size);
  // By what others know it in messages. Without one, nobody can write to it alone.
  void set_label(ParticipantId participant, std::string label);
  // Whether what it writes is passed on. At first it is.
  void set_may_send_messages(ParticipantId participant, bool may);
  void tcp_closed(Time now, const net::Path& path);

  // --- A room that several nodes carry, each some of its people
  // Node `other` carries the room, too, from now on: for as long as the room is here, which is then
  // until close_room(). All that carry it are told of each other before one more of its people
  // comes, in any order: who is heard from is linked. What one node has for another arrives in
  // order, but its packets may be dropped.
  void link_room(RoomId room, NodeId other);
  void handle_relay(Time now, NodeId from, RelayBatch batch);

  // --- The engine ---
  // Whether a datagram, a check by somebody on a path not known before, is for one of ours.
  bool knows_ufrag(std::string_view ufrag) const;
  void handle_input(Time now, Datagram datagram);
  void handle_timeout(Time now);
  // Adds what is to leave now, encrypted. The batch is full, or nothing is left. No output waits.
  void fill(Time now, net::DatagramBatch& batch);
  std::optional<Output> poll_output();
  Time next_deadline() const;

  Counters counters() const;
  // Nothing: the room is not here.
  std::optional<RoomCounters> room_counters(RoomId room) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

static_assert(SansIo<Node>);

}  // namespace parley::sfu
