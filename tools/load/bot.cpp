#include "load/bot.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "peer/media/frame.h"

namespace parley::load {
namespace {

using peer::Direction;
using peer::MediaKind;

// A bot has no link of its own to be careful with: what is measured is the server.
peer::PeerConnection::Configuration configuration(const Shared& shared) {
  peer::PeerConnection::Configuration configuration;
  configuration.certificate = shared.certificate;
  configuration.session.min_bitrate = DataRate::mbps(50);
  configuration.session.start_bitrate = DataRate::mbps(100);
  configuration.session.max_bitrate = DataRate::mbps(200);
  auto& codecs = configuration.media.video_codecs;
  const auto vp8 = std::ranges::find_if(codecs, [](const auto& codec) { return codec.is("VP8"); });
  std::erase_if(codecs, [type = vp8->payload_type](const sdp::Codec& codec) {
    return codec.payload_type != type && codec.apt() != type;
  });
  return configuration;
}

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

void add(Playback::Summary& sum, const Playback::Summary& one) {
  sum.frames += one.frames;
  sum.bytes += one.bytes;
  sum.broken_frames += one.broken_frames;
  sum.freezes += one.freezes;
  sum.frozen += one.frozen;
  if (one.first_frame && (!sum.first_frame || *one.first_frame < *sum.first_frame)) {
    sum.first_frame = one.first_frame;
  }
}

}  // namespace

Bot::Bot(const Shared& shared, Config config)
    : shared_(shared),
      config_(std::move(config)),
      pc_(configuration(shared), shared.random, shared.srtp),
      driver_(shared.loop, pc_,
              [this](const auto& output) {
                std::visit([this](const auto& event) { on(event); }, output);
              },
              {.udp = {.receive_buffer = 1 << 20, .send_buffer = 1 << 18}}),
      frame_timer_(shared.loop, [this] { send_due_frames(); }) {
  if (config_.publishes) synthetic_.emplace(*config_.publishes, shared.random);
}

Bot::~Bot() = default;

void Bot::start() {
  started_ = now();
  const auto address = driver_.sockets().open_udp({.ip = config_.local});
  if (!address) return fail(address.error());
  pc_.add_local_candidate(now(), ice::Candidate::host(*address));
  add_sections();
  auto signalling = Signalling::connect(shared_.loop, shared_.random, config_.signalling, *this);
  if (!signalling) return fail(signalling.error());
  signalling_ = *std::move(signalling);
  join();
  driver_.settle();
}

// One section for each thing we send, and one for each that we receive at once.
void Bot::add_sections() {
  const peer::TransceiverInit sends{.direction = Direction::kSendOnly, .streams = {"bot"}};
  if (config_.publishes && config_.publishes->audio_bytes > 0) {
    if (auto id = pc_.add_transceiver(now(), MediaKind::kAudio, sends)) microphone_ = *id;
  }
  if (config_.publishes && config_.publishes->video) {
    if (auto id = pc_.add_transceiver(now(), MediaKind::kVideo, sends)) camera_ = *id;
  }
  const peer::TransceiverInit receives{.direction = Direction::kRecvOnly};
  for (std::size_t i = 0; i < config_.audio_slots; ++i) {
    (void)pc_.add_transceiver(now(), MediaKind::kAudio, receives);
  }
  for (std::size_t i = 0; i < config_.video_slots; ++i) {
    (void)pc_.add_transceiver(now(), MediaKind::kVideo, receives);
  }
}

Json Bot::offer() const {
  Json::Object sources;
  const auto name = [&](const std::optional<peer::TransceiverId>& id, const char* source) {
    const peer::Transceiver* const found = id ? pc_.find(*id) : nullptr;
    if (found != nullptr) sources.push_back({found->mid, source});
  };
  name(microphone_, "microphone");
  name(camera_, "camera");
  return Json::Object{{"sdp", pc_.local_description()->sdp}, {"sources", std::move(sources)}};
}

void Bot::join() {
  if (const auto set = pc_.set_local_description(now()); !set) return fail(set.error().message);
  signalling_->request("join",
                       Json::Object{{"room", config_.room},
                                    {"name", config_.name},
                                    {"micinf", microphone_.has_value()},
                                    {"vidinf", camera_.has_value()},
                                    {"topology", "sfu"},
                                    {"offer", offer()}},
                       [this](const Json& fields) { on_joined(fields); });
}

void Bot::on_joined(const Json& fields) {
  if (!is_ok(fields)) return fail(problem_of(fields));
  summary_.joined = now() - started_;
  if (text_of(fields, "topology") == "sfu") take_answer(fields);
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
  const auto set =
      pc_.set_remote_description(now(), {.type = peer::SdpType::kAnswer, .sdp = answer});
  if (!set) return fail(set.error().message);
  driver_.settle();
}

void Bot::ask_for_connection() {
  signalling_->request("connect", Json::Object{{"offer", offer()}}, [this](const Json& fields) {
    if (!is_ok(fields) || text_of(fields, "answer").empty()) return fail(problem_of(fields));
    take_answer(fields);
  });
}

void Bot::on(const PeerConnection::ConnectionStateChanged& event) {
  if (event.state == peer::ConnectionState::kFailed) return fail("the media connection failed");
  if (event.state != peer::ConnectionState::kConnected) return;
  summary_.state = State::kConnected;
  if (!summary_.connected) summary_.connected = now() - started_;
  if (!synthetic_) return;
  synthetic_->start(now());
  frame_timer_.arm(synthetic_->next_deadline());
}

void Bot::on(const PeerConnection::FrameReceived& event) {
  const auto& frame = event.frame;
  const bool video = frame.clock_rate == 90'000;
  playbacks_[frame.transceiver].handle_frame(now(), frame.data.size(), frame.lost_before);
  if (video && !summary_.first_frame) summary_.first_frame = now() - started_;
  if (video && frame.lost_before) pc_.request_key_frame(now(), frame.transceiver);
}

void Bot::on(const PeerConnection::KeyFrameRequested&) {
  ++summary_.key_frames_asked;
  if (synthetic_) synthetic_->request_key_frame();
}

void Bot::send_due_frames() {
  while (const auto frame = synthetic_->poll(now())) {
    const auto& to = frame->video ? camera_ : microphone_;
    if (!to) continue;
    peer::OutgoingFrame out{
        .timestamp = frame->timestamp, .captured = now(), .key = frame->key, .data = frame->data};
    if (!frame->video) out.audio_level = rtp::AudioLevel{.voice = true, .minus_dbov = 30};
    (void)pc_.send_frame(now(), *to, out);
  }
  driver_.settle();
  frame_timer_.arm(synthetic_->next_deadline());
}

void Bot::begin_measurement() {
  before_ = {};
  before_ = summary();
  playbacks_.clear();
}

Bot::Summary Bot::summary() const {
  Summary summary = summary_;
  for (const auto& [id, playback] : playbacks_) {
    const peer::Transceiver* const transceiver = pc_.find(id);
    const bool video = transceiver != nullptr && transceiver->kind == MediaKind::kVideo;
    add(video ? summary.video : summary.audio, playback.summary());
  }
  for (const auto& entry : pc_.get_stats(now())) {
    if (const auto* in = std::get_if<peer::InboundRtpStats>(&entry)) {
      summary.packets_received += in->packets_received;
      summary.packets_lost += in->packets_lost;
      summary.retransmitted += in->retransmitted_packets_received;
    } else if (const auto* out = std::get_if<peer::OutboundRtpStats>(&entry)) {
      summary.packets_sent += out->packets_sent;
    }
  }
  summary.packets_received -= before_.packets_received;
  summary.packets_lost -= before_.packets_lost;
  summary.retransmitted -= before_.retransmitted;
  summary.packets_sent -= before_.packets_sent;
  return summary;
}

void Bot::leave() {
  frame_timer_.disarm();
  pc_.close(now());
  driver_.settle();
  if (signalling_) signalling_->close();
}

void Bot::fail(std::string_view problem) {
  if (summary_.state == State::kFailed) return;
  summary_.state = State::kFailed;
  summary_.problem = problem;
}

}  // namespace parley::load
