#include "probe/port_probe.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "base/overloaded.h"
#include "stun/attributes.h"
#include "stun/message_builder.h"

namespace parley::probe {
namespace {

using namespace std::chrono_literals;

net::SocketAddress port(int number) {
  return {net::IpAddress::parse("45.10.10.10").value(), static_cast<std::uint16_t>(number)};
}

std::vector<std::uint8_t> answer_to(Bytes packet) {
  const auto request = stun::MessageView::parse(packet).value();
  EXPECT_EQ(request.method(), stun::Method::kBinding);
  stun::MessageBuilder answer(stun::Class::kSuccess, request);
  answer.add_xor_address(stun::Attribute::kXorMappedAddress, port(5000));
  return answer.take();
}

std::vector<std::uint8_t> framed(Bytes packet) {
  const auto header = net::PacketFramer::header(packet.size());
  std::vector<std::uint8_t> bytes(header.begin(), header.end());
  bytes.insert(bytes.end(), packet.begin(), packet.end());
  return bytes;
}

// A server with ports 40000 to 40002, in virtual time; each answer takes 20 ms.
struct World {
  std::set<int> udp = {40000, 40001, 40002};  // Let through. So for each.
  std::set<int> tcp = {40000, 40001, 40002};
  std::set<int> refuses = {};      // Connections.
  std::set<int> speaks_http = {};  // Over TCP.
  int loses_first = 0;             // Of our datagrams.

  std::vector<PortReport> run() {
    probe.start(now);
    while (!is_done) {
      settle();
      if (is_done) break;
      Time next = probe.next_deadline();
      if (!events.empty()) next = std::min(next, events.begin()->first);
      if (next == kNever) {
        ADD_FAILURE() << "it waits for nothing";
        break;
      }
      now = next;
      if (!events.empty() && events.begin()->first <= now) {
        const auto event = std::move(events.extract(events.begin()).mapped());
        event();
      } else {
        probe.handle_timeout(now);
      }
    }
    return probe.result();
  }

  void settle() {
    while (auto output = probe.poll_output()) {
      std::visit(overloaded{[&](const PortProbe::Connect& connect) { on(connect); },
                            [&](const PortProbe::SendDatagram& send) { on(send); },
                            [&](const PortProbe::SendData& send) { on(send); },
                            [&](const PortProbe::Done&) { is_done = true; }},
                 *output);
    }
  }

  void on(const PortProbe::Connect& connect) {
    const int number = 40000 + static_cast<int>(connect.port);
    if (refuses.contains(number)) {
      after([=, this] { tell(PortProbe::Broken{connect.port, "It is refused."}); });
    } else if (tcp.contains(number)) {
      after([=, this] { tell(PortProbe::Connected{connect.port}); });
    }
  }
  void on(const PortProbe::SendDatagram& send) {
    if (loses_first-- > 0 || !udp.contains(send.to.port)) return;
    after([this, to = send.to, packet = answer_to(send.packet)] {
      tell(PortProbe::Datagram{to, packet});
    });
  }
  void on(const PortProbe::SendData& send) {
    ASSERT_GT(send.bytes.size(), 2u);
    const Bytes packet = Bytes(send.bytes).subspan(2);
    EXPECT_EQ(send.bytes[0] << 8 | send.bytes[1], static_cast<int>(packet.size()));
    auto bytes = framed(answer_to(packet));
    if (speaks_http.contains(40000 + static_cast<int>(send.port))) {
      const std::string text = "HTTP/1.1 400 Bad Request\r\n\r\n" + std::string(0x5000, 'x');
      bytes.assign(text.begin(), text.end());
    }
    // In two parts, as a stream may bring it.
    const std::vector<std::uint8_t> rest(bytes.begin() + 5, bytes.end());
    bytes.resize(5);
    after([this, at = send.port, bytes] { tell(PortProbe::Data{at, bytes}); });
    after([this, at = send.port, rest] { tell(PortProbe::Data{at, rest}); });
  }

  void after(std::function<void()> event) { events.emplace(now + 20ms, std::move(event)); }
  void tell(PortProbe::Input input) { probe.handle_input(now, std::move(input)); }

  SeededRandom random{3};
  PortProbe probe{{.ports = {port(40000), port(40001), port(40002)}}, random};
  Time now{1h};
  bool is_done = false;
  std::multimap<Time, std::function<void()>> events;
};

// Which of "udp 40000", "tcp 40000" and so on answer.
std::set<std::string> open(const std::vector<PortReport>& reports) {
  std::set<std::string> names;
  for (const PortReport& report : reports) {
    if (!report.reached()) continue;
    names.insert((report.way == Way::kUdp ? "udp " : "tcp ") + std::to_string(report.server.port));
  }
  return names;
}

TEST(PortProbe, AsksEachPortByUdpAndTcpAndWaitsNoLongerThanForTheLast) {
  World world;
  const auto reports = world.run();
  ASSERT_EQ(reports.size(), 6u);
  for (const PortReport& report : reports) {
    EXPECT_EQ(report.round_trip, 20ms);
    EXPECT_EQ(report.problem, "");
  }
  EXPECT_EQ(world.now, Time{1h} + 40ms) << "a connection, and an answer";
  EXPECT_EQ(world.probe.next_deadline(), kNever);
}

TEST(PortProbe, TellsTheOnePortThatIsShut) {
  World world;
  world.udp = {40000, 40002};
  world.tcp = {40000, 40001};
  const auto reports = world.run();
  EXPECT_EQ(open(reports),
            (std::set<std::string>{"udp 40000", "udp 40002", "tcp 40000", "tcp 40001"}));
  EXPECT_EQ(reports[2].problem, "STUN is not answered there.");
  EXPECT_EQ(world.now, Time{1h} + 3s) << "it is patient, but not for ever";
}

TEST(PortProbe, AsksAgainWhatWasLost) {
  World world;
  world.loses_first = 5;
  EXPECT_EQ(open(world.run()).size(), 6u);
}

TEST(PortProbe, SaysWhyAConnectionIsNone) {
  World world;
  world.refuses = {40001};
  world.speaks_http = {40002};
  const auto reports = world.run();
  EXPECT_EQ(open(reports).size(), 4u);
  EXPECT_EQ(reports[3].problem, "It is refused.");
  EXPECT_EQ(reports[5].problem, "What answers there does not speak STUN as ICE does over TCP.");
}

TEST(PortProbe, BelievesNoAnswerFromElsewhere) {
  World world;
  world.probe.start(world.now);
  while (auto output = world.probe.poll_output()) {
    const auto* sent = std::get_if<PortProbe::SendDatagram>(&*output);
    if (sent == nullptr) continue;
    const auto answer = answer_to(sent->packet);
    world.tell(PortProbe::Datagram{port(1), answer});
    const std::vector<std::uint8_t> noise = {1, 2, 3};
    world.tell(PortProbe::Datagram{sent->to, noise});
  }
  EXPECT_TRUE(open(world.probe.result()).empty());
}

TEST(PortProbe, IsDoneAtOnceWhereThereIsNothingToAsk) {
  SeededRandom random(3);
  PortProbe probe({}, random);
  probe.start(Time{1h});
  EXPECT_TRUE(std::holds_alternative<PortProbe::Done>(probe.poll_output().value()));
  EXPECT_TRUE(probe.result().empty());
}

}  // namespace
}  // namespace parley::probe
