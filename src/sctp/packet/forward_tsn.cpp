#include "sctp/packet/forward_tsn.h"

namespace parley::sctp {

std::optional<ForwardTsn> ForwardTsn::parse(Bytes value) {
  ByteReader reader(value);
  ForwardTsn forward{.new_cumulative_tsn = reader.u32()};
  if (!reader.ok() || reader.remaining() % 4 != 0) return std::nullopt;
  forward.skipped.reserve(reader.remaining() / 4);
  while (!reader.at_end()) {
    const StreamId stream{reader.u16()};
    forward.skipped.push_back({.stream = stream, .ssn = reader.u16()});
  }
  return forward;
}

std::vector<std::uint8_t> ForwardTsn::write() const {
  ByteWriter writer;
  writer.u32(new_cumulative_tsn);
  for (const Skipped& skip : skipped) {
    writer.u16(skip.stream.value);
    writer.u16(skip.ssn);
  }
  return writer.take();
}

}  // namespace parley::sctp
