#include "sfu/sender_reports.h"

#include <algorithm>
#include <string>

#include "base/assert.h"
#include "sdp/codec.h"

namespace parley::sfu {
namespace {

constexpr std::uint32_t kVideoClock = 90'000;

// The time since a capture, in units of the RTP timestamp. What is further away than an hour is no
// capture time: a publisher can say anything.
std::uint32_t in_units(Duration duration, std::uint32_t clock_rate) {
  constexpr Duration kMost = std::chrono::hours{1};
  const std::int64_t micros = std::clamp(duration, -kMost, kMost).count();
  return static_cast<std::uint32_t>(micros * clock_rate / 1'000'000);
}

}  // namespace

std::optional<rtp::rtcp::SenderReport> SlotReport::report(Time now,
                                                          const Subscription& subscription) {
  const Publication* const shown = subscription.shown();
  if (!sent_since_ || shown == nullptr || shown != newest_.publication) return std::nullopt;
  sent_since_ = false;
  std::optional<Time> captured;
  if (newest_.encoding < shown->config().encodings.size()) {
    captured = shown->capture_time(newest_.encoding, newest_.timestamp);
  }
  const sdp::Codec* const codec =
      sdp::find_codec(subscription.config().codecs, std::to_underlying(newest_.payload_type));
  const std::uint32_t clock_rate = codec != nullptr ? codec->clock_rate : kVideoClock;
  const Duration since = now - captured.value_or(newest_.arrived);
  return rtp::rtcp::SenderReport{.sender = subscription.config().ssrc,
                                 .ntp = rtp::NtpTime::of(now),
                                 .rtp_timestamp = newest_.sent_as + in_units(since, clock_rate),
                                 .packets = static_cast<std::uint32_t>(packets_),
                                 .octets = static_cast<std::uint32_t>(octets_)};
}

std::vector<std::uint8_t> write_reports(std::span<const rtp::rtcp::SenderReport> reports,
                                        std::string_view cname) {
  PARLEY_ASSERT(reports.size() <= rtp::rtcp::kMaxReportBlocks);
  ByteWriter writer;
  rtp::rtcp::SourceDescription description;
  for (const rtp::rtcp::SenderReport& report : reports) {
    write_to(writer, report);
    description.chunks.push_back({.ssrc = report.sender, .cname = std::string(cname)});
  }
  write_to(writer, description);
  return writer.take();
}

}  // namespace parley::sfu
