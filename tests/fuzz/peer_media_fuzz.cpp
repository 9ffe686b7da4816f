// What a peer may send once it has keys: whatever RTP and RTCP come, the media session holds, stays
// within its bounds and comes to rest. And whatever it describes itself as can be answered or is
// refused.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/assert.h"
#include "base/bytes.h"
#include "peer/media/media_session.h"
#include "peer/negotiation/negotiation.h"
#include "sdp/parse.h"

namespace parley::peer {
namespace {

constexpr Time kStart{std::chrono::hours{1}};

TransportParameters parameters() {
  return {.ice_ufrag = "ufrag",
          .ice_pwd = "passwordpasswordpassword",
          .fingerprint = {"sha-256", {1, 2, 3}}};
}

// What both agree on: sound, and pictures in three layers, both ways.
const std::vector<Agreement>& agreements() {
  static const std::vector<Agreement> kAgreements = [] {
    SeededRandom random(1);
    Negotiation ours({}, random);
    Negotiation theirs({}, random);
    for (Negotiation* side : {&ours, &theirs}) {
      (void)side->add_track(MediaKind::kAudio, {});
      (void)side->add_track(MediaKind::kVideo,
                            {.encodings = {{.rid = "h"}, {.rid = "m"}, {.rid = "l"}}});
      (void)side->add_track(MediaKind::kVideo, {});
    }
    const auto offer = theirs.create_offer(parameters());
    (void)theirs.set_local(SdpType::kOffer);
    (void)ours.set_remote(SdpType::kOffer, *offer);
    (void)ours.create_answer(parameters());
    (void)ours.set_local(SdpType::kAnswer);
    return ours.agreements();
  }();
  return kAgreements;
}

void run(MediaSession& session, Time until) {
  for (int turn = 0;; ++turn) {
    PARLEY_ASSERT(turn < 2'000);  // It comes to rest.
    while (session.poll_output()) {
    }
    if (session.next_deadline() > until) return;
    session.handle_timeout(std::max(session.next_deadline(), kStart));
  }
}

// The input is a row of packets, each behind its kind and its length.
void play(Bytes input) {
  static SeededRandom random(2);
  MediaSession session({}, "cname", random);
  session.configure(kStart, agreements());
  session.start(kStart);
  Time now = kStart;
  ByteReader reader(input);
  while (reader.ok() && !reader.at_end()) {
    const std::uint8_t kind = reader.u8();
    const Bytes packet = reader.bytes(std::min<std::size_t>(reader.u8() * 2u, reader.remaining()));
    now += std::chrono::milliseconds{kind >> 2};
    if ((kind & 1) != 0) {
      session.handle_rtcp(now, packet);
    } else {
      session.handle_rtp(now, packet);
    }
    if ((kind & 2) != 0) {
      (void)session.send_frame(now, agreements()[2].transceiver,
                               {.timestamp = kind, .captured = now, .data = packet});
    }
  }
  run(session, now + std::chrono::milliseconds{300});
}

void negotiate(Bytes input) {
  auto description = sdp::parse(as_text(input), {.max_size = 16'384, .max_sections = 8});
  if (!description) return;
  static SeededRandom random(3);
  Negotiation negotiation({}, random);
  (void)negotiation.add_track(MediaKind::kAudio, {});
  if (!negotiation.set_remote(SdpType::kOffer, *description)) return;
  const auto answer = negotiation.create_answer(parameters());
  if (!answer) return;
  PARLEY_ASSERT(sdp::parse(sdp::to_string(*answer)).has_value());
  PARLEY_ASSERT(negotiation.set_local(SdpType::kAnswer).has_value());
  MediaSession session({}, "cname", random);
  session.configure(kStart, negotiation.agreements());
  (void)negotiation.set_remote(SdpType::kOffer, *std::move(description));
  if (negotiation.state() == SignalingState::kHaveRemoteOffer) {
    PARLEY_ASSERT(negotiation.set_remote(SdpType::kRollback, {}).has_value());
  }
}

}  // namespace
}  // namespace parley::peer

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const parley::Bytes input(data, size);
  if (size > 0 && data[0] == 'v') {
    parley::peer::negotiate(input);
  } else {
    parley::peer::play(input);
  }
  return 0;
}
