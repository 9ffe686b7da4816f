#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/overloaded.h"
#include "net/demux.h"
#include "peer/media/media_session.h"
#include "peer/negotiation/negotiation.h"
#include "sim/link.h"

// Two media sessions over a simulated path, without what is beneath them: RTP and RTCP in clear.
namespace parley::peer {

struct MediaSide {
  explicit MediaSide(std::uint64_t seed, MediaSession::Config config = {})
      : random(seed), negotiation({}, random), session(config, negotiation.cname(), random) {}

  SeededRandom random;
  Negotiation negotiation;
  MediaSession session;
  std::vector<IncomingFrame> frames;
  std::vector<MediaSession::KeyFrameRequested> key_frame_requests;
  DataRate target;
  std::size_t packets_sent = 0;
};

class MediaPair {
 public:
  explicit MediaPair(const sim::LinkConfig& link, std::uint64_t seed = 1,
                     MediaSession::Config config = {})
      : ada(seed, config), bob(seed + 1, config), there_(link, seed + 2), back_(link, seed + 3) {}

  // An offer of Ada's, Bob's answer, and the path is there.
  void connect() {
    const TransportParameters parameters{.ice_ufrag = "ufrag",
                                         .ice_pwd = "passwordpasswordpassword",
                                         .fingerprint = {"sha-256", {1, 2, 3}}};
    const auto offer = ada.negotiation.create_offer(parameters);
    ASSERT_TRUE(offer && ada.negotiation.set_local(SdpType::kOffer));
    ASSERT_TRUE(bob.negotiation.set_remote(SdpType::kOffer, *offer));
    const auto answer = bob.negotiation.create_answer(parameters);
    ASSERT_TRUE(answer && bob.negotiation.set_local(SdpType::kAnswer));
    ASSERT_TRUE(ada.negotiation.set_remote(SdpType::kAnswer, *answer));
    for (MediaSide* side : {&ada, &bob}) {
      side->session.configure(now, side->negotiation.agreements());
      side->session.start(now);
    }
    drain();
  }

  // Until `end`, or for so long; then everything that is due by then has happened.
  void run_for(Duration duration) { run_until(now + duration); }
  void run_until(Time end) {
    for (;;) {
      const Time next = std::min({ada.session.next_deadline(), bob.session.next_deadline(),
                                  there_.next_deadline(), back_.next_deadline()});
      if (next > end) break;
      now = std::max(now, next);
      while (auto packet = there_.poll(now)) hand_in(bob, *packet);
      while (auto packet = back_.poll(now)) hand_in(ada, *packet);
      for (MediaSide* side : {&ada, &bob}) {
        if (side->session.next_deadline() <= now) side->session.handle_timeout(now);
      }
      drain();
      ASSERT_LT(++turns_, 3'000'000) << "it never rests";
    }
    now = end;
  }

  bool send(TransceiverId id, const OutgoingFrame& frame) {
    const auto sent = ada.session.send_frame(now, id, frame);
    drain();
    return sent.has_value();
  }

  void drain() {
    drain(ada, there_);
    drain(bob, back_);
  }

  sim::Link& there() { return there_; }
  sim::Link& back() { return back_; }

  Time now{std::chrono::hours{1}};
  MediaSide ada;
  MediaSide bob;

 private:
  void hand_in(MediaSide& side, const sim::Datagram& packet) {
    if (net::protocol_of(packet) == net::Protocol::kRtcp) {
      side.session.handle_rtcp(now, packet);
    } else {
      side.session.handle_rtp(now, packet);
    }
  }

  void drain(MediaSide& side, sim::Link& link) {
    while (auto output = side.session.poll_output()) {
      std::visit(overloaded{[&](MediaSession::SendRtp& event) {
                              ++side.packets_sent;
                              EXPECT_LE(event.packet.size(), 1'200u);
                              link.send(now, event.packet);
                            },
                            [&](MediaSession::SendRtcp& event) { link.send(now, event.packet); },
                            [&](MediaSession::FrameReceived& event) {
                              side.frames.push_back(std::move(event.frame));
                            },
                            [&](MediaSession::KeyFrameRequested& event) {
                              side.key_frame_requests.push_back(std::move(event));
                            },
                            [&](const MediaSession::TargetBitrateChanged& event) {
                              side.target = event.target;
                            }},
                 *output);
    }
  }

  sim::Link there_;
  sim::Link back_;
  int turns_ = 0;
};

// Something that VP8's payload format takes for a frame; different for each number.
inline std::vector<std::uint8_t> make_vp8_frame(std::uint32_t number, bool key, std::size_t size) {
  std::vector<std::uint8_t> frame(std::max<std::size_t>(size, 16));
  for (std::size_t i = 0; i < frame.size(); ++i) {
    frame[i] = static_cast<std::uint8_t>(number * 31 + i * 7);
  }
  constexpr std::uint8_t kKeyHeader[] = {0x10, 0x02, 0x00, 0x9D, 0x01,
                                         0x2A, 0x80, 0x02, 0xE0, 0x01};
  std::copy(std::begin(kKeyHeader), std::end(kKeyHeader), frame.begin());
  for (std::size_t i = 0; i < 4; ++i) frame[10 + i] = static_cast<std::uint8_t>(number >> i * 8);
  if (!key) frame[0] |= 0x01;
  return frame;
}

}  // namespace parley::peer
