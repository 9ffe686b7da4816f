#include "janus_member.h"

#include <chrono>
#include <string>
#include <utility>

namespace bench {

using namespace parley;

namespace {

std::string text_of(const Json& fields, std::string_view key) {
  const Json* const value = fields.find(key);
  return value != nullptr && value->as_string() != nullptr ? *value->as_string() : std::string();
}

std::optional<std::int64_t> id_of(const Json& reply) {
  const Json* const data = reply.find("data");
  const Json* const id = data != nullptr ? data->find("id") : nullptr;
  if (id == nullptr || id->as_int() == nullptr) return std::nullopt;
  return *id->as_int();
}

std::string sdp_of(const Json& reply) {
  const Json* const jsep = reply.find("jsep");
  return jsep != nullptr ? text_of(*jsep, "sdp") : std::string();
}

Json jsep_of(const char* type, const std::string& sdp) {
  return Json::Object{{"type", type}, {"sdp", sdp}, {"trickle", false}};
}

}  // namespace

JanusMember::JanusMember(const load::Shared& shared, Config config)
    : shared_(shared),
      config_(std::move(config)),
      media_(shared, config_.media, [this](std::string_view problem) { fail(problem); }),
      keep_alive_(shared.loop, [this] { keep_alive(); }) {}

void JanusMember::start() {
  started_ = shared_.loop.now();
  if (const auto opened = media_.open(); !opened) return fail(opened.error());
  auto socket =
      http::websocket::Client::connect(shared_.loop, shared_.random, config_.janus, *this);
  if (!socket) return fail(socket.error());
  socket_ = *std::move(socket);
  ask({{"janus", "create"}}, [this](const Json& reply) {
    session_ = id_of(reply);
    if (!session_) return fail("Janus made no session");
    attach();
    keep_alive();
  });
}

void JanusMember::attach() {
  ask({{"janus", "attach"}, {"plugin", "janus.plugin.videoroom"}}, [this](const Json& reply) {
    handle_ = id_of(reply);
    if (!handle_) return fail("Janus has no VideoRoom plugin");
    enter();
  });
}

// The first makes the room; to the others Janus says that it is there.
void JanusMember::enter() {
  Json::Object room = {{"request", "create"}, {"room", config_.room}, {"publishers", 100},
                       {"videocodec", "vp8"}, {"audiocodec", "opus"}, {"bitrate", 0},
                       {"fir_freq", 0}};
  message(std::move(room), Json(),
          [this](const Json&) { config_.media.publishes ? publish() : subscribe(); });
}

void JanusMember::publish() {
  Json::Object join = {
      {"request", "join"}, {"ptype", "publisher"}, {"room", config_.room}, {"id", config_.feed}};
  message(std::move(join), Json(), [this](const Json&) {
    media_.add_sections(0, 0);
    const auto offer = media_.offer();
    if (!offer) return fail(offer.error());
    summary_.state = State::kConnecting;
    Json::Object body = {{"request", "publish"}, {"audio", true}, {"video", true}};
    message(std::move(body), jsep_of("offer", *offer), [this](const Json& reply) {
      const auto taken = media_.take_answer(sdp_of(reply));
      if (!taken) fail(taken.error());
    });
  });
}

void JanusMember::subscribe() {
  Json::Array streams;
  for (const std::int64_t feed : config_.subscribes) {
    streams.push_back(Json::Object{{"feed", feed}});
  }
  Json::Object join = {{"request", "join"},
                       {"ptype", "subscriber"},
                       {"room", config_.room},
                       {"streams", std::move(streams)}};
  message(std::move(join), Json(), [this](const Json& reply) { answer(reply); });
}

void JanusMember::answer(const Json& offered) {
  const std::string offer = sdp_of(offered);
  if (offer.empty()) return fail("Janus offered nothing: " + offered.to_text());
  summary_.joined = shared_.loop.now() - started_;
  summary_.state = State::kConnecting;
  const auto answer = media_.answer(offer);
  if (!answer) return fail(answer.error());
  message({{"request", "start"}}, jsep_of("answer", *answer), [](const Json&) {});
}

// Janus forgets a session that says nothing for a minute.
void JanusMember::keep_alive() {
  if (session_) ask({{"janus", "keepalive"}}, [](const Json&) {});
  keep_alive_.arm(shared_.loop.now() + std::chrono::seconds{25});
}

void JanusMember::ask(Json::Object request, OnReply on_reply) {
  const std::string transaction = "t" + std::to_string(++transactions_);
  request.push_back({"transaction", transaction});
  if (session_) request.push_back({"session_id", *session_});
  if (handle_) request.push_back({"handle_id", *handle_});
  unanswered_.emplace(transaction, std::move(on_reply));
  socket_->send(Json(std::move(request)).to_text());
}

void JanusMember::message(Json::Object body, Json jsep, OnReply on_reply) {
  Json::Object request = {{"janus", "message"}, {"body", std::move(body)}};
  if (!jsep.is_null()) request.push_back({"jsep", std::move(jsep)});
  ask(std::move(request), std::move(on_reply));
}

// An "ack" says that the answer will come as an event of the same transaction.
void JanusMember::on_message(std::string_view text) {
  const auto reply = Json::parse(text);
  if (!reply || text_of(*reply, "janus") == "ack") return;
  if (text_of(*reply, "janus") == "error") return fail(text);
  if (auto waiting = unanswered_.extract(text_of(*reply, "transaction"))) waiting.mapped()(*reply);
}

load::Member::Summary JanusMember::summary() const {
  Summary summary = summary_;
  media_.add_to(summary);
  if (summary.state == State::kConnecting && media_.is_connected()) {
    summary.state = State::kConnected;
  }
  return summary;
}

void JanusMember::leave() {
  keep_alive_.disarm();
  media_.close();
  if (socket_) socket_->close();
}

void JanusMember::fail(std::string_view problem) {
  if (summary_.state == State::kFailed) return;
  summary_.state = State::kFailed;
  summary_.problem = problem;
}

}  // namespace bench
