#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace parley::rtp {

// The header extensions that we know (RFC 8285 names each by a URI).
enum class Extension : std::uint8_t {
  kMid,                      // RFC 9143
  kRid,                      // RFC 8852
  kRepairedRid,              // RFC 8852
  kAudioLevel,               // RFC 6464
  kTransportSequenceNumber,  // draft-holmer-rmcat-transport-wide-cc-extensions-01
  kAbsoluteSendTime,         // webrtc.org's abs-send-time
  kPlayoutDelay,             // webrtc.org's playout-delay
  kVideoOrientation,         // 3GPP TS 26.114
  kDependencyDescriptor,     // AV1 RTP specification, A.8
  kAbsoluteCaptureTime,      // webrtc.org's abs-capture-time
};

inline constexpr std::size_t kExtensions = 10;

std::string_view uri_of(Extension extension);
std::optional<Extension> extension_of(std::string_view uri);

// Which id stands for which extension, as an offer and its answer agreed (a=extmap).
class ExtensionMap {
 public:
  // Ids above it make Firefox refuse our offer.
  static constexpr std::uint8_t kMaxId = 14;

  // `id`: 1 to 255. The later of two wins, for the id and for the extension.
  void set(Extension extension, std::uint8_t id);

  std::optional<std::uint8_t> id_of(Extension extension) const;
  std::optional<Extension> find(std::uint8_t id) const;

  friend bool operator==(const ExtensionMap&, const ExtensionMap&) = default;

 private:
  std::array<std::uint8_t, kExtensions> ids_ = {};  // By Extension; 0: not agreed on.
};

}  // namespace parley::rtp
