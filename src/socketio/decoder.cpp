#include "socketio/decoder.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace parley::socketio {
namespace {

// The parts of a packet's text, before anything is made of them.
struct Head {
  PacketType type = PacketType::kEvent;
  std::size_t attachments = 0;
  bool binary = false;
  std::string_view nsp = "/";
  std::optional<std::uint64_t> id = {};
  std::string_view data = {};
};

constexpr std::array<std::string_view, 6> kReserved = {
    "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes the digits off the front of `text`: nothing where there are none or too many.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  constexpr std::size_t kMaxDigits = 15;  // JavaScript counts exactly as far as that.
  std::uint64_t number = 0;
  const auto* const end = std::ranges::find_if_not(text, is_digit);
  const auto length = static_cast<std::size_t>(end - text.begin());
  if (length == 0 || length > kMaxDigits) return std::nullopt;
  std::from_chars(text.data(), end, number);
  text.remove_prefix(length);
  return number;
}

std::expected<Head, DecodeError> parse_head(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '6') {
    return std::unexpected(DecodeError::kUnknownType);
  }
  const int digit = text.front() - '0';
  text.remove_prefix(1);
  Head head{.type = static_cast<PacketType>(digit >= 5 ? digit - 3 : digit), .binary = digit >= 5};
  if (head.binary) {
    const auto count = take_number(text);
    if (!count || !text.starts_with('-')) return std::unexpected(DecodeError::kBadAttachmentCount);
    head.attachments = static_cast<std::size_t>(*count);
    text.remove_prefix(1);
  }
  if (text.starts_with('/')) {
    head.nsp = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), head.nsp.size() + 1));
  }
  if (!text.empty() && is_digit(text.front())) {
    head.id = take_number(text);
    if (!head.id) return std::unexpected(DecodeError::kBadId);
  }
  head.data = text;
  return head;
}

bool is_event(const Json& data) {
  const Json::Array* const array = data.as_array();
  return array != nullptr && !array->empty() && array->front().as_string() != nullptr;
}

std::optional<DecodeError> check_payload(const Packet& packet) {
  switch (packet.type) {
    case PacketType::kConnect:
      if (packet.data.is_null() || packet.data.as_object()) return std::nullopt;
      break;
    case PacketType::kDisconnect:
      if (packet.data.is_null()) return std::nullopt;
      break;
    case PacketType::kEvent:
      if (!is_event(packet.data)) break;
      if (std::ranges::count(kReserved, *packet.data.as_array()->front().as_string()) > 0) {
        return DecodeError::kReservedEvent;
      }
      return std::nullopt;
    case PacketType::kAck:
      if (!packet.id) return DecodeError::kBadId;
      if (packet.data.as_array() != nullptr) return std::nullopt;
      break;
    default: return DecodeError::kUnknownType;  // A client refuses nobody.
  }
  return DecodeError::kBadPayload;
}

std::expected<Packet, DecodeError> make_packet(const Head& head) {
  Packet packet{.type = head.type, .nsp = std::string(head.nsp), .id = head.id};
  if (!head.data.empty()) {
    auto data = Json::parse(head.data);
    if (!data) return std::unexpected(DecodeError::kBadJson);
    if (data->is_null()) return std::unexpected(DecodeError::kBadPayload);
    packet.data = *std::move(data);
  }
  if (const auto error = check_payload(packet)) return std::unexpected(*error);
  return packet;
}

bool is_placeholder(const Json& json) {
  const Json* const mark = json.find("_placeholder");
  return mark != nullptr && mark->as_bool() != nullptr && *mark->as_bool();
}

using Attachments = std::vector<std::optional<Json::Binary>>;

// Moves the attachments to where their placeholders stand. False when a placeholder names none, or
// one that has its place: to copy it for each would make memory out of nothing.
bool fill_placeholders(Json& json, Attachments& attachments) {
  const auto fill = [&](Json& inner) { return fill_placeholders(inner, attachments); };
  if (is_placeholder(json)) {
    const Json* const number = json.find("num");
    const std::int64_t* const index = number == nullptr ? nullptr : number->as_int();
    if (index == nullptr || *index < 0 || std::cmp_greater_equal(*index, attachments.size())) {
      return false;
    }
    auto attachment = std::exchange(attachments[static_cast<std::size_t>(*index)], std::nullopt);
    if (!attachment) return false;
    json = *std::move(attachment);
    return true;
  }
  if (Json::Array* const array = json.as_array()) return std::ranges::all_of(*array, fill);
  Json::Object* const members = json.as_object();
  return members == nullptr || std::ranges::all_of(*members, fill, &Json::Member::value);
}

}  // namespace

std::string_view to_string(DecodeError error) {
  switch (error) {
    case DecodeError::kUnknownType: return "unknown packet type";
    case DecodeError::kBadAttachmentCount: return "bad attachment count";
    case DecodeError::kTooManyAttachments: return "too many attachments";
    case DecodeError::kBadId: return "bad acknowledgement id";
    case DecodeError::kBadJson: return "bad JSON";
    case DecodeError::kBadPayload: return "bad payload";
    case DecodeError::kReservedEvent: return "reserved event name";
    case DecodeError::kBadPlaceholder: return "placeholder without attachment";
    case DecodeError::kTooLarge: return "attachments too large";
    case DecodeError::kUnexpectedBinary: return "binary where text was due";
    case DecodeError::kMissingBinary: return "text where binary was due";
  }
  return "";
}

Decoder::Result Decoder::add_text(std::string_view text, const DecoderLimits& limits) {
  if (incomplete_) return std::unexpected(DecodeError::kMissingBinary);
  const auto head = parse_head(text);
  if (!head) return std::unexpected(head.error());
  if (head->attachments > limits.attachments) {
    return std::unexpected(DecodeError::kTooManyAttachments);
  }
  auto packet = make_packet(*head);
  if (!packet) return std::unexpected(packet.error());
  if (head->attachments == 0) return std::optional(*std::move(packet));
  incomplete_ = std::make_unique<Incomplete>(
      Incomplete{.packet = *std::move(packet), .expected = head->attachments});
  return std::nullopt;
}

Decoder::Result Decoder::add_binary(Bytes data, const DecoderLimits& limits) {
  if (!incomplete_) return std::unexpected(DecodeError::kUnexpectedBinary);
  incomplete_->bytes += data.size();
  if (incomplete_->bytes > limits.attachment_bytes) return std::unexpected(DecodeError::kTooLarge);
  incomplete_->attachments.emplace_back(std::in_place, data.begin(), data.end());
  if (incomplete_->attachments.size() < incomplete_->expected) return std::nullopt;
  const auto whole = std::exchange(incomplete_, nullptr);
  if (!fill_placeholders(whole->packet.data, whole->attachments)) {
    return std::unexpected(DecodeError::kBadPlaceholder);
  }
  return std::optional(std::move(whole->packet));
}

}  // namespace parley::socketio
