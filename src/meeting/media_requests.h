#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "meeting/vocabulary.h"

// What the meeting asks of the media server, and what it hears from it, as values. A room is known
// by its name, a participant by its room and sid; whoever carries these out knows them by ids of
// its own. Requests are carried out in the order in which they were asked.
namespace parley::meeting {

// A description of a client's connection with the server, and what its sections that send will
// show, by mid.
struct MediaOffer {
  std::string sdp = {};
  Sources sources = {};

  static constexpr auto fields() {
    return std::tuple(field("sdp", &MediaOffer::sdp, kOfferLength),
                      field("sources", &MediaOffer::sources, kSources));
  }
  friend bool operator==(const MediaOffer&, const MediaOffer&) = default;
};

// What of a participant's may be forwarded now: it is permitted, and no host has switched it off.
// The rest is received, counted and dropped.
struct SetSending {
  bool microphone = true;
  bool camera = true;
  bool screen = true;
  bool screen_audio = true;
  bool messages = true;  // By the data channels.

  friend bool operator==(const SetSending&, const SetSending&) = default;
};

// How a participant is drawn in the picture of who is sent everyone in one.
struct Describe {
  std::string name = {};
  bool microphone = false;  // Is it on.
  bool camera = false;
  bool screen = false;
  bool hand = false;      // Is it raised.
  bool on_stage = true;   // False: in the audience of a lecture, and neither drawn nor named.
  bool lectures = false;  // A host of a lecture: drawn as one.

  friend bool operator==(const Describe&, const Describe&) = default;
};

// Makes the participant's connection, and its room if this is the first; answered by Answered under
// the ticket. One that it has already goes: nothing is heard of that any more. `renegotiate`: it
// stays, and what the offer says anew is done: ICE is restarted (RFC 8445, 9), slots are added; it
// is an error if there is none.
struct Connect {
  MediaOffer offer = {};
  bool renegotiate = false;
  SetSending sending = {};  // From the first packet on.
  Describe person = {};

  friend bool operator==(const Connect&, const Connect&) = default;
};

// The participant's connection, if any, is closed; nothing is heard of it any more.
struct Disconnect {
  friend bool operator==(const Disconnect&, const Disconnect&) = default;
};

enum class PictureSource : std::uint8_t { kCamera, kScreen };

constexpr std::array<std::pair<PictureSource, std::string_view>, 2> names_of(PictureSource) {
  return {{{PictureSource::kCamera, "camera"}, {PictureSource::kScreen, "screen"}}};
}

// A picture that is shown, in device pixels.
struct ViewTile {
  std::string sid = {};
  PictureSource source = PictureSource::kCamera;
  std::int64_t width = 0;
  std::int64_t height = 0;

  static constexpr auto fields() {
    return std::tuple(field("sid", &ViewTile::sid, kSidLength), field("source", &ViewTile::source),
                      field("width", &ViewTile::width, kPixels),
                      field("height", &ViewTile::height, kPixels));
  }
  friend bool operator==(const ViewTile&, const ViewTile&) = default;
};

// The largest picture that is of use, in device pixels.
struct ViewSize {
  std::int64_t width = 0;
  std::int64_t height = 0;

  static constexpr auto fields() {
    return std::tuple(field("width", &ViewSize::width, kPixels),
                      field("height", &ViewSize::height, kPixels));
  }
  friend bool operator==(const ViewSize&, const ViewSize&) = default;
};

// Which pictures the participant shows, the most important first; others are not sent. Until the
// first: everyone's, as slots allow, at 640x360. Who is not in the room may be named: their picture
// is shown once they are. A new connection begins without one.
struct SetView {
  std::vector<ViewTile> tiles = {};
  // Instead: everyone in one picture, no larger than this, and everyone's voices but their own in
  // one sound. There are no tiles then. Asked only of media that can (TopologyController::Config).
  std::optional<ViewSize> one_stream = {};

