#pragma once

#include <cstdint>
#include <string_view>

// The states and kinds of a PeerConnection, by the W3C's names.
namespace parley::peer {

// RTCSdpType. Provisional answers are not made, and not taken: with trickle nobody needs them.
enum class SdpType : std::uint8_t { kOffer, kAnswer, kRollback };

// RTCSignalingState.
enum class SignalingState : std::uint8_t { kStable, kHaveLocalOffer, kHaveRemoteOffer, kClosed };

// RTCIceGatheringState.
enum class GatheringState : std::uint8_t { kNew, kGathering, kComplete };

// RTCPeerConnectionState: ICE and DTLS together.
enum class ConnectionState : std::uint8_t {
  kNew,
  kConnecting,
  kConnected,
  kDisconnected,
  kFailed,
  kClosed,
};

constexpr std::string_view to_string(SdpType type) {
  constexpr std::string_view kNames[] = {"offer", "answer", "rollback"};
  return kNames[static_cast<std::uint8_t>(type)];
}

constexpr std::string_view to_string(SignalingState state) {
  constexpr std::string_view kNames[] = {"stable", "have-local-offer", "have-remote-offer",
                                         "closed"};
  return kNames[static_cast<std::uint8_t>(state)];
}

constexpr std::string_view to_string(GatheringState state) {
  constexpr std::string_view kNames[] = {"new", "gathering", "complete"};
  return kNames[static_cast<std::uint8_t>(state)];
}

constexpr std::string_view to_string(ConnectionState state) {
  constexpr std::string_view kNames[] = {"new",          "connecting", "connected",
                                         "disconnected", "failed",     "closed"};
  return kNames[static_cast<std::uint8_t>(state)];
}

}  // namespace parley::peer
