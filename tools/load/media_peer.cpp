#include "load/media_peer.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "peer/media/frame.h"
#include "probe/resolve.h"
#include "sdp/parse.h"

namespace parley::load {
namespace {

using peer::Direction;
using peer::MediaKind;

// It has no link of its own to be careful with: what is measured is the server.
peer::PeerConnection::Configuration configuration(const Shared& shared) {
  peer::PeerConnection::Configuration configuration;
  configuration.certificate = shared.certificate;
  configuration.session.max_payload = 1'170;
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

MediaPeer::MediaPeer(const Shared& shared, Config config, OnProblem on_problem)
    : shared_(shared),
      config_(std::move(config)),
      on_problem_(std::move(on_problem)),
      pc_(configuration(shared), shared.random, shared.srtp),
      driver_(shared.loop, pc_,
              [this](const auto& output) {
                std::visit([this](const auto& event) { on(event); }, output);
              },
              {.udp = {.receive_buffer = 1 << 20, .send_buffer = 1 << 18}}),
      frame_timer_(shared.loop, [this] { send_due_frames(); }),
      started_(now()) {
  if (config_.publishes) synthetic_.emplace(*config_.publishes, shared.random);
}

std::expected<void, std::string> MediaPeer::open() {
  return open_at(config_.local);
}

std::expected<void, std::string> MediaPeer::open_at(const net::IpAddress& local) {
  const auto address = driver_.sockets().open_udp({.ip = local});
  if (!address) return std::unexpected(address.error());
  pc_.add_local_candidate(now(), ice::Candidate::host(*address));
  return {};
}

// The server's media may be at another address than its pages: a socket of 127.0.0.1 reaches
// nothing but that.
std::expected<void, std::string> MediaPeer::reach(const std::string& answer) {
  const auto parsed = sdp::parse(answer);
  if (!parsed || parsed->sections.empty()) return {};  // The peer connection says what is wrong.
  for (const std::string& text : parsed->sections.front().candidates) {
    const auto candidate = ice::Candidate::parse(text);
    if (!candidate || candidate->transport != net::Transport::kUdp) continue;
    const auto local = probe::local_address_towards(candidate->address);
    if (local == config_.local) return {};
    if (local) return open_at(*local);
  }
  return {};
}

void MediaPeer::add_sections(std::size_t audio_slots, std::size_t video_slots) {
  const peer::TransceiverInit sends{.direction = Direction::kSendOnly, .streams = {"load"}};
  if (config_.publishes && config_.publishes->audio_bytes > 0) {
    if (const auto id = pc_.add_transceiver(now(), MediaKind::kAudio, sends)) microphone_ = *id;
  }
  if (config_.publishes && config_.publishes->video) {
    if (const auto id = pc_.add_transceiver(now(), MediaKind::kVideo, sends)) camera_ = *id;
  }
  const peer::TransceiverInit receives{.direction = Direction::kRecvOnly};
  for (std::size_t i = 0; i < audio_slots; ++i) {
    (void)pc_.add_transceiver(now(), MediaKind::kAudio, receives);
  }
  for (std::size_t i = 0; i < video_slots; ++i) {
    (void)pc_.add_transceiver(now(), MediaKind::kVideo, receives);
  }
}

std::expected<std::string, std::string> MediaPeer::offer() {
  if (!pc_.local_description()) {
    const auto set = pc_.set_local_description(now());
    if (!set) return std::unexpected(set.error().message);
    driver_.settle();
  }
  return pc_.local_description()->sdp;
}

std::expected<void, std::string> MediaPeer::take_answer(const std::string& sdp) {
  const auto set = pc_.set_remote_description(now(), {.type = peer::SdpType::kAnswer, .sdp = sdp});
  if (!set) return std::unexpected(set.error().message);
  auto reached = reach(sdp);
  driver_.settle();
  return reached;
}

std::expected<std::string, std::string> MediaPeer::answer(const std::string& offer) {
  auto set = pc_.set_remote_description(now(), {.type = peer::SdpType::kOffer, .sdp = offer});
  if (set) set = pc_.set_local_description(now());
  driver_.settle();
  if (!set) return std::unexpected(set.error().message);
  return pc_.local_description()->sdp;
}

std::string MediaPeer::mid_of(const std::optional<peer::TransceiverId>& id) const {
  const peer::Transceiver* const found = id ? pc_.find(*id) : nullptr;
  return found != nullptr ? found->mid : std::string();
}

void MediaPeer::on(const PeerConnection::ConnectionStateChanged& event) {
  if (event.state == peer::ConnectionState::kFailed) on_problem_("the media connection failed");
  if (event.state != peer::ConnectionState::kConnected) return;
  if (!connected_) connected_ = now() - started_;
  if (!synthetic_) return;
  synthetic_->start(now());
  frame_timer_.arm(synthetic_->next_deadline());
}

void MediaPeer::on(const PeerConnection::FrameReceived& event) {
  const peer::IncomingFrame& frame = event.frame;
  const bool video = frame.clock_rate == 90'000;
  playbacks_[frame.transceiver].handle_frame(now(), frame.data.size(), frame.lost_before);
  if (video && !first_frame_) first_frame_ = now() - started_;
  if (video && frame.lost_before) pc_.request_key_frame(now(), frame.transceiver);
}

void MediaPeer::on(const PeerConnection::KeyFrameRequested&) {
  ++key_frames_asked_;
  if (synthetic_) synthetic_->request_key_frame();
}

void MediaPeer::send_due_frames() {
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

void MediaPeer::begin_measurement() {
  before_ = {};
  Member::Summary so_far;
  add_to(so_far);
  before_ = so_far;
  playbacks_.clear();
}

void MediaPeer::add_to(Member::Summary& summary) const {
  summary.connected = connected_;
  summary.first_frame = first_frame_;
  summary.key_frames_asked = key_frames_asked_;
  for (const auto& [id, playback] : playbacks_) {
    const peer::Transceiver* const transceiver = pc_.find(id);
    const bool video = transceiver != nullptr && transceiver->kind == MediaKind::kVideo;
    add(video ? summary.video : summary.audio, playback.summary());
  }
  for (const peer::Stats& entry : pc_.get_stats(now())) {
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
}

void MediaPeer::close() {
  frame_timer_.disarm();
  pc_.close(now());
  driver_.settle();
}

}  // namespace parley::load
