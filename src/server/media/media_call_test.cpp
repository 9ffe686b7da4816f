// Calls over the media workers by our own peer connection, through real sockets of loopback.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dtls/certificate.h"
#include "io/clock.h"
#include "io/driver.h"
#include "peer/peer_connection.h"
#include "server/media/media_workers.h"
#include "server/relay/test_turn_user.h"

namespace parley::server {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kLoopback = "127.0.0.1:0";

// A VP8 key frame of 320x180, as far as anybody looks into it.
constexpr std::array<std::uint8_t, 24> kKeyFrame = {0x10, 0x02, 0x00, 0x9D, 0x01,
                                                    0x2A, 0x40, 0x01, 0xB4, 0x00};

peer::PeerConnection::Configuration configuration(
    std::shared_ptr<const dtls::Certificate> certificate) {
  peer::PeerConnection::Configuration result;
  result.certificate = std::move(certificate);
  return result;
}

// One who sends a camera and has a slot for another's.
class Caller {
 public:
  struct Shared {
    io::EventLoop& loop;
    Random& random;
    srtp::Provider& provider;
    std::shared_ptr<const dtls::Certificate> certificate;
  };

  Caller(const Shared& shared, net::Transport transport, std::string_view from)
      : pc_(configuration(shared.certificate), shared.random, shared.provider),
        driver_(shared.loop, pc_,
                [this](const auto& output) {
                  if (std::get_if<peer::PeerConnection::FrameReceived>(&output)) ++frames;
                }),
        frame_timer_(shared.loop, [this] { send_frame(); }) {
    if (transport == net::Transport::kUdp) {
      const auto address = driver_.sockets().open_udp(at(from)).value();
      pc_.add_local_candidate(driver_.now(), ice::Candidate::host(address));
    } else {
      pc_.add_local_candidate(driver_.now(),
                              ice::Candidate::tcp_host(at(from), ice::TcpType::kActive));
    }
    camera_ = *pc_.add_transceiver(driver_.now(), peer::MediaKind::kVideo,
                                   {.direction = peer::Direction::kSendOnly});
    (void)pc_.add_transceiver(driver_.now(), peer::MediaKind::kVideo,
                              {.direction = peer::Direction::kRecvOnly});
    EXPECT_TRUE(pc_.set_local_description(driver_.now()));
    driver_.settle();
  }

  meeting::MediaOffer offer() const {
    return {.sdp = pc_.local_description()->sdp,
            .sources = {{pc_.find(camera_)->mid, meeting::Source::kCamera}}};
  }
  void take(const std::string& answer) {
    const auto set = pc_.set_remote_description(driver_.now(), {peer::SdpType::kAnswer, answer});
    EXPECT_TRUE(set) << set.error().message;
    driver_.settle();
    frame_timer_.arm(driver_.now());
  }

  int frames = 0;

 private:
  void send_frame() {
    timestamp_ += 3'000;
    (void)pc_.send_frame(driver_.now(), camera_,
                         {.timestamp = timestamp_, .key = true, .data = kKeyFrame});
    driver_.settle();
    frame_timer_.arm(driver_.now() + 33ms);
  }

  peer::PeerConnection pc_;
  io::PathDriver<peer::PeerConnection> driver_;
  peer::TransceiverId camera_ = {};
  std::uint32_t timestamp_ = 0;
  io::Timer frame_timer_;
};

struct MediaCallTest : testing::Test {
  void start(std::size_t count, const MediaConfig& config = {}) {
    threads.emplace(count);
    media.emplace(loop, *threads, nullptr, config);
    media->set_listener([this](meeting::FromMedia event) { hear(std::move(event)); });
  }

