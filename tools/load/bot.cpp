#include "load/bot.h"

#include <utility>

namespace parley::load {
namespace {

std::string text_of(const Json& fields, std::string_view key) {
  const Json* const value = fields.find(key);
  return value != nullptr && value->as_string() != nullptr ? *value->as_string() : std::string();
}

bool is_ok(const Json& fields) {
  const Json* const ok = fields.find("ok");
  return ok != nullptr && ok->as_bool() != nullptr && *ok->as_bool();
}

std::string problem_of(const Json& fields) {
  const Json* const error = fields.find("error");
  return error != nullptr ? text_of(*error, "message") : std::string("the server refused it");
}

}  // namespace

Bot::Bot(const Shared& shared, Config config)
    : shared_(shared),
      config_(std::move(config)),
      media_(shared, config_.media, [this](std::string_view problem) { fail(problem); }) {}

void Bot::start() {
  started_ = shared_.loop.now();
  if (const auto opened = media_.open(); !opened) return fail(opened.error());
  media_.add_sections(config_.audio_slots, config_.video_slots);
  const auto offer = media_.offer();
  if (!offer) return fail(offer.error());
  auto signalling = Signalling::connect(shared_.loop, shared_.random, config_.signalling, *this);
  if (!signalling) return fail(signalling.error());
  signalling_ = *std::move(signalling);
  signalling_->request("join",
                       Json::Object{{"room", config_.room},
                                    {"name", config_.name},
                                    {"micinf", !media_.microphone_mid().empty()},
                                    {"vidinf", !media_.camera_mid().empty()},
                                    {"topology", "sfu"},
                                    {"lecture", config_.lecture},
                                    {"offer", describe_offer(*offer)}},
                       [this](const Json& fields) { on_joined(fields); });
}

// With what its sections show.
Json Bot::describe_offer(const std::string& sdp) const {
  Json::Object sources;
  if (const auto mid = media_.microphone_mid(); !mid.empty())
    sources.push_back({mid, "microphone"});
  if (const auto mid = media_.camera_mid(); !mid.empty()) sources.push_back({mid, "camera"});
  return Json::Object{{"sdp", sdp}, {"sources", std::move(sources)}};
}

void Bot::on_joined(const Json& fields) {
  if (!is_ok(fields)) return fail(problem_of(fields));
  summary_.joined = shared_.loop.now() - started_;
  if (config_.one_stream > 0) ask_for_one_stream();
  if (text_of(fields, "topology") == "sfu") take_answer(fields);
}

void Bot::ask_for_one_stream() {
  const Json::Object size{{"width", config_.one_stream * 16 / 9}, {"height", config_.one_stream}};
  signalling_->request("view", Json::Object{{"tiles", Json::Array{}}, {"oneStream", size}},
                       [this](const Json& fields) {
                         if (!is_ok(fields)) fail(problem_of(fields));
                       });
}

void Bot::on_event(std::string_view event, const Json& fields) {
  if (event == "topology" && text_of(fields, "topology") == "sfu") return take_answer(fields);
  for (const std::string_view end : {"refused", "removed", "ended", "replaced", "closing"}) {
    if (event == end) return fail(end);
  }
}

// Where the server has answered; else it is to be asked.
void Bot::take_answer(const Json& fields) {
  if (summary_.state != State::kJoining) return;
  const std::string answer = text_of(fields, "answer");
  if (answer.empty()) return ask_for_connection();
  summary_.state = State::kConnecting;
  if (const auto taken = media_.take_answer(answer); !taken) fail(taken.error());
}

void Bot::ask_for_connection() {
  const auto offer = media_.offer();
  if (!offer) return fail(offer.error());
  signalling_->request("negotiate", Json::Object{{"offer", describe_offer(*offer)}},
                       [this](const Json& fields) {
                         if (!is_ok(fields) || text_of(fields, "answer").empty()) {
                           return fail(problem_of(fields));
                         }
                         take_answer(fields);
                       });
}

Member::Summary Bot::summary() const {
  Summary summary = summary_;
  media_.add_to(summary);
  if (summary.state == State::kConnecting && media_.is_connected()) {
    summary.state = State::kConnected;
  }
  return summary;
}

void Bot::leave() {
  media_.close();
  if (signalling_) signalling_->close();
}

void Bot::fail(std::string_view problem) {
  if (summary_.state == State::kFailed) return;
  summary_.state = State::kFailed;
  summary_.problem = problem;
}

}  // namespace parley::load
