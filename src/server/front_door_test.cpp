#include "server/front_door.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/test_client.h"
#include "tls/session.h"
#include "tls/test_certificate.h"

namespace parley::server {
namespace {

using namespace std::string_literals;

const std::string kBinding = "\0\1\0\0\x21\x12\xA4\x42"s + "0123456789ab";
const std::string kRequest = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";

// A client by TCP, with TLS or without.
class Client {
 public:
  Client(io::EventLoop& loop, const net::SocketAddress& door,
         std::unique_ptr<tls::Session> session = nullptr)
      : tcp(loop, door), session_(std::move(session)) {}

  void say(std::string_view text, bool and_no_more = false) {
    if (session_ == nullptr) return tcp.send(text);
    const std::array<Bytes, 1> parts = {as_bytes(text)};
    session_->write(parts);
    if (and_no_more) session_->close();
    flush();
  }
  // Says it in pieces of one byte.
  void say_slowly(std::string_view text) {
    for (const char c : text) tcp.send({&c, 1});
  }
  bool secure() {
    return tcp.wait_until([&] {
      const std::string encrypted = tcp.take_available();
      session_->handle_input(as_bytes(encrypted));
      flush();
      return session_->state() == tls::Session::State::kOpen;
    });
  }
  void flush() {
    if (const SharedBytes out = session_->take_output(); !out.empty()) tcp.send(out.text());
  }
  std::string take_hello() { return std::string(session_->take_output().text()); }

  http::TestClient tcp;

 private:
  std::unique_ptr<tls::Session> session_;
};

class FrontDoors : public testing::Test {
 protected:
  void open(FrontDoorConfig config = {}, bool with_relay = true, bool with_media = false) {
    FrontDoor::Behind behind{
        .http = [this](tls::Handover handover) { http_.push_back(std::move(handover)); }};
    if (with_relay) {
      behind.relay = [this](tls::Handover handover, const net::SocketAddress& local) {
        EXPECT_EQ(local, address_);
        relay_.push_back(std::move(handover));
      };
    }
    if (with_media) {
      behind.media = [this](tls::Handover handover, const net::SocketAddress& local) {
        EXPECT_EQ(local, address_);
        media_.push_back(std::move(handover));
      };
    }
    door_.emplace(loop_, config, std::move(behind));
    const net::SocketAddress any{.ip = *net::IpAddress::parse("127.0.0.1")};
    EXPECT_EQ(door_->listen(any).error(), "HTTPS needs a certificate");
    door_->set_certificate(certificate_.for_server());
    address_ = door_->listen(any).value();
  }
  std::unique_ptr<tls::Session> session(tls::Protocols protocols) const {
    return tls::Session::connect(*trust_, "localhost", protocols);
  }
  const FrontDoor::Counters& counters() const { return door_->counters(); }