  void hear(meeting::FromMedia event) {
    if (auto* const answered = std::get_if<meeting::Answered>(&event.event)) {
      ASSERT_TRUE(answered->answer) << answered->answer.error();
      answers.push_back(*answered->answer);
      callers.at(event.room + event.sid)->take(*answered->answer);
    }
    if (auto* const state = std::get_if<meeting::ConnectionChanged>(&event.event)) {
      states[event.room + event.sid] = state->state;
    }
    if (auto* const changed = std::get_if<meeting::SlotsChanged>(&event.event)) {
      for (const auto& slot : changed->slots) shown[event.room + event.sid] = slot.sid;
    }
  }

  void join(const std::string& room, const std::string& sid,
            net::Transport transport = net::Transport::kUdp, std::string_view from = kLoopback) {
    auto& caller = callers[room + sid];
    caller = std::make_unique<Caller>(Caller::Shared{loop, random, *provider, certificate},
                                      transport, from);
    media->carry_out({.ticket = ++tickets,
                      .room = room,
                      .sid = sid,
                      .request = meeting::Connect{.offer = caller->offer()}});
  }

  // Until each has seen so many frames of the other.
  void expect_pictures() {
    std::map<std::string, int> before;
    for (const auto& [name, caller] : callers) before[name] = caller->frames;
    turn_until(loop, [&] {
      return std::ranges::all_of(
          callers, [&](const auto& one) { return one.second->frames >= before[one.first] + 5; });
    });
  }

  // Two have tea, and see each other.
  void two_meet() {
    ASSERT_TRUE(media->listen(at(kLoopback)));
    media->serve({at(kLoopback).ip});
    join("tea", "ada");
    join("tea", "bob");
    expect_pictures();
    EXPECT_EQ(shown["teaada"], "bob");
    EXPECT_EQ(shown["teabob"], "ada");
  }

