#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "rtp/identifiers.h"
#include "rtp/rtcp/message.h"
#include "sfu/publication.h"
#include "sfu/subscription.h"

namespace parley::sfu {

// What a sender report tells of one slot's stream (RFC 3550, 6.4.1): what was sent, and which
// moment of the stream is which of our clock. That is when things were captured, by one clock for
// all slots, so that lips and voice stay together whatever the slots show.
class SlotReport {
 public:
  // A packet of what the slot shows leaves: no retransmission, no padding.
  void handle_packet(const Publication* shown, const Forwarded& packet) {
    ++packets_;
    octets_ += packet.payload.size();
    sent_since_ = true;
    newest_ = {.publication = shown,
               .timestamp = packet.packet->timestamp,
               .arrived = packet.packet->arrived,
               .sent_as = packet.timestamp,
               .payload_type = packet.payload_type,
               .encoding = packet.packet->encoding};
  }

  // Nothing where nothing was sent since the last, or the slot shows something else by now.
  std::optional<rtp::rtcp::SenderReport> report(Time now, const Subscription& subscription);

 private:
  struct Newest {
    const Publication* publication = nullptr;  // To be compared: it may be gone.
    std::uint64_t timestamp = 0;               // The publisher's.
    Time arrived = {};
    std::uint32_t sent_as = 0;  // The receiver's timestamp.
    rtp::PayloadType payload_type = {};
    std::uint8_t encoding = 0;
  };

  std::uint64_t packets_ = 0;
  std::uint64_t octets_ = 0;
  bool sent_since_ = false;  // The last report.
  Newest newest_;
};

// One compound packet of reports, with the name that makes their streams belong together (RFC 3550,
// 6.1 and 6.5.1). At most rtp::rtcp::kMaxReportBlocks of them.
std::vector<std::uint8_t> write_reports(std::span<const rtp::rtcp::SenderReport> reports,
                                        std::string_view cname);

}  // namespace parley::sfu
