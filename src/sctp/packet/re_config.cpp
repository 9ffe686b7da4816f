#include "sctp/packet/re_config.h"

#include <optional>
#include <utility>

#include "base/overloaded.h"
#include "sctp/packet/chunk.h"

namespace parley::sctp {
namespace {

enum class Parameter : std::uint16_t {
  kOutgoingReset = 13,
  kIncomingReset = 14,
  kSsnTsnReset = 15,
  kResponse = 16,
  kAddOutgoing = 17,
  kAddIncoming = 18,
};

constexpr std::size_t kMaxParameters = 2;

std::vector<StreamId> read_streams(ByteReader& reader) {
  std::vector<StreamId> streams;
  streams.reserve(reader.remaining() / 2);
  while (reader.remaining() >= 2) streams.push_back({reader.u16()});
  return streams;
}

void write_streams(ByteWriter& writer, const std::vector<StreamId>& streams) {
  for (const StreamId stream : streams) writer.u16(stream.value);
}

// Each of the fields is read in its own statement: the order within one is not given.
std::optional<ReConfigParameter> read(const Tlv& tlv) {
  ByteReader reader(tlv.value);
  const std::uint32_t number = reader.u32();
  std::optional<ReConfigParameter> parameter;
  switch (static_cast<Parameter>(tlv.type)) {
    case Parameter::kOutgoingReset: {
      OutgoingResetRequest reset{.request = number};
      reset.response = reader.u32();
      reset.last_tsn = reader.u32();
      reset.streams = read_streams(reader);
      parameter = std::move(reset);
      break;
    }
    case Parameter::kIncomingReset:
      parameter = IncomingResetRequest{.request = number, .streams = read_streams(reader)};
      break;
    case Parameter::kAddOutgoing:
      parameter = AddStreamsRequest{.request = number, .count = reader.u16()};
      break;
    case Parameter::kResponse:
      parameter =
          ReConfigResponse{.response = number, .result = static_cast<ResetResult>(reader.u32())};
      break;
    case Parameter::kSsnTsnReset:
    case Parameter::kAddIncoming: parameter = OtherRequest{.request = number}; break;
  }
  if (!reader.ok()) return std::nullopt;
  return parameter;
}

void write_parameter(ByteWriter& writer, Parameter type, const ByteWriter& value) {
  write_tlv(writer, std::to_underlying(type), value.view());
}

}  // namespace

std::expected<std::vector<ReConfigParameter>, ParseError> parse_re_config(Bytes value) {
  std::vector<ReConfigParameter> parameters;
  TlvReader reader(value);
  while (const auto tlv = reader.next()) {
    auto parameter = read(*tlv);
    if (!parameter || parameters.size() == kMaxParameters) {
      return std::unexpected(ParseError::kBadValue);
    }
    parameters.push_back(*std::move(parameter));
  }
  if (!reader.ok()) return std::unexpected(ParseError::kBadLength);
  if (parameters.empty()) return std::unexpected(ParseError::kTruncated);
  return parameters;
}

void write_to(ByteWriter& writer, const ReConfigParameter& parameter) {
  ByteWriter value;
  std::visit(overloaded{
                 [&](const OutgoingResetRequest& reset) {
                   value.u32(reset.request);
                   value.u32(reset.response);
                   value.u32(reset.last_tsn);
                   write_streams(value, reset.streams);
                   write_parameter(writer, Parameter::kOutgoingReset, value);
                 },
                 [&](const IncomingResetRequest& reset) {
                   value.u32(reset.request);
                   write_streams(value, reset.streams);
                   write_parameter(writer, Parameter::kIncomingReset, value);
                 },
                 [&](const AddStreamsRequest& add) {
                   value.u32(add.request);
                   value.u16(add.count);
                   value.u16(0);
                   write_parameter(writer, Parameter::kAddOutgoing, value);
                 },
                 [&](const OtherRequest& other) {
                   value.u32(other.request);
                   write_parameter(writer, Parameter::kSsnTsnReset, value);
                 },
                 [&](const ReConfigResponse& response) {
                   value.u32(response.response);
                   value.u32(std::to_underlying(response.result));
                   write_parameter(writer, Parameter::kResponse, value);
                 },
             },
             parameter);
}

}  // namespace parley::sctp