  io::EventLoop loop;
  SeededRandom random{1};
  std::unique_ptr<srtp::Provider> provider = srtp::Provider::make();
  std::shared_ptr<const dtls::Certificate> certificate =
      dtls::Certificate::make(io::wall_now(), random);
  std::optional<WorkerThreads> threads;
  std::optional<RelayWorkers> relay;
  std::optional<MediaWorkers> media;
  std::map<std::string, std::unique_ptr<Caller>> callers;  // By room and sid.
  std::map<std::string, meeting::ConnectionChanged::State> states;
  std::map<std::string, std::string> shown;
  std::vector<std::string> answers;
  std::uint64_t tickets = 0;
};

TEST_F(MediaCallTest, CarriesPicturesBetweenTwo) {
  start(2);
  two_meet();
  EXPECT_EQ(states["teaada"], meeting::ConnectionChanged::State::kConnected);
  const auto counters = media->counters();
  EXPECT_EQ(counters[0].node.participants + counters[1].node.participants, 2u);
  EXPECT_TRUE(counters[0].node.participants == 0 || counters[1].node.participants == 0);
  EXPECT_GT(counters[0].udp.sent + counters[1].udp.sent, 10u);
}

// So does one whose frames are for more receivers than a turn has time for.
TEST_F(MediaCallTest, CarriesThemThoughATurnSendsNoMoreThanABatch) {
  start(1, {.longest_sending = Duration::zero()});
  two_meet();
  EXPECT_GT(media->counters()[0].udp.sent, 10u);
}

TEST_F(MediaCallTest, CarriesARoomThatIsOnTwoWorkers) {
  start(2, {.room_share = 1});
  two_meet();
  for (const MediaCounters& worker : media->counters()) {
    EXPECT_EQ(worker.node.participants, 1u);
    EXPECT_GT(worker.node.relayed_in, 5u);
    EXPECT_EQ(worker.node.relayed_stale, 0u);
    EXPECT_EQ(worker.relay_dropped, 0u);
  }
}

TEST_F(MediaCallTest, CarriesThemOverTcp) {
  start(1);
  ASSERT_TRUE(media->listen(at(kLoopback)));
  media->serve({at(kLoopback).ip});
  join("tea", "ada", net::Transport::kTcp);
  join("tea", "bob", net::Transport::kTcp);
  expect_pictures();
  EXPECT_EQ(media->counters()[0].open_streams, 2u);
  callers.erase("teabob");
  turn_until(loop, [&] { return media->counters()[0].open_streams == 1; });
}

TEST_F(MediaCallTest, CarriesIpv4AndIpv6ByOnePort) {
  start(1);
  if (!media->listen(at("[::1]:0"))) GTEST_SKIP() << "no IPv6 on this host";
  media.reset();
  start(1);
  ASSERT_TRUE(media->listen(at("[::]:0")));
  media->serve({at(kLoopback).ip, at("[::1]:0").ip});
  join("tea", "ada");
  join("tea", "bob", net::Transport::kUdp, "[::1]:0");
  expect_pictures();
  join("milk", "ada", net::Transport::kTcp);
  join("milk", "bob", net::Transport::kTcp, "[::1]:0");
  expect_pictures();
}

// All come from one address, which is one worker's; the rooms are on both.
TEST_F(MediaCallTest, SharesAPortAmongWorkers) {
  start(2);
  relay.emplace(*threads, RelayConfig());
  const auto port = relay->listen_udp(at(kLoopback));
  ASSERT_TRUE(port);
  relay->serve(std::nullopt);
  media->share(*relay, port->port);
  media->serve({at(kLoopback).ip});
  for (const char* room : {"tea", "milk"}) {
    join(room, "ada");
    join(room, "bob");
  }
  expect_pictures();
  const auto counters = media->counters();
  EXPECT_EQ(counters[0].node.participants, 2u);
  EXPECT_EQ(counters[1].node.participants, 2u);
  EXPECT_GT(counters[0].passed_on + counters[1].passed_on, 10u);
  media.reset();
}

TEST_F(MediaCallTest, TakesStreamsOfASharedPortToTheirWorker) {
  start(2);
  // A port that is free for UDP may be taken for TCP: then another one is tried.
  net::SocketAddress port;
  std::unique_ptr<io::TcpListener> door;
  for (int left = 16; door == nullptr && left > 0; --left) {
    relay.emplace(*threads, RelayConfig());
    port = relay->listen_udp(at(kLoopback)).value();
    auto opened = io::TcpListener::listen(loop, port, [&](int fd, net::SocketAddress peer) {
      tls::Handover connection{.peer = peer};
      connection.fd = io::Fd(fd);
      media->adopt(std::move(connection), port);
    });
    if (opened) door = *std::move(opened);
  }
  ASSERT_NE(door, nullptr);
  media->share(*relay, port.port);
  media->serve({at(kLoopback).ip});
  for (const char* room : {"tea", "milk"}) {
    join(room, "ada", net::Transport::kTcp);
    join(room, "bob", net::Transport::kTcp);
  }
  expect_pictures();
  const auto counters = media->counters();
  EXPECT_EQ(counters[0].open_streams, 2u);
  EXPECT_EQ(counters[1].open_streams, 2u);
  EXPECT_EQ(counters[0].streams.handed_over + counters[1].streams.handed_over, 2u);
  media.reset();
}

TEST_F(MediaCallTest, AnswersNothingButStunWhereItDoesNotServe) {
  start(1);
  ASSERT_TRUE(media->listen(at(kLoopback)));
  media->set_listener([&](meeting::FromMedia event) {
    EXPECT_FALSE(std::get<meeting::Answered>(event.event).answer);
    ++tickets;
  });
  media->carry_out({.ticket = 7, .room = "tea", .sid = "ada", .request = meeting::Connect{}});
  EXPECT_EQ(tickets, 0u);  // Never from within.
  turn_until(loop, [&] { return tickets == 1; });
}

TEST(UfragInAnAnswer, IsOurs) {
  EXPECT_EQ(ufrag_in("v=0\r\na=ice-ufrag:aB+/\r\na=ice-pwd:x\r\n"), "aB+/");
  EXPECT_EQ(ufrag_in("v=0\r\n"), "");
}

}  // namespace
}  // namespace parley::server
