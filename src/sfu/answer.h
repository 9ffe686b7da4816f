#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "ice/candidate.h"
#include "peer/negotiation/agreement.h"
#include "peer/negotiation/negotiation.h"
#include "sdp/description.h"
#include "sfu/downlink.h"
#include "sfu/identifiers.h"
#include "sfu/uplink.h"

namespace parley::sfu {

// What a participant offers: its session description, and what each section by which it sends
// shows.
struct Offer {
  std::string sdp = {};
  std::map<std::string, Source> sources = {};  // By mid.
};

// What its sections come to, once answered.
struct Agreed {
  std::string answer = {};                       // SDP.
  std::vector<Uplink::Section> sends = {};       // By the participant.
  std::vector<Downlink::SlotConfig> slots = {};  // By us, in the order of the offer.
  bool data_channel = false;
  std::uint64_t max_message_size = 0;  // Of the participant; bytes. 0: any size.
  // Of its side of the path.
  std::string ice_ufrag = {};
  std::string ice_pwd = {};
  std::vector<sdp::Fingerprint> fingerprints = {};
  sdp::Origin origin = {};  // Of the answer.
};

struct AnswerLimits {
  std::size_t max_offer = 262'144;  // Bytes. Chromium's slots take some 4 KiB each.
  std::size_t max_sections = 64;
  std::size_t max_encodings = 3;
  std::size_t max_slots = 32;  // Downlink::kMaxSlots at most.
  // Of a message on the data channel, in either direction: what every browser takes.
  std::uint64_t max_message_size = 65'536;
};

// All slots of a participant are played by one clock (RFC 3550, 6.5.1).
inline constexpr std::string_view kCname = "parley";

// Answers an offer. Sections that send with a source become publications, those
// that only receive become slots with an SSRC of their own (and one for RTX), which the answer
// declares; what cannot be used is rejected. Everything is bundled; `ours` says our side of the
// path, `candidates` are numbered, and more do not come. The error is a sentence.
//
// The rids of a simulcast stand in the order of the offer, which does not say what is how large.
//
// An offer of a connection that there is comes with the Agreed of before: its sections are to be
// those of before, whose SSRCs stay. It may have other ICE credentials (a restart), and more slots
// behind the others. One that has nothing new is answered again: the answer may have been lost.
std::expected<Agreed, std::string> answer(const Offer& offer, const peer::TransportParameters& ours,
                                          const std::vector<ice::Candidate>& candidates,
                                          const AnswerLimits& limits, Random& random,
                                          const Agreed* before = nullptr);

}  // namespace parley::sfu
