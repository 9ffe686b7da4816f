#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "ice/stats.h"
#include "peer/transport_counters.h"
#include "sfu/downlink.h"
#include "sfu/publication.h"
#include "sfu/uplink.h"
#include "srtp/error.h"

// What participants count, each for himself; a room and a node sum it up when they are asked, so
// that a packet is counted once, where it is handled.
namespace parley::sfu {

// Why a connection ended that nobody here ended.
enum class Ending : std::uint8_t {
  kNeverConnected,
  kClosed,        // By close_notify.
  kNoConsent,     // ICE heard nothing for so long that nothing more may be sent there.
  kFingerprint,   // DTLS: the certificate is not the one of the offer.
  kDtlsTimeout,   // DTLS: no answer.
  kAlert,         // DTLS: the participant gave up.
  kDtlsProtocol,  // DTLS: it speaks none that we do.
};
inline constexpr std::size_t kEndings = 7;

// How a connection has fared, and what each of its layers dropped.
struct ConnectionCounters {
  std::uint64_t connected = 0;     // Media flow, for the first time or again.
  std::uint64_t disconnected = 0;  // Nothing is heard, or its TCP connection is gone.
  std::uint64_t ice_restarts = 0;
  std::uint64_t path_changes = 0;                  // Selections after the first.
  std::array<std::uint64_t, kEndings> ended = {};  // By Ending.

  // By peer::Drop, but for what SRTP refused of what came, which is the next but one.
  std::array<std::uint64_t, peer::kDropReasons> by_transport = {};
  std::array<std::uint64_t, ice::kDropReasons> by_ice = {};   // By ice::Drop.
  std::array<std::uint64_t, srtp::kErrorCount> by_srtp = {};  // What came, by srtp::Error.
  struct Dtls {
    std::uint64_t not_dtls = 0, too_early = 0, ended = 0, early_data = 0;
  } by_dtls = {};
  std::uint64_t malformed_rtcp = 0;
  struct Sctp {
    std::uint64_t malformed = 0, bad_checksum = 0, wrong_tag = 0, bad_cookie = 0;
    std::uint64_t unknown_chunk = 0, out_of_window = 0, bad_stream = 0, bad_sack = 0;
    std::uint64_t duplicate = 0;
    std::uint64_t abandoned = 0;   // Messages that may be lost, and came to nothing.
    std::uint64_t not_agreed = 0;  // No data channel was offered.
  } by_sctp = {};
  struct Channels {
    std::uint64_t malformed = 0, no_channel = 0, unknown_ppid = 0, refused_opens = 0;
  } by_channels = {};

  std::uint64_t ended_by(Ending ending) const { return ended[std::to_underlying(ending)]; }
};

// Of one participant, or of several.
struct ParticipantCounters {
  Uplink::Counters uplink = {};
  Downlink::Counters downlink = {};
  Publication::Counters publications = {};  // Of all that is published, or was.
  ConnectionCounters connection = {};
};

}  // namespace parley::sfu
