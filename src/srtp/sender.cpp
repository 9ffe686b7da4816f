#include "srtp/sender.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/assert.h"
#include "srtp/key_derivation.h"
#include "srtp/layout.h"

namespace parley::srtp {
namespace {

// Puts what stays in clear where it shall be, if it is not there.
void place(Bytes plain, std::span<std::uint8_t> out) {
  if (plain.data() != out.data()) std::memcpy(out.data(), plain.data(), plain.size());
}

}  // namespace

Sender::Sender(Provider& provider, const MasterKey& key, StreamLimits limits)
    : provider_(&provider),
      profile_(key.profile()),
      sizes_(sizes_of(key.profile())),
      streams_(limits) {
  const SessionKeys rtp = derive_rtp_keys(key);
  const SessionKeys rtcp = derive_rtcp_keys(key);
  rtp_keys_ = provider.expand(profile_, For::kRtp, rtp);
  rtcp_keys_ = provider.expand(profile_, For::kRtcp, rtcp);
  rtp_salt_ = salt_iv(rtp);
  rtcp_salt_ = salt_iv(rtcp);
}

Sender::Result Sender::protect_rtp(Bytes packet, std::span<std::uint8_t> out) {
  Sealing sealing;
  const auto header_size = rtp_header_size(packet);
  const Result size = header_size ? prepare_rtp(packet.first(*header_size),
                                                packet.subspan(*header_size), out, sealing)
                                  : std::unexpected(header_size.error());
  if (size) provider_->seal({&sealing, 1});
  return counted(size, counters_.rtp_packets);
}

Sender::Result Sender::protect_rtcp(Bytes packet, std::span<std::uint8_t> out) {
  Sealing sealing;
  const Result size = prepare_rtcp(packet, out, sealing);
  if (size) provider_->seal({&sealing, 1});
  return counted(size, counters_.rtcp_packets);
}

// All that may fail, and the header into `out`; sealing it cannot fail.
Sender::Result Sender::prepare_rtp(Bytes header, Bytes payload, std::span<std::uint8_t> out,
                                   Sealing& sealing) {
  const std::size_t size = header.size() + payload.size() + sizes_.rtp_tag;
  if (out.size() < size) return std::unexpected(Error::kOutputTooSmall);
  const std::uint32_t ssrc = read_u32(&header[8]);
  const auto index = streams_.extend(ssrc, read_u16(&header[2]));
  if (!index) return std::unexpected(index.error());
  streams_.take(ssrc, *index);
  place(header, out);
  sealing = {.keys = rtp_keys_.get(),
             .packet = out.data(),
             .plain_size = header.size(),
             .payload = payload,
             .iv = iv_of(rtp_salt_, sizes_.aead(), ssrc, *index),
             .suffix = static_cast<std::uint32_t>(*index >> 16)};
  return size;
}

Sender::Result Sender::prepare_rtcp(Bytes packet, std::span<std::uint8_t> out, Sealing& sealing) {
  if (packet.size() < kRtcpPlainSize) return std::unexpected(Error::kTruncated);
  if (packet[0] >> 6 != 2) return std::unexpected(Error::kMalformed);
  const std::size_t size = packet.size() + sizes_.rtcp_tag + kSrtcpIndexSize;
  if (out.size() < size) return std::unexpected(Error::kOutputTooSmall);
  const auto index = rtcp_index_.take();
  if (!index) return std::unexpected(index.error());
  place(packet.first(kRtcpPlainSize), out);
  sealing = {.keys = rtcp_keys_.get(),
             .packet = out.data(),
             .plain_size = kRtcpPlainSize,
             .payload = packet.subspan(kRtcpPlainSize),
             .iv = iv_of(rtcp_salt_, sizes_.aead(), read_u32(&packet[4]), *index),
             .suffix = kEncryptedBit | *index};
  return size;
}

Sender::Result Sender::counted(Result result, std::uint64_t& packets) {
  if (result) {
    ++packets;
  } else {
    ++counters_.dropped[std::to_underlying(result.error())];
  }
  return result;
}

void protect_rtp(std::span<Protection> batch) {
  constexpr std::size_t kChunk = 64;  // What is prepared lies on the stack until it is sealed.
  std::array<Sealing, kChunk> sealings;
  while (!batch.empty()) {
    const auto chunk = batch.first(std::min(kChunk, batch.size()));
    batch = batch.subspan(chunk.size());
    std::size_t ready = 0;
    for (Protection& part : chunk) {
      Sender& sender = *part.sender;
      PARLEY_ASSERT(sender.provider_ == chunk.front().sender->provider_);
      const auto header_size = rtp_header_size(part.header);
      if (!header_size) {
        part.result = std::unexpected(header_size.error());
      } else if (*header_size != part.header.size()) {
        part.result = std::unexpected(Error::kMalformed);
      } else {
        part.result = sender.prepare_rtp(part.header, part.payload, part.out, sealings[ready]);
      }
      if (sender.counted(part.result, sender.counters_.rtp_packets)) {
        ++ready;
      } else {
        std::ranges::fill(part.out, std::uint8_t{0});
      }
    }
    chunk.front().sender->provider_->seal(std::span(sealings).first(ready));
  }
}

}  // namespace parley::srtp
