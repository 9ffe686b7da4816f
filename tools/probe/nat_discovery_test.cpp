#include "probe/nat_discovery.h"

#include <gtest/gtest.h>

#include "sim/network.h"
#include "stun/binding_server.h"
#include "stun/message_builder.h"

namespace parley::probe {
namespace {

using namespace std::chrono_literals;
using sim::NatKind;
using Socket = NatDiscovery::Socket;

constexpr Time kStart{1h};

net::SocketAddress at(std::string_view text) {
  return net::SocketAddress::parse(text).value();
}

const stun::DiscoveryAddresses kServer = {at("192.0.2.1:3478"), at("192.0.2.2:3479")};
const net::SocketAddress kMapping = at("10.0.0.2:5000"), kFiltering = at("10.0.0.2:5001");

sim::NatConfig nat(NatKind kind, bool tells_ports_apart = true) {
  return {.kind = kind, .outside = at("203.0.113.1:0").ip, .tells_ports_apart = tells_ports_apart};
}

// A client, perhaps behind a NAT, and a server that has two addresses, in virtual time.
struct NatDiscoveryTest : testing::Test {
  struct Setup {
    std::optional<sim::NatConfig> nat = {};
    sim::LinkConfig link = {.latency = 10ms};
    bool loses_first = false;      // All that is asked at first.
    bool is_other_silent = false;  // Nothing comes or goes by the server's other IP address.
    bool server_discovers = true;  // Else it refuses what its answers promise.
  };

  Nat discover(const Setup& setup) {
    setup_ = setup;
    client_ = network_.add_host(
        {.addresses = {kMapping.ip}, .nat = setup.nat, .up = setup.link, .down = setup.link});
    server_ = network_.add_host({.addresses = {kServer.primary.ip, kServer.alternate.ip}});
    if (!setup.server_discovers) binding_ = stun::BindingServer({}, random_);
    probe_.emplace(NatDiscovery::Config{.server = kServer.primary,
                                        .other = kServer.alternate,
                                        .local = kMapping,
                                        .mapped = mapped(),
                                        .patience = 900ms},
                   random_);
    probe_->start(now_);
    network_.set_down(client_, setup.loses_first);
    turn();
    network_.set_down(client_, false);
    while (!probe_->is_over()) turn();
    EXPECT_EQ(probe_->next_deadline(), kNever);
    return probe_->result();
  }

  // What the primary address sees: test I of the RFC.
  net::SocketAddress mapped() {
    std::optional<net::SocketAddress> seen;
    const std::vector<std::uint8_t> anything{1};
    while (!seen) {
      network_.send(now_, client_, {.local = kMapping, .remote = kServer.primary}, anything);
      for (now_ = network_.next_deadline(); auto arrival = network_.poll(now_);) {
        seen = arrival->path.remote;
      }
    }
    return *seen;
  }

  void turn() {
    drain(*probe_, [&](NatDiscovery::Output output) {
      ++asked_;
      const auto& local = output.socket == Socket::kMapping ? kMapping : kFiltering;
      network_.send(now_, client_, {.local = local, .remote = output.to}, output.packet);
    });
    now_ = std::min(network_.next_deadline(), probe_->next_deadline());
    while (auto arrival = network_.poll(now_)) {
      if (arrival->host == server_) {
        answer(*arrival);
      } else {
        const auto socket = arrival->path.local == kMapping ? Socket::kMapping : Socket::kFiltering;
        probe_->handle_input(now_, {socket, arrival->path.remote, arrival->payload});
      }
    }
    if (probe_->next_deadline() <= now_) probe_->handle_timeout(now_);
  }

  void answer(const sim::Arrival& request) {
    const auto answer = binding_.handle(now_, request.path, request.payload);
    if (!answer) return;
    const bool uses_other = request.path.local.ip == kServer.alternate.ip ||
                            answer->path.local.ip == kServer.alternate.ip;
    if (setup_.is_other_silent && uses_other) return;
    network_.send(now_, server_, answer->path, answer->message);
  }

