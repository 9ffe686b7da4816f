#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/driver.h"
#include "io/event_loop.h"
#include "load/member.h"
#include "load/playback.h"
#include "load/synthetic.h"
#include "net/address.h"
#include "peer/peer_connection.h"

namespace parley::load {

// The media of one member: a peer connection on a socket of its own, which sends what Synthetic
// makes, and watches what it is sent. Who owns it carries the descriptions.
class MediaPeer {
 public:
  struct Config {
    net::IpAddress local = {};  // Where its socket is; it has one more if an answer is elsewhere.
    std::optional<Synthetic::Config> publishes = {};
  };
  // It failed: a sentence.
  using OnProblem = std::move_only_function<void(std::string_view problem)>;

  MediaPeer(const Shared& shared, Config config, OnProblem on_problem);

  // Opens the socket; then the sections, one for each thing that it sends and that it receives.
  std::expected<void, std::string> open();
  void add_sections(std::size_t audio_slots, std::size_t video_slots);

  // With the candidates in it. The errors are sentences.
  std::expected<std::string, std::string> offer();
  std::expected<void, std::string> take_answer(const std::string& sdp);
  std::expected<std::string, std::string> answer(const std::string& offer);
  // The mids by which it sends, once an offer is made; empty: it does not send that.
  std::string camera_mid() const { return mid_of(camera_); }
  std::string microphone_mid() const { return mid_of(microphone_); }

  void begin_measurement();
  // Its part of the member's summary.
  void add_to(Member::Summary& summary) const;
  bool is_connected() const { return connected_.has_value(); }
  void close();

 private:
  using PeerConnection = peer::PeerConnection;

  std::expected<void, std::string> open_at(const net::IpAddress& local);
  std::expected<void, std::string> reach(const std::string& answer);
  void send_due_frames();
  std::string mid_of(const std::optional<peer::TransceiverId>& id) const;

  void on(const PeerConnection::ConnectionStateChanged& event);
  void on(const PeerConnection::FrameReceived& event);
  void on(const PeerConnection::KeyFrameRequested&);
  void on(const auto&) {}  // The rest is for other programs.

  Time now() const { return shared_.loop.now(); }

  const Shared& shared_;
  Config config_;
  OnProblem on_problem_;
  PeerConnection pc_;
  io::PathDriver<PeerConnection> driver_;
  std::optional<Synthetic> synthetic_;
  std::optional<peer::TransceiverId> camera_;
  std::optional<peer::TransceiverId> microphone_;
  io::Timer frame_timer_;
  Time started_;
  std::optional<Duration> connected_;
  std::optional<Duration> first_frame_;
  std::uint64_t key_frames_asked_ = 0;
  std::map<peer::TransceiverId, Playback> playbacks_;
  Member::Summary before_;  // What had been counted when the measurement began.
};

}  // namespace parley::load