  // What waits in the socket for its new owner.
  static std::string read(const tls::Handover& handover) {
    std::array<char, 1000> buffer;
    const ssize_t size = ::recv(handover.fd.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    return size < 0 ? "" : std::string(buffer.data(), static_cast<std::size_t>(size));
  }
  static std::string received(const tls::Handover& handover) {
    return std::string(as_text(Bytes(handover.received)));
  }

  const tls::TestCertificate certificate_;
  const std::shared_ptr<const tls::Context> trust_ = certificate_.for_clients();
  io::EventLoop loop_;
  std::vector<tls::Handover> http_, relay_, media_;
  std::optional<FrontDoor> door_;
  net::SocketAddress address_;
};

TEST_F(FrontDoors, HandsPlainConnectionsOnUntouched) {
  open();
  Client turn(loop_, address_);
  turn.say(kBinding);
  ASSERT_TRUE(turn.tcp.wait_until([&] { return relay_.size() == 1; }));
  EXPECT_EQ(read(relay_[0]), kBinding);
  EXPECT_EQ(relay_[0].session, nullptr);
  Client http(loop_, address_);
  http.say(kRequest);
  ASSERT_TRUE(http.tcp.wait_until([&] { return http_.size() == 1; }));
  EXPECT_EQ(read(http_[0]), kRequest);
  EXPECT_TRUE(http_[0].received.empty());
  EXPECT_EQ(counters().turn_tcp, 1u);
  EXPECT_EQ(counters().http, 1u);
  EXPECT_EQ(counters().waiting, 0u);
}

TEST_F(FrontDoors, WaitForBytesThatComeOneByOne) {
  open();
  Client turn(loop_, address_);
  turn.say_slowly(kBinding.substr(0, 7));
  for (int i = 0; i < 20; ++i) turn.tcp.turn();
  EXPECT_EQ(counters().waiting, 1u);
  turn.say_slowly(kBinding.substr(7));
  ASSERT_TRUE(turn.tcp.wait_until([&] { return relay_.size() == 1; }));
  std::string all;
  EXPECT_TRUE(turn.tcp.wait_until([&] { return (all += read(relay_[0])) == kBinding; }));

  Client secure(loop_, address_, session(tls::kTurnAndStun));
  secure.say_slowly(secure.take_hello());
  ASSERT_TRUE(secure.secure());
  EXPECT_TRUE(secure.tcp.wait_until([&] { return relay_.size() == 2; }));
}

TEST_F(FrontDoors, KnowByTheNameThatWasAgreedOn) {
  open();
  Client web(loop_, address_, session(tls::kHttpAlone));
  ASSERT_TRUE(web.secure());
  ASSERT_TRUE(web.tcp.wait_until([&] { return http_.size() == 1; })) << "before it says anything";
  EXPECT_EQ(http_[0].session->state(), tls::Session::State::kOpen);
  constexpr std::array kDiscovery{tls::kNatDiscovery};
  for (const tls::Protocols protocols :
       {tls::Protocols(tls::kTurnAndStun), tls::Protocols(kDiscovery)}) {
    const std::size_t before = relay_.size();
    Client turn(loop_, address_, session(protocols));
    ASSERT_TRUE(turn.secure());
    ASSERT_TRUE(turn.tcp.wait_until([&] { return relay_.size() > before; }));
  }
  EXPECT_EQ(counters().https, 1u);
  EXPECT_EQ(counters().turn_tls, 2u);
}

TEST_F(FrontDoors, KnowByWhatIsDecryptedWhereNoNameWasAgreedOn) {
  open();
  constexpr std::array<std::string_view, 1> kForeign = {"h2"};
  for (const tls::Protocols protocols : {tls::Protocols(), tls::Protocols(kForeign)}) {
    http_.clear();
    relay_.clear();
    Client web(loop_, address_, session(protocols));
    ASSERT_TRUE(web.secure());
    web.say(kRequest.substr(0, 10));
    ASSERT_TRUE(web.tcp.wait_until([&] { return http_.size() == 1; }));
    EXPECT_EQ(received(http_[0]), kRequest.substr(0, 10));
    Client turn(loop_, address_, session(protocols));
    ASSERT_TRUE(turn.secure());
    turn.say(kBinding.substr(0, 5));
    for (int i = 0; i < 20; ++i) turn.tcp.turn();
    EXPECT_EQ(relay_.size(), 0u);
    turn.say(kBinding.substr(5));
    turn.say("more");
    ASSERT_TRUE(turn.tcp.wait_until([&] { return relay_.size() == 1; }));
    EXPECT_TRUE(received(relay_[0]).starts_with(kBinding));
  }
  EXPECT_EQ(counters().https, 2u);
  EXPECT_EQ(counters().turn_tls, 2u);
}

// All that came with the bytes that told, in one segment.
TEST_F(FrontDoors, LoseNothingOfWhatIsDecrypted) {
  open();
  Client web(loop_, address_, session({}));
  ASSERT_TRUE(web.secure());
  const std::string body(60'000, 'x');
  web.say(kRequest + body);
  ASSERT_TRUE(web.tcp.wait_until([&] { return http_.size() == 1; }));
  tls::Handover& handover = http_[0];
  std::string all = received(handover);
  EXPECT_TRUE(all.starts_with(kRequest));
  std::array<std::uint8_t, tls::Session::kMaxRecord> buffer;
  EXPECT_TRUE(web.tcp.wait_until([&] {
    const std::string encrypted = read(handover);
    handover.session->handle_input(as_bytes(encrypted));
    for (Bytes plain; !(plain = handover.session->read(buffer)).empty();) all += as_text(plain);
    return all == kRequest + body;
  }));
}

TEST_F(FrontDoors, HandOverWhoHasSaidAll) {
  open();
  Client web(loop_, address_, session({}));
  ASSERT_TRUE(web.secure());
  web.say(kRequest, true);
  ASSERT_TRUE(web.tcp.wait_until([&] { return http_.size() == 1; }));
  EXPECT_EQ(received(http_[0]), kRequest);
  EXPECT_EQ(http_[0].session->state(), tls::Session::State::kClosed);
}

TEST_F(FrontDoors, CloseWhatTheyDoNotKnow) {
  open();
  for (const std::string& begin : {"\x80\x2E\1"s, "\0\1\0\0\0\0\0\0"s, "\x40\0\0\0"s}) {
    Client client(loop_, address_);
    client.say(begin);
    EXPECT_TRUE(client.tcp.wait_for_end());
  }
  Client nested(loop_, address_, session({}));
  ASSERT_TRUE(nested.secure());
  nested.say("\x16\3\1\2\0\1\0"s);
  EXPECT_TRUE(nested.tcp.wait_for_end());
  EXPECT_EQ(counters().unknown, 4u);
  Client ice(loop_, address_);
  ice.say("\0\x14"s + kBinding);
  EXPECT_TRUE(ice.tcp.wait_for_end());
  EXPECT_EQ(counters().ice_tcp, 1u);
  EXPECT_EQ(counters().waiting, 0u);
}

TEST_F(FrontDoors, HandIceOverTcpToMedia) {
  open({}, true, true);
  Client ice(loop_, address_);
  ice.say("\0\x14"s + kBinding);
  ASSERT_TRUE(ice.tcp.wait_until([&] { return media_.size() == 1; }));
  EXPECT_EQ(read(media_[0]), "\0\x14"s + kBinding);
  EXPECT_EQ(counters().ice_tcp, 1u);
  Client secure(loop_, address_, session({}));  // No browser does ICE by TLS.
  ASSERT_TRUE(secure.secure());
  secure.say("\0\x14"s + kBinding);
  EXPECT_TRUE(secure.tcp.wait_for_end());
  EXPECT_EQ(media_.size(), 1u);
}

TEST_F(FrontDoors, CloseStunWhereThereIsNoRelay) {
  open({}, false);
  Client client(loop_, address_);
  client.say(kBinding);
  EXPECT_TRUE(client.tcp.wait_for_end());
  EXPECT_EQ(counters().unknown, 1u);
}

TEST_F(FrontDoors, CountWhoFailsAtTlsAndTellThemWhy) {
  open();
  Client client(loop_, address_);
  client.say("\x16\3\1\0\x05hello"s);
  const std::string alert = client.tcp.take(7);
  EXPECT_TRUE(alert.starts_with("\x15\3"));
  client.tcp.close();
  EXPECT_TRUE(client.tcp.wait_until([&] { return counters().waiting == 0; }));
  EXPECT_EQ(counters().tls_failures, 1u);
  EXPECT_EQ(counters().gone, 0u);
}

TEST_F(FrontDoors, CountWhoLeavesBeforeTheyAreKnown) {
  open();
  {
    Client silent(loop_, address_);
    silent.tcp.wait_until([&] { return counters().waiting == 1; });
  }
  Client half(loop_, address_);
  half.say("\0\1"s);
  half.tcp.wait_until([&] { return counters().waiting == 1; });
  half.tcp.close();
  EXPECT_TRUE(half.tcp.wait_until([&] { return counters().gone == 2; }));
  EXPECT_EQ(counters().waiting, 0u);
}

TEST_F(FrontDoors, CloseWhoSaysNothing) {
  open({.time_limit = std::chrono::milliseconds{60}});
  Client silent(loop_, address_);
  const Time since = loop_.now();
  silent.tcp.wait_until([&] { return loop_.now() > since + std::chrono::milliseconds{30}; });
  Client later(loop_, address_);
  EXPECT_TRUE(silent.tcp.wait_for_end());
  EXPECT_TRUE(later.tcp.wait_for_end());
  Client shy(loop_, address_, session({}));  // TLS, and nothing in it.
  shy.flush();
  EXPECT_TRUE(shy.tcp.wait_for_end());
  EXPECT_EQ(counters().silent, 3u);
  EXPECT_EQ(counters().waiting, 0u);
}

TEST_F(FrontDoors, MakeRoomForWhoComesLast) {
  open({.max_waiting = 2});
  Client first(loop_, address_);
  Client second(loop_, address_);
  ASSERT_TRUE(first.tcp.wait_until([&] { return counters().waiting == 2; }));
  Client third(loop_, address_);
  EXPECT_TRUE(first.tcp.wait_for_end());
  EXPECT_EQ(counters().waiting, 2u);
  EXPECT_EQ(counters().silent, 1u);
  third.say(kRequest);
  EXPECT_TRUE(third.tcp.wait_until([&] { return http_.size() == 1; }));
}

TEST_F(FrontDoors, TakeNobodyInOnceStopped) {
  open();
  Client waiting(loop_, address_);
  ASSERT_TRUE(waiting.tcp.wait_until([&] { return counters().waiting == 1; }));
  door_->stop();
  EXPECT_TRUE(waiting.tcp.wait_for_end());
  EXPECT_EQ(counters().waiting, 0u);
  EXPECT_FALSE(Client(loop_, address_).tcp.connected());
}

}  // namespace
}  // namespace parley::server
