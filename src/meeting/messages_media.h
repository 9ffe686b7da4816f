#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "meeting/media_requests.h"
#include "meeting/vocabulary.h"

// How media travels, and the connection with the server where it goes over that.
namespace parley::meeting {

// ---- From the client

struct ConnectMedia {
  static constexpr std::string_view kEvent = "negotiate";

  MediaOffer offer = {};
  std::optional<bool> renegotiate = {};

  static constexpr auto fields() {
    return std::tuple(field("offer", &ConnectMedia::offer),
                      field("renegotiate", &ConnectMedia::renegotiate));
  }
  friend bool operator==(const ConnectMedia&, const ConnectMedia&) = default;
};

struct ReportUnconnected {
  static constexpr std::string_view kEvent = "unconnected";

  std::string sid = {};

  static constexpr auto fields() {
    return std::tuple(field("sid", &ReportUnconnected::sid, kSidLength));
  }
  friend bool operator==(const ReportUnconnected&, const ReportUnconnected&) = default;
};

struct ChangeView {
  static constexpr std::string_view kEvent = "view";

  std::vector<ViewTile> tiles = {};
  std::optional<ViewSize> one_stream = {};

  static constexpr auto fields() {
    return std::tuple(field("tiles", &ChangeView::tiles, kTiles),
                      field("oneStream", &ChangeView::one_stream));
  }
  friend bool operator==(const ChangeView&, const ChangeView&) = default;
};

// ---- From the server

struct TopologyChanged {
  static constexpr std::string_view kEvent = "topology";

  Topology topology = Topology::kP2p;
  TopologyReason reason = TopologyReason::kThird;
  std::optional<std::string> answer = {};

  static constexpr auto fields() {
    return std::tuple(field("topology", &TopologyChanged::topology),
                      field("reason", &TopologyChanged::reason),
                      field("answer", &TopologyChanged::answer));
  }
  friend bool operator==(const TopologyChanged&, const TopologyChanged&) = default;
};

struct SlotView {
  std::string mid = {};
  std::optional<std::string> sid = {};  // None: it carries nothing, or everyone.
  std::optional<Source> source = {};
  std::optional<bool> one_stream = {};  // Everyone.

  static constexpr auto fields() {
    return std::tuple(field("mid", &SlotView::mid), field("sid", &SlotView::sid),
                      field("source", &SlotView::source),
                      field("oneStream", &SlotView::one_stream));
  }
  friend bool operator==(const SlotView&, const SlotView&) = default;
};

SlotView view_of(SlotsChanged::Slot slot);

struct SlotsTold {
  static constexpr std::string_view kEvent = "slots";

  std::vector<SlotView> slots = {};

  static constexpr auto fields() { return std::tuple(field("slots", &SlotsTold::slots)); }
  friend bool operator==(const SlotsTold&, const SlotsTold&) = default;
};

struct SpeakersTold {
  static constexpr std::string_view kEvent = "speakers";

  std::vector<std::string> sids = {};

  static constexpr auto fields() { return std::tuple(field("sids", &SpeakersTold::sids)); }
  friend bool operator==(const SpeakersTold&, const SpeakersTold&) = default;
};

// A TileQuality as it is told.
struct QualityView {
  std::optional<std::string> sid = {};  // None: it is the picture of everyone.
  std::optional<PictureSource> source = {};
  std::string mid = {};
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::int64_t fps = 0;
  std::int64_t bitrate = 0;
  QualityLimit limit = QualityLimit::kNone;
  bool paused = false;
  std::optional<bool> one_stream = {};

  static constexpr auto fields() {
    return std::tuple(field("sid", &QualityView::sid), field("source", &QualityView::source),
                      field("mid", &QualityView::mid), field("width", &QualityView::width),
                      field("height", &QualityView::height), field("fps", &QualityView::fps),
                      field("bitrate", &QualityView::bitrate), field("limit", &QualityView::limit),
                      field("paused", &QualityView::paused),
                      field("oneStream", &QualityView::one_stream));
  }
  friend bool operator==(const QualityView&, const QualityView&) = default;
};

QualityView view_of(TileQuality quality);

struct QualityTold {
  static constexpr std::string_view kEvent = "quality";

  std::int64_t estimate = 0;
  std::vector<QualityView> tiles = {};

  static constexpr auto fields() {
    return std::tuple(field("estimate", &QualityTold::estimate),
                      field("tiles", &QualityTold::tiles));
  }
  friend bool operator==(const QualityTold&, const QualityTold&) = default;
};

struct LayersTold {
  static constexpr std::string_view kEvent = "layers";

  PictureSource source = PictureSource::kCamera;
  std::vector<std::string> active = {};

  static constexpr auto fields() {
    return std::tuple(field("source", &LayersTold::source), field("active", &LayersTold::active));
  }
  friend bool operator==(const LayersTold&, const LayersTold&) = default;
};

}  // namespace parley::meeting
