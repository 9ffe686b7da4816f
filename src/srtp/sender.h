#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>

#include "base/bytes.h"
#include "base/prefetch.h"
#include "srtp/error.h"
#include "srtp/master_key.h"
#include "srtp/provider.h"
#include "srtp/stream_table.h"

namespace parley::srtp {

struct Protection;

// Numbers RTCP packets with 31 bits (RFC 3711, 3.4): each number once, so it ends.
class SrtcpIndex {
 public:
  static constexpr std::uint32_t kEnd = std::uint32_t{1} << 31;

  explicit SrtcpIndex(std::uint32_t first = 0) : next_(first) {}

  std::expected<std::uint32_t, Error> take() {
    if (next_ == kEnd) return std::unexpected(Error::kIndexExhausted);
    return next_++;
  }

 private:
  std::uint32_t next_;
};

// Protects what we send to one peer (RFC 3711, RFC 7714).
//
// Each RTP packet is encrypted under its SSRC and sequence number, and two different packets under
// the same pair would give the keys away. So a pair is refused the second time (kReplayed), and one
// behind the replay window always (kTooOld): a retransmission is RTX, or the protected bytes again.
// Sequence numbers of one SSRC go on from where they were: one that jumps by 32,768 or more is
// taken for an old one, as the peer would take it.
//
// Nothing is allocated for a packet, but the first of a stream.
class Sender {
 public:
  using Result = std::expected<std::size_t, Error>;

  Sender(Provider& provider, const MasterKey& key, StreamLimits limits = {});

  // Writes the protected packet to `out`, which has kMaxRtpOverhead bytes more than the packet, or
  // just as many as the profile adds, and begins where `packet` does or shares nothing with it.
  // Returns how many bytes it has.
  Result protect_rtp(Bytes packet, std::span<std::uint8_t> out);

  // The same for a compound or reduced-size RTCP packet, with kMaxRtcpOverhead.
  Result protect_rtcp(Bytes packet, std::span<std::uint8_t> out);

  // Fetches memory that protect_rtp() will need, but for its own.
  void prefetch() const {
    parley::prefetch(rtp_keys_.get(), KeySchedule::kMostBytes);
    streams_.prefetch();
  }
  Profile profile() const { return profile_; }
  const Counters& counters() const { return counters_; }

 private:
  friend void protect_rtp(std::span<Protection> batch);

  Result prepare_rtp(Bytes header, Bytes payload, std::span<std::uint8_t> out, Sealing& sealing);
  Result prepare_rtcp(Bytes packet, std::span<std::uint8_t> out, Sealing& sealing);
  Result counted(Result result, std::uint64_t& packets);

  Provider* provider_;
  Profile profile_;
  ProfileSizes sizes_;
  std::unique_ptr<KeySchedule> rtp_keys_;
  std::unique_ptr<KeySchedule> rtcp_keys_;
  Iv rtp_salt_;
  Iv rtcp_salt_;
  StreamTable streams_;
  SrtcpIndex rtcp_index_;  // Of all SSRCs together, which is as unique as one each.
  Counters counters_;
};

// One receiver's part in a batch: its own header before a payload that all share.
struct Protection {
  Sender* sender = nullptr;
  Bytes header = {};   // Whole: with CSRCs and extensions. Borrowed, as is the payload.
  Bytes payload = {};  // With padding, if it has any. May be the same bytes for all.
  // Has sizes_of(profile).rtp_tag bytes more than both. `header` may already stand at its
  // beginning, and `payload` behind it; else it shares nothing with them.
  std::span<std::uint8_t> out = {};

  std::expected<std::size_t, Error> result =
      0;  // Set by protect_rtp: bytes of `out` that are the packet.
};

// Protects one packet for many receivers: the payload is read once a receiver, and encrypted into
// `out` without another copy. As if Sender::protect_rtp were called for each in turn, but quicker,
// most of all where the receivers' profiles are the same. All senders have the same provider. Where
// it fails, `out` becomes zeros: what stood there in clear must not leave.
void protect_rtp(std::span<Protection> batch);

}  // namespace parley::srtp
