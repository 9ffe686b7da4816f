#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/schema.h"
#include "store/records.h"

// The words that several messages share, and the limits of single fields.
namespace parley::meeting {

using store::Permissions;
using store::Role;
using store::RoomSettings;
using store::UserId;

enum class Topology : std::uint8_t { kAuto, kP2p, kSfu, kMcu };

constexpr std::array<std::pair<Topology, std::string_view>, 4> names_of(Topology) {
  return {{{Topology::kAuto, "auto"},
           {Topology::kP2p, "p2p"},
           {Topology::kSfu, "sfu"},
           {Topology::kMcu, "mcu"}}};
}

// Why another topology holds.
enum class TopologyReason : std::uint8_t {
  kThird,        // More people than are connected with each other directly.
  kUnconnected,  // Two of them could not be.
  kViewer,       // Somebody is there who may send nothing.
  kOneStream,    // Somebody is sent everyone in one stream, which the server makes.
  kForced,       // The room's maker has asked for it.
  kLecture,      // The audience is for the server alone to reach.
  kAlone,        // One is left: nothing is to be sent.
  kLeft,         // Few enough are left.
};

inline constexpr std::size_t kTopologyReasons = 8;

constexpr std::array<std::pair<TopologyReason, std::string_view>, kTopologyReasons> names_of(
    TopologyReason) {
  return {{{TopologyReason::kThird, "third"},
           {TopologyReason::kUnconnected, "unconnected"},
           {TopologyReason::kViewer, "viewer"},
           {TopologyReason::kOneStream, "one-stream"},
           {TopologyReason::kForced, "forced"},
           {TopologyReason::kLecture, "lecture"},
           {TopologyReason::kAlone, "alone"},
           {TopologyReason::kLeft, "left"}}};
}

// RTCSdpType (W3C WebRTC 1.0, 4.6.1).
enum class SdpType : std::uint8_t { kOffer, kAnswer, kPranswer, kRollback };

constexpr std::array<std::pair<SdpType, std::string_view>, 4> names_of(SdpType) {
  return {{{SdpType::kOffer, "offer"},
           {SdpType::kAnswer, "answer"},
           {SdpType::kPranswer, "pranswer"},
           {SdpType::kRollback, "rollback"}}};
}

// What a track shows.
enum class Source : std::uint8_t { kMicrophone, kCamera, kScreen, kScreenAudio };

constexpr std::array<std::pair<Source, std::string_view>, 4> names_of(Source) {
  return {{{Source::kMicrophone, "microphone"},
           {Source::kCamera, "camera"},
           {Source::kScreen, "screen"},
           {Source::kScreenAudio, "screen-audio"}}};
}

// What a host can switch off, or ask for.
enum class HostedSource : std::uint8_t { kMicrophone, kCamera, kScreen };

constexpr std::array<std::pair<HostedSource, std::string_view>, 3> names_of(HostedSource) {
  return {{{HostedSource::kMicrophone, "microphone"},
           {HostedSource::kCamera, "camera"},
           {HostedSource::kScreen, "screen"}}};
}

// kAudience: the stage of a lecture; they are in the room still.
enum class LeaveReason : std::uint8_t { kLeft, kTimeout, kRemoved, kAudience };

constexpr std::array<std::pair<LeaveReason, std::string_view>, 4> names_of(LeaveReason) {
  return {{{LeaveReason::kLeft, "left"},
           {LeaveReason::kTimeout, "timeout"},
           {LeaveReason::kRemoved, "removed"},
           {LeaveReason::kAudience, "audience"}}};
}

// Why waiting to be admitted is over without success.
enum class RefusedReason : std::uint8_t { kRefused, kLocked, kEnded, kTimeout };

constexpr std::array<std::pair<RefusedReason, std::string_view>, 4> names_of(RefusedReason) {
  return {{{RefusedReason::kRefused, "refused"},
           {RefusedReason::kLocked, "locked"},
           {RefusedReason::kEnded, "ended"},
           {RefusedReason::kTimeout, "timeout"}}};
}

// The limits of single fields. The transport bounds the whole message before it comes here.
inline constexpr Range kRoomLength{.min = 1, .max = 64};
inline constexpr Range kNameLength{.min = 1, .max = 64};
inline constexpr Range kSidLength{.min = 1, .max = 64};
inline constexpr Range kTokenLength{.max = 2 << 10};  // A JWT of ours has 400 bytes.
inline constexpr Range kResumeLength{.max = 256};
inline constexpr Range kSdpLength{.max = 64 << 10};
inline constexpr Range kOfferLength{.min = 1, .max = 64 << 10};
inline constexpr Range kSources{.max = 32};  // A mesh peer sends a handful; an SFU slot list 25.
inline constexpr Range kCandidateLength{.max = 1 << 10};
inline constexpr Range kMidLength{.max = 64};
inline constexpr Range kUfragLength{.max = 256};  // RFC 8839, 5.4.

inline constexpr Range kPixels{.min = 1, .max = 16'384};  // Of a tile: no screen has more.
inline constexpr Range kTiles{.max = 64};                 // Of a view; at most 25 are sent.

inline constexpr Range kSids{.min = 1, .max = 256};
inline constexpr Range kEmojiLength{.min = 1, .max = 32};
inline constexpr Range kKeyLength{.min = 1, .max = 64};
inline constexpr Range kChatLength{.min = 1, .max = 4'000};
inline constexpr Range kQuestionLength{.min = 1, .max = 500};
inline constexpr Range kPageLength{.min = 1, .max = 100};
inline constexpr Range kMessageNumber{.min = 1};
inline constexpr Range kPlace{.min = 0};  // In the audience.
inline constexpr Range kItemLength{.min = 8, .max = 64};
inline constexpr Range kTodoLength{.min = 1, .max = 500};
inline constexpr Range kPositionLength{.min = 1, .max = 64};
inline constexpr Range kChanges{.min = 1, .max = 100};
inline constexpr Range kAge{.min = 0, .max = std::int64_t{30} * 86'400'000};  // ms: 30 days.

using Sources = std::map<std::string, Source>;  // By mid.

// Milliseconds since 1970, as times are told.
inline std::int64_t as_number(UnixMillis time) {
  return time.time_since_epoch().count();
}

}  // namespace parley::meeting
