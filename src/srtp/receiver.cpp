#include "srtp/receiver.h"

#include <utility>

#include "srtp/key_derivation.h"
#include "srtp/layout.h"

namespace parley::srtp {
Receiver::Receiver(Provider& provider, const MasterKey& key, StreamLimits limits)
    : provider_(&provider),
      profile_(key.profile()),
      sizes_(sizes_of(key.profile())),
      rtp_streams_(limits),
      rtcp_streams_(limits) {
  const SessionKeys rtp = derive_rtp_keys(key);
  const SessionKeys rtcp = derive_rtcp_keys(key);
  rtp_keys_ = provider.expand(profile_, For::kRtp, rtp);
  rtcp_keys_ = provider.expand(profile_, For::kRtcp, rtcp);
  rtp_salt_ = salt_iv(rtp);
  rtcp_salt_ = salt_iv(rtcp);
}

Receiver::Result Receiver::unprotect_rtp(std::span<std::uint8_t> packet) {
  return counted(open_rtp(packet), counters_.rtp_packets);
}

Receiver::Result Receiver::unprotect_rtcp(std::span<std::uint8_t> packet) {
  return counted(open_rtcp(packet), counters_.rtcp_packets);
}

Receiver::Result Receiver::open_rtp(std::span<std::uint8_t> packet) {
  const auto header_size = rtp_header_size(packet);
  if (!header_size) return std::unexpected(header_size.error());
  if (packet.size() < *header_size + sizes_.rtp_tag) return std::unexpected(Error::kTruncated);
  const std::uint32_t ssrc = read_u32(&packet[8]);
  const auto index = rtp_streams_.extend(ssrc, read_u16(&packet[2]));
  if (!index) return std::unexpected(index.error());
  const Opening opening{.keys = rtp_keys_.get(),
                        .packet = packet.data(),
                        .plain_size = *header_size,
                        .payload_size = packet.size() - *header_size - sizes_.rtp_tag,
                        .iv = iv_of(rtp_salt_, sizes_.aead(), ssrc, *index),
                        .suffix = static_cast<std::uint32_t>(*index >> 16)};
  if (!provider_->open(opening)) return std::unexpected(Error::kBadTag);
  rtp_streams_.take(ssrc, *index);
  return packet.first(packet.size() - sizes_.rtp_tag);
}

Receiver::Result Receiver::open_rtcp(std::span<std::uint8_t> packet) {
  const std::size_t added = sizes_.rtcp_tag + kSrtcpIndexSize;
  if (packet.size() < kRtcpPlainSize + added) return std::unexpected(Error::kTruncated);
  if (packet[0] >> 6 != 2) return std::unexpected(Error::kMalformed);
  const std::size_t suffix_behind = kSrtcpIndexSize + (sizes_.aead() ? 0 : sizes_.rtcp_tag);
  const std::uint32_t suffix = read_u32(&packet[packet.size() - suffix_behind]);
  const std::uint32_t index = suffix & ~kEncryptedBit;
  const std::uint32_t ssrc = read_u32(&packet[4]);
  if (const auto fresh = rtcp_streams_.check(ssrc, index); !fresh) {
    return std::unexpected(fresh.error());
  }
  const std::size_t size = packet.size() - added;
  const std::size_t plain_size = (suffix & kEncryptedBit) != 0 ? kRtcpPlainSize : size;
  const Opening opening{.keys = rtcp_keys_.get(),
                        .packet = packet.data(),
                        .plain_size = plain_size,
                        .payload_size = size - plain_size,
                        .iv = iv_of(rtcp_salt_, sizes_.aead(), ssrc, index),
                        .suffix = suffix};
  if (!provider_->open(opening)) return std::unexpected(Error::kBadTag);
  rtcp_streams_.take(ssrc, index);
  return packet.first(size);
}

Receiver::Result Receiver::counted(Result result, std::uint64_t& packets) {
  if (result) {
    ++packets;
  } else {
    ++counters_.dropped[std::to_underlying(result.error())];
  }
  return result;
}

}  // namespace parley::srtp
