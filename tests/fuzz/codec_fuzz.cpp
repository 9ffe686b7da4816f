// Whatever arrives as a payload: parsers must hold, what is written from what was read must read
// the same, and what a packetizer cuts must come together again.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/assert.h"
#include "codec/av1.h"
#include "codec/dependency_descriptor.h"
#include "codec/frame_assembler.h"
#include "codec/h264.h"
#include "codec/opus.h"
#include "codec/vp8.h"
#include "codec/vp9.h"
#include "codec/vp9_frame.h"

namespace parley::codec {
namespace {

void check_vp8(Bytes payload) {
  vp8_picture_size(payload);
  const auto descriptor = Vp8Descriptor::parse(payload);
  if (!descriptor) return;
  ByteWriter writer;
  descriptor->write_to(writer);
  std::vector<std::uint8_t> rewritten = writer.take();
  auto again = Vp8Descriptor::parse(rewritten).value();
  again.size = descriptor->size;  // A bit that announces nothing may be lost.
  PARLEY_ASSERT(again == *descriptor);
  std::vector<std::uint8_t> copy(payload.begin(), payload.end());
  descriptor->rewrite(copy, 0x7FFF, 0xFF);
  PARLEY_ASSERT(Vp8Descriptor::parse(copy)->size == descriptor->size);
}

void check_vp9(Bytes payload) {
  vp9_picture_size(payload);
  std::size_t together = 0;
  for (const Bytes frame : split_vp9_superframe(payload).value_or(std::vector<Bytes>{})) {
    together += frame.size();
  }
  PARLEY_ASSERT(together <= payload.size());
  const auto descriptor = Vp9Descriptor::parse(payload);
  if (!descriptor) return;
  ByteWriter writer;
  descriptor->write_to(writer);
  auto again = Vp9Descriptor::parse(writer.view()).value();
  again.size = descriptor->size;
  // Of sizes that begin with 0x0 the writer takes it that there are none.
  if (descriptor->structure && descriptor->structure->sizes[0] == PictureSize{}) {
    again.structure = descriptor->structure;
  }
  PARLEY_ASSERT(again == *descriptor);
}

void check_h264(Bytes bytes) {
  H264Payload::parse(bytes);
  H264Depacketizer depacketizer;
  for (const Payload& payload : packetize_h264(bytes, 20)) {
    PARLEY_ASSERT(payload.bytes.size() <= 20);
    if (!depacketizer.add(payload.bytes)) return;  // A NAL unit of a type that does not travel.
  }
  depacketizer.take();
}

void check_av1(Bytes bytes) {
  Av1Depacketizer hostile;
  hostile.add(bytes);
  hostile.add(bytes);
  hostile.take();
  const auto payloads = packetize_av1(bytes, 20);
  if (!payloads) return;
  Av1Depacketizer depacketizer;
  for (const Payload& payload : *payloads) {
    PARLEY_ASSERT(payload.bytes.size() <= 20);
    PARLEY_ASSERT(depacketizer.add(payload.bytes));
  }
  const auto unit = depacketizer.take();
  PARLEY_ASSERT(packetize_av1(unit, 20).value() == *payloads);
}

void check_audio(Bytes payload) {
  if (const auto toc = OpusToc::parse(payload)) PARLEY_ASSERT(toc->timestamp_units() <= 5'760);
  const auto blocks = parse_red(payload);
  if (!blocks) return;
  ByteWriter writer;
  write_red(writer, *blocks);
  PARLEY_ASSERT(parse_red(writer.view())->size() == blocks->size());
}

// The bytes as a row of descriptors, and as a row of packets.
void check_streams(Bytes bytes) {
  DependencyReader reader;
  FrameAssembler assembler;
  while (!bytes.empty()) {
    const std::size_t size = std::min<std::size_t>(bytes[0] & 0x3F, bytes.size() - 1);
    const Bytes one = bytes.subspan(1, size);
    if (const auto frame = reader.read(one)) {
      PARLEY_ASSERT(frame->indications.size() == reader.structure()->decode_targets);
    }
    assembler.add(size % 4, (bytes[0] & 0x80) != 0, (bytes[0] & 0x40) != 0, size % 2 == 0, one);
    bytes = bytes.subspan(1 + size);
  }
}

}  // namespace
}  // namespace parley::codec

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  const Bytes input(data, size);
  codec::check_vp8(input);
  codec::check_vp9(input);
  codec::check_h264(input);
  codec::check_av1(input);
  codec::check_audio(input);
  codec::check_streams(input);
  return 0;
}
