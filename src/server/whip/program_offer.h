#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/json.h"

namespace parley::server {

// What a program wants: to publish (WHIP), or to play (WHEP).
enum class ProgramKind : std::uint8_t { kPublisher, kPlayer };

// An offer of a program, as `join` wants one. A program says no more than that one section is sound
// and another a picture; and many offer to send and to receive by each, though they do one of both.
struct ProgramOffer {
  // Of what the first sound and the first picture are that it publishes; the second are of the
  // other.
  enum class Shows : std::uint8_t { kCamera, kScreen };

  std::string sdp = {};           // All its sections go the one way, or are inactive.
  Json sources = Json::Object{};  // By mid, {"0": "camera"}.
  std::size_t pictures = 0;       // That it plays: sections.
  bool microphone = false, camera = false, screen = false;  // That it publishes.

  // RFC 9725, 4.2: a publisher's sections are sendonly, or sendrecv; the WHEP draft has players
  // offer the opposite. The error is a sentence.
  static std::expected<ProgramOffer, std::string> parse(ProgramKind kind, std::string_view sdp,
                                                        Shows shows = Shows::kCamera);
};

// The answer as programs are to have it. RTP and RTCP share a port for good where they offered so:
// that these say so in answers, too, is peculiar to them (RFC 9725, 4.4.1; others must not, by RFC
// 8858, 4.3). What a player is sent is one MediaStream, as WHEP has it: players show the first
// stream of the first track.
std::string as_program_answer(ProgramKind kind, std::string_view offer, std::string_view answer);

}  // namespace parley::server