  Time now_ = kStart;
  SeededRandom random_{1};
  sim::Network network_{1};
  sim::HostId client_ = 0, server_ = 0;
  stun::BindingServer binding_{{.discovery = kServer}, random_};
  std::optional<NatDiscovery> probe_;
  Setup setup_;
  int asked_ = 0;
};

TEST_F(NatDiscoveryTest, SeesThatThereIsNone) {
  EXPECT_EQ(discover({}), (Nat{Mapping::kNone, Filtering::kEndpointIndependent}));
  EXPECT_EQ(now_, kStart + 60ms);  // One way to be seen, and one round trip for all tests.
}

TEST_F(NatDiscoveryTest, SeesAFullCone) {
  EXPECT_EQ(discover({.nat = nat(NatKind::kFullCone)}),
            (Nat{Mapping::kEndpointIndependent, Filtering::kEndpointIndependent}));
}

TEST_F(NatDiscoveryTest, SeesAnAddressRestrictedCone) {
  EXPECT_EQ(discover({.nat = nat(NatKind::kAddressRestricted)}),
            (Nat{Mapping::kEndpointIndependent, Filtering::kAddressDependent}));
}

TEST_F(NatDiscoveryTest, SeesAPortRestrictedCone) {
  EXPECT_EQ(discover({.nat = nat(NatKind::kPortRestricted)}),
            (Nat{Mapping::kEndpointIndependent, Filtering::kStrict}));
  EXPECT_LE(now_, kStart + 1s);
  EXPECT_EQ(asked_, 1 + 2 * 3);  // What is answered is not asked again.
}

TEST_F(NatDiscoveryTest, SeesASymmetricNat) {
  EXPECT_EQ(discover({.nat = nat(NatKind::kSymmetric)}),
            (Nat{Mapping::kDependent, Filtering::kStrict}));
}

TEST_F(NatDiscoveryTest, SeesANatThatTellsAddressesApartAlone) {
  EXPECT_EQ(discover({.nat = nat(NatKind::kSymmetric, false)}),
            (Nat{Mapping::kAddressDependent, Filtering::kStrict}));
}

TEST_F(NatDiscoveryTest, WaitsForTheLastTestAsLongAsForTheOthers) {
  const sim::LinkConfig slow{.latency = 300ms};
  EXPECT_EQ(discover({.nat = nat(NatKind::kSymmetric, false), .link = slow}),
            (Nat{Mapping::kAddressDependent, Filtering::kStrict}));
}

TEST_F(NatDiscoveryTest, RepeatsWhatIsLost) {
  EXPECT_EQ(discover({.nat = nat(NatKind::kFullCone), .loses_first = true}),
            (Nat{Mapping::kEndpointIndependent, Filtering::kEndpointIndependent}));
  EXPECT_EQ(now_, kStart + 360ms);
}

TEST_F(NatDiscoveryTest, AsksTheOtherPortAgainAsWell) {
  const sim::LinkConfig lossy{.latency = 10ms, .loss = 0.2};
  EXPECT_EQ(discover({.nat = nat(NatKind::kSymmetric, false), .link = lossy}),
            (Nat{Mapping::kAddressDependent, Filtering::kStrict}));
}

// Else a firewall before the server's second address would look like a strict NAT.
TEST_F(NatDiscoveryTest, KnowsNothingWhereTheOtherAddressIsSilent) {
  EXPECT_EQ(discover({.nat = nat(NatKind::kFullCone), .is_other_silent = true}), Nat());
  EXPECT_LE(now_, kStart + 1s);
}

TEST_F(NatDiscoveryTest, TakesARefusalForNoFilter) {
  EXPECT_EQ(discover({.nat = nat(NatKind::kFullCone), .server_discovers = false}),
            (Nat{Mapping::kEndpointIndependent, Filtering::kUnknown}));
}

// A server that answers from where it was asked, whatever was asked for.
TEST_F(NatDiscoveryTest, IsNotDeceivedByAServerThatDoesNotChange) {
  NatDiscovery probe({.server = kServer.primary,
                      .other = kServer.alternate,
                      .local = kMapping,
                      .mapped = kMapping,
                      .patience = 900ms},
                     random_);
  probe.start(kStart);
  drain(probe, [&](const NatDiscovery::Output& output) {
    const auto request = stun::MessageView::parse(output.packet).value();
    stun::MessageBuilder answer(stun::Class::kSuccess, request);
    answer.add_xor_address(stun::Attribute::kXorMappedAddress, kMapping);
    probe.handle_input(kStart + 1ms, {output.socket, output.to, answer.view()});
  });
  EXPECT_FALSE(probe.is_over());
  probe.handle_timeout(kStart + 900ms);
  EXPECT_EQ(probe.result(), (Nat{Mapping::kNone, Filtering::kStrict}));
}

TEST(NatDiscovery, UsesAnotherAddressAndAnotherPortAlone) {
  const auto usable = [](std::string_view other) {
    return NatDiscovery::is_usable(kServer.primary, at(other));
  };
  EXPECT_TRUE(usable("192.0.2.2:3479"));
  for (const auto* other :
       {"192.0.2.1:3479", "192.0.2.2:3478", "192.0.2.2:0", "0.0.0.0:3479", "[2001:db8::2]:3479"}) {
    EXPECT_FALSE(usable(other)) << other;
  }
}

}  // namespace
}  // namespace parley::probe
