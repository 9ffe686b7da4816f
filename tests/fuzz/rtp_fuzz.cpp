// Whatever arrives as RTP or RTCP: parsers and getters must hold, and what is written from what was
// read must read the same.
#include <cstdint>
#include <vector>

#include "base/assert.h"
#include "rtp/arrival_log.h"
#include "rtp/extension_values.h"
#include "rtp/packet.h"
#include "rtp/rtcp/message.h"
#include "rtp/rtx.h"
#include "rtp/sent_log.h"

namespace parley::rtp {
namespace {

void read_values(Bytes value) {
  if (const auto level = read_audio_level(value)) {
    PARLEY_ASSERT(read_audio_level(encode(*level)) == level);
  }
  if (const auto delay = read_playout_delay(value)) {
    PARLEY_ASSERT(read_playout_delay(encode(*delay)) == delay);
  }
  if (const auto orientation = read_video_orientation(value)) {
    PARLEY_ASSERT(read_video_orientation(encode(*orientation)) == orientation);
  }
  if (const auto time = read_absolute_send_time(value)) {
    PARLEY_ASSERT(read_absolute_send_time(encode(*time)) == time);
  }
  read_transport_sequence_number(value);
  read_absolute_capture_time(value);
}

void check_packet(Bytes datagram) {
  const auto packet = PacketView::parse(datagram);
  if (!packet) return;
  PARLEY_ASSERT(packet->header().size() + packet->payload().size() + packet->padding_size() ==
                datagram.size());
  std::size_t extension_bytes = 0;
  packet->for_each_extension([&](const ExtensionElement& element) {
    extension_bytes += element.value.size();
    PARLEY_ASSERT(packet->find_extension(element.id).has_value());
    read_values(element.value);
  });
  PARLEY_ASSERT(extension_bytes <= packet->header().size());

  const auto rtx = to_rtx(*packet, {Ssrc{1}, PayloadType{97}, 5});
  const auto original =
      from_rtx(PacketView::parse(rtx).value(), packet->ssrc(), packet->payload_type());
  PARLEY_ASSERT(original.has_value());
  PARLEY_ASSERT(as_text(PacketView::parse(*original)->payload()) == as_text(packet->payload()));
}

void check_rtcp(Bytes datagram) {
  const auto messages = rtcp::parse(datagram);
  if (!messages) return;
  SentLog sent;
  for (int i = 0; i < 100; ++i) sent.add(Time(), 1);
  ByteWriter writer;
  for (const rtcp::Message& message : *messages) {
    rtcp::write_to(writer, message);
    if (const auto* const feedback = std::get_if<rtcp::TransportFeedback>(&message)) {
      PARLEY_ASSERT(sent.handle_feedback(*feedback).size() <= 100);
    }
  }
  if (messages->empty()) return;
  PARLEY_ASSERT(rtcp::parse(writer.view()) == messages);
}

// The bytes as arrivals: what it tells is always a message that can be written and read.
void check_arrival_log(Bytes numbers) {
  ArrivalLog log;
  ByteReader reader(numbers);
  Time now{std::chrono::hours{1}};
  for (int packets = 0; packets < 64 && reader.remaining() >= 3; ++packets) {
    now += std::chrono::milliseconds(reader.u8());
    log.handle_packet(now, reader.u16());
    while (const auto feedback = log.poll(now)) {
      ByteWriter writer;
      rtcp::write_to(writer, *feedback);
      PARLEY_ASSERT(std::get<rtcp::TransportFeedback>(rtcp::parse(writer.view())->front()) ==
                    *feedback);
    }
  }
}

}  // namespace
}  // namespace parley::rtp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  const Bytes input(data, size);
  rtp::check_packet(input);
  rtp::check_rtcp(input);
  rtp::check_arrival_log(input);
  return 0;
}
