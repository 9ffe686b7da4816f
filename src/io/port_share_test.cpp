#include "io/port_share.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <set>
#include <string>
#include <vector>

#include "io/sockaddr.h"
#include "io/tcp_listener.h"
#include "io/udp_test_node.h"

namespace parley::io {
namespace {

constexpr unsigned kCount = 4;

net::IpAddress ip(std::string_view text) {
  return net::IpAddress::parse(text).value();
}

std::vector<std::string> many_sources() {
  std::vector<std::string> sources;
  for (int i = 1; i <= 40; ++i) sources.push_back("127.0.0." + std::to_string(i));
  return sources;
}

struct SharedUdp {
  SharedUdp(EventLoop& loop, std::string_view at) {
    std::string where(at);
    for (unsigned i = 0; i < kCount; ++i) {
      UdpSocket::Config config;
      config.share = {.index = i, .count = kCount};
      nodes.push_back(std::make_unique<Node>(loop, where, config));
      where = nodes[0]->socket->address().to_string();
    }
  }
  std::vector<std::unique_ptr<Node>> nodes;
};

// From each source, and from several ports of it.
void expect_steering(EventLoop& loop, std::string_view at, std::string_view target,
                     const std::vector<std::string>& sources) {
  SharedUdp shared(loop, at);
  const net::SocketAddress to{ip(target), shared.nodes[0]->socket->address().port};
  std::set<unsigned> reached;
  for (const std::string& source : sources) {
    for (int port = 0; port < 6; ++port) {
      Node client(loop, net::SocketAddress{ip(source), 0}.to_string());
      client.send(to, source);
      const unsigned share = share_of(ip(source), kCount);
      Node& node = *shared.nodes[share];
      turn_until(loop, [&] { return !node.texts.empty(); });
      ASSERT_EQ(node.texts, std::vector{source}) << "share " << share;
      node.texts.clear();
      reached.insert(share);
    }
  }
  EXPECT_EQ(reached.size(), sources.size() > 10 ? kCount : 1);
}

TEST(PortShare, SteersUdpBySourceAddress) {
  EventLoop loop;
  expect_steering(loop, "127.0.0.1:0", "127.0.0.1", many_sources());
}

TEST(PortShare, SteersUdpOfBothFamiliesOnOneSocket) {
  if (!has_ipv6()) GTEST_SKIP() << "no IPv6 on this host";
  EventLoop loop;
  expect_steering(loop, "[::]:0", "127.0.0.1", many_sources());
  expect_steering(loop, "[::]:0", "::1", {"::1"});
}

// Connects from `source`, and waits for who accepts it. The index is that of the listener.
unsigned accepted_by(EventLoop& loop, const net::IpAddress& source, const net::SocketAddress& to,
                     std::vector<unsigned>& accepted) {
  const sa_family_t family = family_of(source);
  const Fd fd(::socket(family, SOCK_STREAM, 0));
  KernelAddress at;
  EXPECT_EQ(::bind(fd.get(), &at.any, write_to(at, {source, 0}, family)), 0);
  EXPECT_EQ(::connect(fd.get(), &at.any, write_to(at, to, family)), 0);
  turn_until(loop, [&] { return !accepted.empty(); });
  const unsigned index = accepted.back();
  accepted.clear();
  return index;
}

void expect_tcp_steering(std::string_view at, std::string_view target,
                         const std::vector<std::string>& sources) {
  EventLoop loop;
  std::vector<unsigned> accepted;
  std::vector<std::unique_ptr<TcpListener>> listeners;
  net::SocketAddress where = address(at);
  for (unsigned i = 0; i < kCount; ++i) {
    auto listener = TcpListener::listen(loop, where,
                                        [&accepted, i](int fd, net::SocketAddress) {
                                          accepted.push_back(i);
                                          ::close(fd);
                                        },
                                        {.index = i, .count = kCount});
    ASSERT_TRUE(listener.has_value()) << listener.error();
    listeners.push_back(*std::move(listener));
    where = listeners[0]->address();
  }
  for (const std::string& source : sources) {
    for (int port = 0; port < 4; ++port) {
      ASSERT_EQ(accepted_by(loop, ip(source), {ip(target), where.port}, accepted),
                share_of(ip(source), kCount))
          << source;
    }
  }
}

TEST(PortShare, SteersTcpBySourceAddress) {
  expect_tcp_steering("127.0.0.1:0", "127.0.0.1", many_sources());
}

TEST(PortShare, SteersTcpOfBothFamiliesOnOneSocket) {
  if (!has_ipv6()) GTEST_SKIP() << "no IPv6 on this host";
  expect_tcp_steering("[::]:0", "127.0.0.1", many_sources());
  expect_tcp_steering("[::]:0", "::1", {"::1"});
}

TEST(PortShare, TakesNoPortThatSomebodyHas) {
  EventLoop loop;
  SharedUdp shared(loop, "127.0.0.1:0");
  UdpSocket::Config config;
  config.share = {.index = 0, .count = kCount};
  const auto address = shared.nodes[0]->socket->address();
  const auto again = UdpSocket::open(loop, address, *shared.nodes[0], config);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error(), "cannot listen on " + address.to_string() + ": Address already in use");
}

TEST(PortShare, CountsAnIpv6AddressByItsFirstHalf) {
  for (unsigned count = 1; count < 9; ++count) {
    EXPECT_EQ(share_of(ip("2001:db8:1:2::1"), count),
              share_of(ip("2001:db8:1:2:aaaa:bbbb:cccc:dddd"), count));
  }
  EXPECT_NE(share_of(ip("2001:db8:1:2::1"), 1000), share_of(ip("2001:db8:1:3::1"), 1000));
}

TEST(PortShare, SpreadsAddressesEvenly) {
  for (const unsigned count : {2u, 3u, 4u, 8u}) {
    std::vector<unsigned> hits(count);
    for (std::uint8_t i = 0; i < 250; ++i) {
      for (std::uint8_t j = 0; j < 40; ++j) {
        ++hits[share_of(net::IpAddress::v4({203, 0, j, i}), count)];
      }
    }
    for (const unsigned n : hits) EXPECT_NEAR(n, 10'000.0 / count, 1500.0 / count) << count;
  }
}

}  // namespace
}  // namespace parley::io