  friend bool operator==(const SetView&, const SetView&) = default;
};

// All connections of the room are closed, and it is forgotten. It has no `sid`.
struct CloseRoom {
  friend bool operator==(const CloseRoom&, const CloseRoom&) = default;
};

// A participant who has a connection is described with it, and by a Describe whenever that changes:
// in each room, for it is as seldom as a mute, and who asks for one stream has all at once.
using MediaRequest = std::variant<Connect, Disconnect, SetSending, SetView, Describe, CloseRoom>;

struct ToMedia {
  std::uint64_t ticket = 0;  // Of a Connect; else 0.
  std::string room = {};
  std::string sid = {};
  MediaRequest request = {};

  friend bool operator==(const ToMedia&, const ToMedia&) = default;
};

// ---- What is heard

// To a Connect, once each: the SDP of the answer, or a sentence that says what is wrong with the
// offer.
struct Answered {
  std::uint64_t ticket = 0;
  std::expected<std::string, std::string> answer = {};
};

// What these receive sections carry from now on: only those that have changed.
struct SlotsChanged {
  struct Slot {
    std::string mid = {};
    std::string sid = {};  // Empty: it carries nothing, or everyone.
    Source source = Source::kMicrophone;
    bool one_stream = false;  // It carries everyone, in one picture or sound: `sid` is empty.

    friend bool operator==(const Slot&, const Slot&) = default;
  };
  std::vector<Slot> slots = {};
};

// Who speaks, the loudest first; for the whole room, so it has no `sid`.
struct SpeakersChanged {
  std::vector<std::string> sids = {};
};

// What keeps a picture from being better.
enum class QualityLimit : std::uint8_t {
  kNone,      // Nothing: it is sent as it comes.
  kSender,    // The sender sends no better.
  kServer,    // The server has no more to give.
  kDownlink,  // The link to this participant.
  kTile,      // The tile: it shows no more than this.
  kPolicy,    // A host or the operator.
};

constexpr std::array<std::pair<QualityLimit, std::string_view>, 6> names_of(QualityLimit) {
  return {{{QualityLimit::kNone, "none"},
           {QualityLimit::kSender, "sender"},
           {QualityLimit::kServer, "server"},
           {QualityLimit::kDownlink, "downlink"},
           {QualityLimit::kTile, "tile"},
           {QualityLimit::kPolicy, "policy"}}};
}

// One picture as it is sent to a participant.
struct TileQuality {
  std::string sid = {};  // Empty where it is everyone's.
  PictureSource source = PictureSource::kCamera;
  std::string mid = {};  // The receive section that carries it.
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::int64_t fps = 0;
  std::int64_t bitrate = 0;  // Bits a second.
  QualityLimit limit = QualityLimit::kNone;
  bool paused = false;      // Nothing is sent, for lack of `limit`.
  bool one_stream = false;  // The picture of everyone.

  friend bool operator==(const TileQuality&, const TileQuality&) = default;
};

// At most once a second a participant, and only if something has changed.
struct QualityChanged {
  std::int64_t estimate = 0;  // Of what its link carries: bits a second.
  std::vector<TileQuality> tiles = {};
};

// To who publishes: which encodings somebody needs.
struct LayersChanged {
  PictureSource source = PictureSource::kCamera;
  std::vector<std::string> active = {};  // Rids.
};

struct ConnectionChanged {
  enum class State : std::uint8_t {
    kConnected,  // Media flows, at first or again.
    kLost,       // Nothing comes any more (RFC 7675); it may come back, or be restarted.
    kFailed,     // It is over, and closed.
  };
  State state = State::kConnected;
};

using MediaEvent = std::variant<Answered, SlotsChanged, SpeakersChanged, QualityChanged,
                                LayersChanged, ConnectionChanged>;

struct FromMedia {
  std::string room = {};
  std::string sid = {};
  MediaEvent event = {};
};

}  // namespace parley::meeting
