// One who has keys sends whatever he likes, and somebody without them too; a third watches. The
// input is a row of packets, each behind its kind and its length.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/assert.h"
#include "base/bytes.h"
#include "sfu/test_raw_room.h"

namespace {

using namespace parley;
using namespace parley::sfu;

enum class Kind : std::uint8_t { kRtp, kPublishersRtcp, kViewersRtcp, kOnPath, kFromNobody, kView };

void play(RawRoom& room, Kind kind, Bytes packet) {
  RawClient& publisher = *room.clients[0];
  RawClient& viewer = *room.clients[1];
  std::vector<std::uint8_t> copy(packet.begin(), packet.end());
  const net::SocketAddress nobody{net::IpAddress::v4({198, 51, 100, 1}), 9};
  switch (kind) {
    case Kind::kRtp: publisher.transport.send_rtp(packet); break;
    case Kind::kPublishersRtcp: publisher.transport.send_rtcp(packet); break;
    case Kind::kViewersRtcp: viewer.transport.send_rtcp(packet); break;
    case Kind::kOnPath:
    case Kind::kFromNobody: {
      const auto& from = kind == Kind::kOnPath ? publisher.address : nobody;
      room.node.handle_input(
          room.now, {.path = {.local = RawRoom::server(), .remote = from}, .payload = copy});
      break;
    }
    case Kind::kView: {
      View view(std::in_place);
      for (const std::uint8_t byte : packet.first(std::min<std::size_t>(packet.size(), 8))) {
        view->push_back(
            {{byte % 4u},
             byte < 128 ? Source::kCamera : Source::kScreen,
             {static_cast<std::uint16_t>(byte * 8), static_cast<std::uint16_t>(byte * 5)}});
      }
      room.node.set_view(room.now, {2}, std::move(view));
      break;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  RawRoom room(1, {.pool = {.max_packets = 4'096}});
  room.join({.microphone = true, .camera = 3, .video_slots = 0});
  room.join({.audio_slots = 1, .video_slots = 2});
  room.run(std::chrono::milliseconds{100});
  PARLEY_ASSERT(room.are_connected());
  ByteReader reader({data, size});
  for (int packets = 0; packets < 200 && reader.ok() && !reader.at_end(); ++packets) {
    const std::uint8_t kind = reader.u8();
    const std::size_t length = reader.u8() * (kind >= 128 ? 5u : 1u);
    play(room, static_cast<Kind>(kind % 6), reader.bytes(std::min(length, reader.remaining())));
    room.run(std::chrono::milliseconds{kind % 32});
  }
  const auto counters = room.node.counters();
  PARLEY_ASSERT(counters.downlink.dropped_srtp == 0);
  PARLEY_ASSERT(counters.packets_held <= 4'096);
  room.node.disconnect(room.now, {1});
  room.node.disconnect(room.now, {2});
  PARLEY_ASSERT(room.node.counters().packets_held == 0);
  return 0;
}
