#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sdp/description.h"

// Offer and answer (RFC 3264, RFC 8829), as functions of what one side can do and the other said.
namespace parley::sdp {

// The answer's codecs: those of the offer that we have too, in the offer's order and with its
// payload types. Parameters are ours (they say what we can receive), feedback is what both know.
// RTX and RED stay only beside what they repeat.
std::vector<Codec> answer_codecs(std::span<const Codec> ours, std::span<const Codec> offered);

// Those of `theirs` for which `ours` has the same format: what may be sent to them, preferred one
// first, by the payload types that they listen to. The feedback is what both know.
std::vector<Codec> common_codecs(std::span<const Codec> ours, std::span<const Codec> theirs);

// The answer's extensions: those of the offer that are among our URIs, with the offer's ids, and
// with directions that fit both. Ids above 14 (see ExtensionIds) need `two_byte`: a=extmap-allow-
// mixed on both sides.
std::vector<Extension> answer_extensions(std::span<const std::string_view> our_uris,
                                         std::span<const Extension> offered, bool two_byte);

// Hands out extension ids, one a URI for all sections of a bundle (RFC 9143, 9.1). An id, once it
// stands for a URI, never stands for another.
class ExtensionIds {
 public:
  // Firefox refuses an offer that uses more; 15 is reserved (RFC 8285, 4.2).
  static constexpr std::uint8_t kMaxId = 14;

  // What the other side has named. The first that claims an id keeps it.
  void learn(std::span<const Extension> extensions);
  // Nothing where all ids are taken.
  std::optional<std::uint8_t> id_for(std::string_view uri);

 private:
  std::array<std::string, kMaxId + 1> uris_;  // By id. Empty: free.
};

// The simulcast of an answer: the offer's rids with their direction turned, the first alternative
// of each stream, at most so many of those that are offered to us (`max_receive`) and of those that
// are asked of us (`max_send`).
struct SimulcastAnswer {
  std::vector<Rid> rids = {};
  std::optional<Simulcast> simulcast = {};

  friend bool operator==(const SimulcastAnswer&, const SimulcastAnswer&) = default;
};
SimulcastAnswer answer_simulcast(const MediaSection& offered, std::size_t max_receive,
                                 std::size_t max_send);

// Which of the rids that `ours` offers to send `theirs` agrees to receive, in our order. Empty: one
// stream without a rid.
struct SendLayer {
  std::string rid = {};
  bool paused = false;

  friend bool operator==(const SendLayer&, const SendLayer&) = default;
};
std::vector<SendLayer> agreed_send_layers(const MediaSection& ours, const MediaSection& theirs);
// The rids that `theirs` says it sends and `ours` agrees to receive, in their order.
std::vector<std::string> agreed_receive_layers(const MediaSection& ours,
                                               const MediaSection& theirs);

// The answer to a=setup. `preferred`, kActive or kPassive, where the offer leaves the choice. None
// for holdconn, which WebRTC does not know.
std::optional<Setup> answer_setup(std::optional<Setup> offered, Setup preferred);

// What we can do in one section.
struct Capabilities {
  std::vector<Codec> codecs = {};
  std::vector<std::string_view> extensions = {};  // URIs.
  Direction direction = Direction::kSendRecv;     // What we want.
  std::size_t max_receive_layers = 3;             // Of a simulcast. 0: none.
  std::size_t max_send_layers = 0;
};

// The answer to one section of an offer: kind, mid, codecs, direction, extensions, simulcast, RTCP.
// Rejected (port 0) where no media codec is common. What belongs to the transport (ICE, DTLS,
// bundle) and to the tracks (msid, ssrc) is the caller's to add.
MediaSection answer_section(const MediaSection& offered, const Capabilities& ours);
// The same for data channels (RFC 8841): our port and largest message.
MediaSection answer_data_channel(const MediaSection& offered, std::uint16_t sctp_port,
                                 std::uint64_t max_message_size);
// A section that refuses `offered` (RFC 3264, 6): its format list stays, for the grammar needs one.
MediaSection reject_section(const MediaSection& offered);

// The answer's bundles: those of the offer, without the sections that were rejected in `answer`.
std::vector<std::vector<std::string>> answer_bundles(const SessionDescription& offer,
                                                     std::span<const MediaSection> answer);

// Why a description does not fit: the section's index, and a sentence.
struct NegotiationError {
  std::size_t section = 0;
  std::string reason = {};

  friend bool operator==(const NegotiationError&, const NegotiationError&) = default;
};

// Whether `answer` answers `offer`: the same sections in their order, with the same kinds and mids,
// directions that the offer allows, a definite a=setup, BUNDLE and rtcp-mux as offered.
std::expected<void, NegotiationError> check_answer(const SessionDescription& offer,
                                                   const SessionDescription& answer);

// Whether `next` may follow `previous` in one session (RFC 3264, 8): sections are neither removed
// nor change their kind or mid, unless they were rejected.
std::expected<void, NegotiationError> check_successor(const SessionDescription& previous,
                                                      const SessionDescription& next);

}  // namespace parley::sdp
