#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

// Frames as a client sends them, for tests.
namespace parley::http::websocket {

inline constexpr std::string_view kTestMask = "\x37\xfa\x21\x3d";  // That of RFC 6455, 5.7.

// `first` is FIN, RSV1 to RSV3 and the opcode: 0x81 is a whole text message.
inline std::string client_frame(unsigned first, std::string_view payload) {
  std::string frame(1, static_cast<char>(first));
  const auto append = [&](std::uint64_t value, int bytes) {
    while (--bytes >= 0) frame.push_back(static_cast<char>(value >> (8 * bytes)));
  };
  if (payload.size() < 126) {
    append(0x80 | payload.size(), 1);
  } else if (payload.size() < 0x10000) {
    append(0x80 | 126, 1);
    append(payload.size(), 2);
  } else {
    append(0x80 | 127, 1);
    append(payload.size(), 8);
  }
  frame += kTestMask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    frame.push_back(static_cast<char>(payload[i] ^ kTestMask[i % 4]));
  }
  return frame;
}

// The payload of a Close frame.
inline std::string close_payload(unsigned code, std::string_view reason = {}) {
  return std::string{static_cast<char>(code >> 8), static_cast<char>(code)} + std::string(reason);
}

}  // namespace parley::http::websocket
