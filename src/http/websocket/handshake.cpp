#include "http/websocket/handshake.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/base64.h"
#include "crypto/hash.h"
#include "http/text.h"

namespace parley::http::websocket {
namespace {

constexpr std::string_view kVersion = "13";
constexpr std::string_view kKeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455, 1.3.
constexpr std::size_t kKeyBytes = 16;
constexpr std::size_t kKeyCharacters = 24;  // With its padding.

// All fields of that name in one list, as RFC 9110, 5.3 lets a client split it.
std::string joined_fields(const Request& request, std::string_view name) {
  std::string list;
  for (const auto& [known, value] : request.headers) {
    if (!equals_ignoring_case(known, name)) continue;
    if (!list.empty()) list += ',';
    list += value;
  }
  return list;
}

std::string_view unquoted(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return value;
  return value.substr(1, value.size() - 2);
}

// RFC 7692, 7.1.2: "8" to "15", with no leading zero.
std::optional<int> parse_window_bits(std::string_view value) {
  if (value.size() == 1 && (value[0] == '8' || value[0] == '9')) return value[0] - '0';
  if (value.size() == 2 && value[0] == '1' && value[1] >= '0' && value[1] <= '5') {
    return 10 + (value[1] - '0');
  }
  return std::nullopt;
}

// What one offer of permessage-deflate asks for. A parameter that is unknown, repeated or has a
// value that it cannot have spoils the offer.
class Offer {
 public:
  std::optional<DeflateParameters> parse(std::string_view parameters) {
    while (!parameters.empty()) {
      const auto [parameter, rest] = split(parameters, ';');
      const auto [name, value] = split(parameter, '=');
      if (!add(name, unquoted(value), parameter.contains('='))) return std::nullopt;
      parameters = rest;
    }
    return agreed_;
  }

 private:
  bool add(std::string_view name, std::string_view value, bool has_value) {
    if (std::ranges::find(seen_, name) != seen_.end() || count_ == seen_.size()) return false;
    seen_[count_++] = name;
    if (name == "server_no_context_takeover") {
      return agreed_.server_no_context_takeover = !has_value;
    }
    if (name == "client_no_context_takeover") {
      return agreed_.client_no_context_takeover = !has_value;
    }
    if (name == "client_max_window_bits" && !has_value) return true;
    const auto bits = parse_window_bits(value);
    if (!bits) return false;
    if (name == "server_max_window_bits") agreed_.server_max_window_bits = *bits;
    if (name == "client_max_window_bits") agreed_.client_max_window_bits = *bits;
    return name == "server_max_window_bits" || name == "client_max_window_bits";
  }

  DeflateParameters agreed_;
  std::array<std::string_view, 4> seen_ = {};
  std::size_t count_ = 0;
};

// The parameters in force, as the response names them. What is at its default is left out.
std::string extension_response(const DeflateParameters& agreed) {
  std::string text = "permessage-deflate";
  if (agreed.server_no_context_takeover) text += "; server_no_context_takeover";
  if (agreed.client_no_context_takeover) text += "; client_no_context_takeover";
  if (agreed.server_max_window_bits < 15) {
    text += fmt::format("; server_max_window_bits={}", agreed.server_max_window_bits);
  }
  if (agreed.client_max_window_bits < 15) {
    text += fmt::format("; client_max_window_bits={}", agreed.client_max_window_bits);
  }
  return text;
}

std::optional<std::string> choose_subprotocol(std::string_view offered,
                                              const std::vector<std::string>& spoken) {
  for (const std::string& subprotocol : spoken) {
    bool found = false;
    for_each_element(offered, [&](std::string_view name) { found |= name == subprotocol; });
    if (found) return subprotocol;
  }
  return std::nullopt;
}

bool is_key(std::string_view key) {
  if (key.size() != kKeyCharacters) return false;
  const auto bytes = from_base64(key);
  return bytes && bytes->size() == kKeyBytes;
}

}  // namespace

bool is_upgrade(const Request& request, bool connection_upgrade) {
  if (!connection_upgrade || request.method != Method::kGet) return false;
  const auto upgrade = request.header("Upgrade");
  return upgrade && list_contains(*upgrade, "websocket");
}

std::expected<Handshake, Response> accept(const Request& request, const WebSocketConfig& config) {
  if (request.header("Sec-WebSocket-Version") != kVersion) {
    return std::unexpected(
        Response::problem(426, "Upgrade Required", "only WebSocket version 13 is spoken")
            .with("Sec-WebSocket-Version", kVersion));
  }
  const auto key = request.header("Sec-WebSocket-Key");
  if (!key || !is_key(*key)) {
    return std::unexpected(Response::problem(400, "Bad Request", "it must be 16 bytes in Base64",
                                             "Sec-WebSocket-Key"));
  }
  Handshake handshake{.response = Response{.status = 101}
                                      .with("Upgrade", "websocket")
                                      .with("Connection", "Upgrade")
                                      .with("Sec-WebSocket-Accept", accept_key(*key))};
  if (config.deflate) {
    handshake.deflate = negotiate_deflate(joined_fields(request, "Sec-WebSocket-Extensions"));
    if (handshake.deflate) {
      handshake.response.with("Sec-WebSocket-Extensions", extension_response(*handshake.deflate));
    }
  }
  if (!config.subprotocols.empty()) {
    const auto subprotocol =
        choose_subprotocol(joined_fields(request, "Sec-WebSocket-Protocol"), config.subprotocols);
    if (subprotocol) handshake.response.with("Sec-WebSocket-Protocol", *subprotocol);
  }
  return handshake;
}

std::string accept_key(std::string_view key) {
  std::string text(key);
  text += kKeySuffix;
  return to_base64(crypto::sha1(as_bytes(text)));
}

std::optional<DeflateParameters> negotiate_deflate(std::string_view extensions) {
  std::optional<DeflateParameters> agreed;
  for_each_element(extensions, [&](std::string_view extension) {
    const auto [name, parameters] = split(extension, ';');
    if (!agreed && name == "permessage-deflate") agreed = Offer().parse(parameters);
  });
  return agreed;
}

}  // namespace parley::http::websocket
