#include "load/whip_bot.h"

#include <fmt/format.h>

#include <utility>

#include "load/meeting.h"

namespace parley::load {

WhipBot::WhipBot(const Shared& shared, Config config)
    : shared_(shared),
      config_(std::move(config)),
      media_(shared, config_.media, [this](std::string_view problem) { fail(problem); }) {}

void WhipBot::start() {
  started_ = shared_.loop.now();
  if (const auto opened = media_.open(); !opened) return fail(opened.error());
  const bool plays = !config_.media.publishes;
  media_.add_sections(plays ? config_.audio_slots : 0, plays ? config_.video_slots : 0);
  const auto offer = media_.offer();
  if (!offer) return fail(offer.error());
  auto call = HttpCall::start(shared_.loop, config_.endpoint,
                              {.method = "POST", .type = "application/sdp", .body = *offer},
                              [this](std::expected<HttpCall::Answer, std::string> answer) {
                                if (!answer) return fail(answer.error());
                                on_answer(*answer);
                              });
  if (!call) return fail(call.error());
  call_ = *std::move(call);
}

void WhipBot::on_answer(const HttpCall::Answer& answer) {
  if (answer.status != 201) {
    return fail(fmt::format("the server answered {}: {}", answer.status, answer.body));
  }
  summary_.joined = shared_.loop.now() - started_;
  summary_.state = State::kConnecting;
  session_ = path_of(answer.location);
  if (const auto taken = media_.take_answer(answer.body); !taken) fail(taken.error());
}

Member::Summary WhipBot::summary() const {
  Summary summary = summary_;
  media_.add_to(summary);
  if (summary.state == State::kConnecting && media_.is_connected()) {
    summary.state = State::kConnected;
  }
  return summary;
}

// Should the request not arrive any more, the end of the media says the same.
void WhipBot::leave() {
  if (!session_.empty()) {
    HttpCall::Target session = config_.endpoint;
    session.path = session_;
    auto call = HttpCall::start(shared_.loop, session, {.method = "DELETE"}, [](const auto&) {});
    if (call) call_ = *std::move(call);
  }
  media_.close();
}

void WhipBot::fail(std::string_view problem) {
  if (summary_.state == State::kFailed) return;
  summary_.state = State::kFailed;
  summary_.problem = problem;
}

}  // namespace parley::load
