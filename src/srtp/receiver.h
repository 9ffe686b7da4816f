#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <span>

#include "srtp/error.h"
#include "srtp/master_key.h"
#include "srtp/provider.h"
#include "srtp/stream_table.h"

namespace parley::srtp {

// Verifies and decrypts what one peer sends us (RFC 3711, RFC 7714).
//
// Nothing is remembered of a packet before its tag was found right: forged packets cost their
// verification and no memory. Nothing is allocated for a packet, but the first of a stream.
class Receiver {
 public:
  using Result = std::expected<std::span<std::uint8_t>, Error>;

  Receiver(Provider& provider, const MasterKey& key, StreamLimits limits = {});

  // In place: returns the front part of `packet`, which is the RTP packet. After an error the bytes
  // of `packet` mean nothing, and the packet is counted as dropped.
  Result unprotect_rtp(std::span<std::uint8_t> packet);

  // The same for RTCP. Takes a packet that the peer has authenticated but not encrypted (E = 0), as
  // RFC 3711, 3.4 lets it.
  Result unprotect_rtcp(std::span<std::uint8_t> packet);

  Profile profile() const { return profile_; }
  const Counters& counters() const { return counters_; }

 private:
  Result open_rtp(std::span<std::uint8_t> packet);
  Result open_rtcp(std::span<std::uint8_t> packet);
  Result counted(Result result, std::uint64_t& packets);

  Provider* provider_;
  Profile profile_;
  ProfileSizes sizes_;
  std::unique_ptr<KeySchedule> rtp_keys_;
  std::unique_ptr<KeySchedule> rtcp_keys_;
  Iv rtp_salt_;
  Iv rtcp_salt_;
  StreamTable rtp_streams_;
  StreamTable rtcp_streams_;  // RTCP has indices of its own.
  Counters counters_;
};

}  // namespace parley::srtp
