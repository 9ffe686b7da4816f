#include "socketio/packet.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace parley::socketio {
namespace {

using Attachments = std::vector<engineio::Packet>;

bool has_binary(const Json& json) {
  if (json.as_binary() != nullptr) return true;
  if (const auto* const array = json.as_array()) return std::ranges::any_of(*array, has_binary);
  const auto* const members = json.as_object();
  return members != nullptr && std::ranges::any_of(*members, has_binary, &Json::Member::value);
}

// Writes `json` with a placeholder where binary stands, and collects the binary.
void append(std::string& text, const Json& json, Attachments& attachments) {
  if (!has_binary(json)) return json.append_to(text);
  if (const auto* const binary = json.as_binary()) {
    text += fmt::format(R"({{"_placeholder":true,"num":{}}})", attachments.size());
    attachments.push_back(engineio::Packet::message(Bytes(*binary)));
  } else if (const auto* const array = json.as_array()) {
    for (const Json& element : *array) {
      text.push_back(&element == array->data() ? '[' : ',');
      append(text, element, attachments);
    }
    text.push_back(']');
  } else {
    const auto& members = *json.as_object();
    for (const Json::Member& member : members) {
      text.push_back(&member == members.data() ? '{' : ',');
      Json(member.key).append_to(text);
      text.push_back(':');
      append(text, member.value, attachments);
    }
    text.push_back('}');
  }
}

// <4: an Engine.IO message><type>[<attachments>-][<namespace>,][<id>]<data>
Encoded assemble(PacketType type, std::string_view nsp, std::optional<std::uint64_t> id,
                 std::string_view data, Attachments attachments) {
  const bool binary = !attachments.empty();
  const int digit = std::to_underlying(type) + (binary ? 3 : 0);
  std::string head = fmt::format("4{}", digit);
  if (binary) head += fmt::format("{}-", attachments.size());
  if (nsp != "/") head.append(nsp).push_back(',');
  if (id) head += fmt::to_string(*id);
  const std::array<Bytes, 2> parts{as_bytes(head), as_bytes(data)};
  return {.text = {.frame = SharedBytes(parts)}, .attachments = std::move(attachments)};
}

}  // namespace

std::size_t Encoded::size() const {
  std::size_t size = text.frame.size();
  for (const engineio::Packet& attachment : attachments) size += attachment.frame.size();
  return size;
}

Encoded encode(const Packet& packet) {
  std::string data;
  Attachments attachments;
  if (!packet.data.is_null()) append(data, packet.data, attachments);
  return assemble(packet.type, packet.nsp, packet.id, data, std::move(attachments));
}

Encoded encode_event(std::string_view nsp, std::string_view event, const Arguments& arguments,
                     std::optional<std::uint64_t> id) {
  std::string data = "[";
  Attachments attachments;
  Json(event).append_to(data);
  for (const Json& argument : arguments) {
    data.push_back(',');
    append(data, argument, attachments);
  }
  data.push_back(']');
  return assemble(PacketType::kEvent, nsp, id, data, std::move(attachments));
}

}  // namespace parley::socketio
