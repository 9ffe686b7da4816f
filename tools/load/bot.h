#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/random.h"
#include "dtls/certificate.h"
#include "http/websocket/client.h"
#include "io/driver.h"
#include "io/event_loop.h"
#include "load/playback.h"
#include "load/signalling.h"
#include "load/synthetic.h"
#include "net/address.h"
#include "peer/peer_connection.h"
#include "srtp/provider.h"

namespace parley::load {

// What all bots of one thread share.
struct Shared {
  io::EventLoop& loop;
  Random& random;
  srtp::Provider& srtp;
  std::shared_ptr<const dtls::Certificate> certificate;
};

// One who comes into a room, whose media goes over the server: sends what it is told to, and
// watches what it is sent.
class Bot final : private Signalling::Handler {
 public:
  struct Config {
    http::websocket::Client::Target signalling = {};
    std::string room = {};
    std::string name = "Bot";
    net::IpAddress local = {};  // Where its own socket is.
    std::optional<Synthetic::Config> publishes = {};
    std::size_t audio_slots = 3;
    std::size_t video_slots = 1;
  };
  enum class State : std::uint8_t { kJoining, kConnecting, kConnected, kFailed };

  // What became of it, and what it saw.
  struct Summary {
    State state = State::kJoining;
    std::string problem = {};             // Of one that failed: a sentence.
    std::optional<Duration> joined = {};  // Since start().
    std::optional<Duration> connected = {};
    std::optional<Duration> first_frame = {};  // Of a picture.
    Playback::Summary video = {};              // Of all its slots together.
    Playback::Summary audio = {};
    std::uint64_t packets_received = 0;
    std::int64_t packets_lost = 0;
    std::uint64_t retransmitted = 0;
    std::uint64_t packets_sent = 0;
    std::uint64_t key_frames_asked = 0;  // Of us, by the server.
  };

  Bot(const Shared& shared, Config config);
  ~Bot();

  void start();
  // Counts what is received from now on; before, people were still coming.
  void begin_measurement();
  void leave();

  Summary summary() const;

 private:
  using PeerConnection = peer::PeerConnection;

  // Signalling::Handler
  void on_event(std::string_view event, const Json& fields) override;
  void on_closed(std::string_view reason) override { fail(reason); }

  void add_sections();
  void join();
  Json offer() const;
  void on_joined(const Json& fields);
  void take_answer(const Json& fields);
  void ask_for_connection();
  void send_due_frames();
  void fail(std::string_view problem);

  void on(const PeerConnection::ConnectionStateChanged& event);
  void on(const PeerConnection::FrameReceived& event);
  void on(const PeerConnection::KeyFrameRequested&);
  void on(const auto&) {}  // The rest is for other programs.

  Time now() const { return shared_.loop.now(); }

  const Shared& shared_;
  Config config_;
  PeerConnection pc_;
  io::PathDriver<PeerConnection> driver_;
  std::unique_ptr<Signalling> signalling_;
  std::optional<Synthetic> synthetic_;
  std::optional<peer::TransceiverId> camera_;
  std::optional<peer::TransceiverId> microphone_;
  io::Timer frame_timer_;
  Time started_ = {};
  std::map<peer::TransceiverId, Playback> playbacks_;
  Summary summary_;
  Summary before_;  // As begin_measurement() found it: what get_stats() had counted.
};

}  // namespace parley::load
