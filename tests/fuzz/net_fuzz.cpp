// Texts that claim to be addresses, datagrams of whatever protocol, and packets on a TCP stream
// that is cut anywhere: the first byte says where.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/assert.h"
#include "base/bytes.h"
#include "net/address.h"
#include "net/demux.h"
#include "net/first_bytes.h"
#include "net/packet_framer.h"

namespace parley::net {
namespace {

void check_address(std::string_view text) {
  const auto address = SocketAddress::parse(text);
  if (address) PARLEY_ASSERT(SocketAddress::parse(address->to_string()) == address);
}

// All packets of a stream that comes in pieces of `piece` bytes, joined, with their number.
std::pair<std::size_t, std::vector<std::uint8_t>> packets_of(Bytes stream, std::size_t piece) {
  std::pair<std::size_t, std::vector<std::uint8_t>> all;
  PacketFramer framer;
  while (!stream.empty()) {
    const Bytes part = stream.first(std::min(piece, stream.size()));
    stream = stream.subspan(part.size());
    framer.append(part);
    while (const auto packet = framer.next()) {
      PARLEY_ASSERT(!packet->empty());
      ++all.first;
      all.second.insert(all.second.end(), packet->begin(), packet->end());
    }
    PARLEY_ASSERT(framer.held() <= PacketFramer::kMaxPacket + 2);
  }
  return all;
}

// What is known stays so, whatever follows.
void check_first_bytes(Bytes stream) {
  Spoken known = Spoken::kNotYetKnown;
  for (std::size_t size = 0; size <= std::min(stream.size(), 2 * kFirstBytes); ++size) {
    const Spoken spoken = spoken_in(stream.first(size));
    PARLEY_ASSERT(known == Spoken::kNotYetKnown || spoken == known);
    PARLEY_ASSERT(size < kFirstBytes || spoken != Spoken::kNotYetKnown);
    known = spoken;
  }
}

}  // namespace
}  // namespace parley::net

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley::net;
  const parley::Bytes input(data, size);
  check_address(parley::as_text(input));
  PARLEY_ASSERT(!to_string(protocol_of(input)).empty());
  check_first_bytes(input);
  if (input.empty()) return 0;
  const parley::Bytes stream = input.subspan(1);
  PARLEY_ASSERT(packets_of(stream, input[0] + 1u) == packets_of(stream, stream.size()));
  return 0;
}
