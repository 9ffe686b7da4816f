#include "sctp/packet/init.h"

#include <algorithm>
#include <utility>

#include "sctp/packet/big_endian.h"
#include "sctp/packet/chunk.h"

namespace parley::sctp {
namespace {

enum class Parameter : std::uint16_t {
  kIpv4Address = 5,
  kIpv6Address = 6,
  kStateCookie = 7,
  kUnrecognized = 8,
  kCookiePreservative = 9,
  kSupportedAddressTypes = 12,
  kZeroChecksum = 0x8001,
  kSupportedExtensions = 0x8008,
  kForwardTsnSupported = 0xC000,
};

// RFC 9653, 4 and 8: an error detection method that makes up for the checksum; 1 is DTLS.
constexpr std::uint32_t kDtlsDetectsErrors = 1;
constexpr std::size_t kMandatorySize = 16;

void read_extensions(Bytes types, Capabilities& capabilities) {
  for (const std::uint8_t type : types) {
    if (type == std::to_underlying(ChunkType::kForwardTsn)) capabilities.partial_reliability = true;
    if (type == std::to_underlying(ChunkType::kReConfig)) capabilities.re_config = true;
  }
}

// Whether to go on with the next parameter.
bool read_parameter(const Tlv& tlv, Init& init, ByteWriter& unrecognized) {
  switch (static_cast<Parameter>(tlv.type)) {
    case Parameter::kStateCookie: init.state_cookie = tlv.value; return true;
    case Parameter::kForwardTsnSupported: init.capabilities.partial_reliability = true; return true;
    case Parameter::kSupportedExtensions:
      read_extensions(tlv.value, init.capabilities);
      return true;
    case Parameter::kZeroChecksum:
      init.capabilities.zero_checksum =
          tlv.value.size() == 4 && load_u32(tlv.value.data()) == kDtlsDetectsErrors;
      return true;
    case Parameter::kIpv4Address:
    case Parameter::kIpv6Address:
    case Parameter::kUnrecognized:
    case Parameter::kCookiePreservative:
    case Parameter::kSupportedAddressTypes: return true;  // Over DTLS there is one path, so to say.
  }
  const UnknownAction action = action_if_unknown(tlv.type);
  if (reports(action) && unrecognized.size() + tlv.whole.size() + 8 <= Init::kMaxUnrecognized) {
    write_tlv(unrecognized, std::to_underlying(Parameter::kUnrecognized), tlv.whole);
  }
  return !stops(action);
}

}  // namespace

std::expected<Init, ParseError> Init::parse(Bytes value) {
  ByteReader reader(value);
  Init init;
  init.initiate_tag = reader.u32();
  init.receive_window = reader.u32();
  init.outbound_streams = reader.u16();
  init.inbound_streams = reader.u16();
  init.initial_tsn = reader.u32();
  if (!reader.ok()) return std::unexpected(ParseError::kTruncated);
  if (init.initiate_tag == 0 || init.outbound_streams == 0 || init.inbound_streams == 0) {
    return std::unexpected(ParseError::kBadValue);
  }
  ByteWriter unrecognized;
  TlvReader parameters(value.subspan(kMandatorySize));
  while (const auto parameter = parameters.next()) {
    if (!read_parameter(*parameter, init, unrecognized)) break;
  }
  if (!parameters.ok()) return std::unexpected(ParseError::kBadLength);
  init.unrecognized = unrecognized.take();
  return init;
}

std::vector<std::uint8_t> Init::write() const {
  ByteWriter writer;
  writer.u32(initiate_tag);
  writer.u32(receive_window);
  writer.u16(outbound_streams);
  writer.u16(inbound_streams);
  writer.u32(initial_tsn);
  if (!state_cookie.empty()) {
    write_tlv(writer, std::to_underlying(Parameter::kStateCookie), state_cookie);
  }
  std::vector<std::uint8_t> extensions;
  if (capabilities.re_config) extensions.push_back(std::to_underlying(ChunkType::kReConfig));
  if (capabilities.partial_reliability) {
    extensions.push_back(std::to_underlying(ChunkType::kForwardTsn));
    write_tlv(writer, std::to_underlying(Parameter::kForwardTsnSupported), {});
  }
  write_tlv(writer, std::to_underlying(Parameter::kSupportedExtensions), extensions);
  if (capabilities.zero_checksum) {
    std::uint8_t method[4];
    store_u32(method, kDtlsDetectsErrors);
    write_tlv(writer, std::to_underlying(Parameter::kZeroChecksum), method);
  }
  writer.bytes(unrecognized);
  return writer.take();
}

}  // namespace parley::sctp
