#include "server/whip/director.h"

#include <algorithm>
#include <array>
#include <functional>
#include <ranges>
#include <utility>

#include "server/whip/fields.h"

namespace parley::server {
namespace {

// So that nothing is made smaller for the tile's sake: how large a player shows it nobody tells.
constexpr int kWidth = 1'920, kHeight = 1'080;

}  // namespace

void Director::welcome(const Json& body) {
  for (const Json& other : list_of(body, "participants")) put(other);
  has_one_stream_ = is_true(body, "oneStream");
  if (const Json* const settings = body.find("settings")) lecture_ = is_true(*settings, "lecture");
}

void Director::handle(std::string_view event, const Json& body) {
  static constexpr std::array<std::string_view, 3> kWhole = {"joined", "back", "participant"};
  if (std::ranges::find(kWhole, event) != kWhole.end()) {
    if (const Json* const participant = body.find("participant")) put(*participant);
  } else if (event == "media") {
    set(text_of(body, "sid"), body);
  } else if (event == "left") {
    remove(text_of(body, "sid"));
  } else if (event == "speakers") {
    hear(body);
  } else if (event == "settings") {
    lecture_ = is_true(body, "lecture");
  }
}

void Director::put(const Json& participant) {
  const std::string_view sid = text_of(participant, "sid");
  if (!wish_.name.empty()) {
    std::erase(wished_, sid);
    if (text_of(participant, "name") != wish_.name) return remove(sid);
    wished_.emplace_back(sid);
  }
  set(sid, participant);
}

void Director::set(std::string_view sid, const Json& flags) {
  if (!wish_.name.empty() && std::ranges::find(wished_, sid) == wished_.end()) return;
  if (wish_.source != "screen") show(sid, false, is_true(flags, "vidinf"));
  if (wish_.source != "camera") show(sid, true, is_true(flags, "scrinf"));
}

void Director::show(std::string_view sid, bool screen, bool on) {
  std::vector<Picture>& pictures = screen ? screens_ : cameras_;
  const auto known = std::ranges::find(pictures, sid, &Picture::sid);
  if (on == (known != pictures.end())) return;
  if (on) {
    pictures.push_back({std::string(sid), screen});
  } else {
    pictures.erase(known);
  }
}

void Director::remove(std::string_view sid) {
  std::erase(wished_, sid);
  show(sid, false, false);
  show(sid, true, false);
}

void Director::hear(const Json& speakers) {
  const Json::Array& sids = list_of(speakers, "sids");
  const auto speaks = [&](const Picture& picture) {
    return std::ranges::find(sids, Json(picture.sid)) != sids.end();
  };
  const auto now = std::ranges::find(cameras_, speaker_, &Picture::sid);
  if (now != cameras_.end() && speaks(*now)) return;
  for (const Json& sid : sids) {
    if (sid.as_string() == nullptr) continue;
    if (std::ranges::find(cameras_, *sid.as_string(), &Picture::sid) == cameras_.end()) continue;
    speaker_ = *sid.as_string();
    return;
  }
}

// Who asks for somebody's pictures is not shown everyone's.
bool Director::wants_one_stream() const {
  const bool wished = wish_.view == "all" || (wish_.view != "each" && lecture_ &&
                                              wish_.name.empty() && wish_.source.empty());
  return wished && has_one_stream_;
}

std::optional<Json> Director::take_view() {
  if (wants_one_stream()) {
    if (std::exchange(in_one_stream_, true)) return std::nullopt;
    shown_.reset();
    return Json::Object{{"tiles", Json::Array{}},
                        {"oneStream", Json::Object{{"width", kWidth}, {"height", kHeight}}}};
  }
  in_one_stream_ = false;
  std::vector<Picture> shown;
  const auto take = [&](auto&& some) {
    for (const Picture& picture : some | std::views::take(pictures_ - shown.size())) {
      shown.push_back(picture);
    }
  };
  const auto speaks = [&](const Picture& camera) { return camera.sid == speaker_; };
  take(screens_ | std::views::reverse);
  take(cameras_ | std::views::filter(speaks));
  take(cameras_ | std::views::filter(std::not_fn(speaks)));
  if (shown_ == shown) return std::nullopt;
  Json::Array tiles;
  for (const Picture& picture : shown) {
    tiles.push_back(Json::Object{{"sid", picture.sid},
                                 {"source", picture.screen ? "screen" : "camera"},
                                 {"width", kWidth},
                                 {"height", kHeight}});
  }
  shown_ = std::move(shown);
  return Json::Object{{"tiles", std::move(tiles)}};
}

}  // namespace parley::server
