#include "ice/candidate.h"

#include <gtest/gtest.h>

namespace parley::ice {
namespace {

net::SocketAddress address(std::string_view text) {
  return net::SocketAddress::parse(text).value();
}

TEST(IceCandidate, ReadsWhatBrowsersWrite) {
  const auto chromium = Candidate::parse(
      "candidate:842163049 1 udp 1677729535 198.51.100.7 46154 typ srflx raddr 0.0.0.0 rport 0 "
      "generation 0 ufrag Ab3d network-id 1 network-cost 10");
  ASSERT_TRUE(chromium.has_value()) << to_string(chromium.error());
  EXPECT_EQ(chromium->type, CandidateType::kServerReflexive);
  EXPECT_EQ(chromium->transport, net::Transport::kUdp);
  EXPECT_EQ(chromium->address, address("198.51.100.7:46154"));
  EXPECT_EQ(chromium->related, address("0.0.0.0:0"));
  EXPECT_EQ(chromium->priority, 1677729535u);
  EXPECT_EQ(chromium->foundation, "842163049");
  EXPECT_EQ(chromium->ufrag, "Ab3d");

  const auto hidden = Candidate::parse(
      "candidate:0 1 UDP 2122252543 1b8e6c4c-93a2-4e6b-9d57-0d1f0c0a2d5e.local 52812 typ host");
  ASSERT_TRUE(hidden.has_value());
  EXPECT_EQ(hidden->mdns_name, "1b8e6c4c-93a2-4e6b-9d57-0d1f0c0a2d5e.local");
  EXPECT_EQ(hidden->address.port, 52812);

  const auto tcp =
      Candidate::parse("a=candidate:1 1 TCP 2105524479 2001:db8::7 9 typ host tcptype active\r\n");
  ASSERT_TRUE(tcp.has_value());
  EXPECT_EQ(tcp->tcp_type, TcpType::kActive);
  EXPECT_EQ(tcp->address, address("[2001:db8::7]:9"));
}

TEST(IceCandidate, SaysWhyItRefuses) {
  const auto error = [](std::string_view text) { return Candidate::parse(text).error(); };
  EXPECT_EQ(error(""), CandidateError::kMalformed);
  EXPECT_EQ(error("1 1 udp 1 192.0.2.1 1 typ"), CandidateError::kMalformed);
  EXPECT_EQ(error("1 1 udp 1 192.0.2.1 1 type host"), CandidateError::kMalformed);
  EXPECT_EQ(error("1 0 udp 1 192.0.2.1 1 typ host"), CandidateError::kMalformed);
  EXPECT_EQ(error("1 1 udp 0 192.0.2.1 1 typ host"), CandidateError::kMalformed);
  EXPECT_EQ(error("1 1 udp 2147483648 192.0.2.1 1 typ host"), CandidateError::kMalformed);
  EXPECT_EQ(error("1 1 udp 1 192.0.2.1 65536 typ host"), CandidateError::kMalformed);
  EXPECT_EQ(error("1 1 udp 1 192.0.2.1 80x typ host"), CandidateError::kMalformed);
  EXPECT_EQ(error("1 1 tcp 1 192.0.2.1 1 typ host"), CandidateError::kMalformed);
  EXPECT_EQ(error("1 1 udp 1 192.0.2.1 1 typ host raddr"), CandidateError::kMalformed);
  EXPECT_EQ(error("a*b 1 udp 1 192.0.2.1 1 typ host"), CandidateError::kMalformed);
  EXPECT_EQ(error(std::string(33, 'f') + " 1 udp 1 192.0.2.1 1 typ host"),
            CandidateError::kMalformed);
  EXPECT_EQ(error("1 1 sctp 1 192.0.2.1 1 typ host"), CandidateError::kUnknownTransport);
  EXPECT_EQ(error("1 1 udp 1 192.0.2.1 1 typ token"), CandidateError::kUnknownType);
  EXPECT_EQ(error("1 1 udp 1 example.org 1 typ host"), CandidateError::kUnsupportedAddress);
  EXPECT_EQ(error("1 1 udp 1 .local 1 typ host"), CandidateError::kUnsupportedAddress);
}

TEST(IceCandidate, RefusesEveryTruncationOfItsMandatoryPart) {
  const std::string_view line = "candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host";
  for (std::size_t size = 0; size < line.size(); ++size) {
    EXPECT_FALSE(Candidate::parse(line.substr(0, size)).has_value()) << line.substr(0, size);
  }
  EXPECT_TRUE(Candidate::parse(line).has_value());
}

TEST(IceCandidate, WritesWhatItReads) {
  for (const std::string_view line : {
           "candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host",
           "candidate:2 1 udp 1694498815 203.0.113.1 6000 typ srflx raddr 10.0.0.2 rport 5000 "
           "ufrag AbCd",
           "candidate:3 1 udp 16777215 198.51.100.2 7000 typ relay raddr 203.0.113.1 rport 6000",
           "candidate:4 1 tcp 1518280447 2001:db8::1 9 typ host tcptype active",
           "candidate:5 1 udp 1 some-name.local 5000 typ host ufrag x/+y",
       }) {
    const auto candidate = Candidate::parse(line);
    ASSERT_TRUE(candidate.has_value()) << line;
    EXPECT_EQ(candidate->to_string(), line);
    EXPECT_EQ("candidate:" + candidate->attribute_value(), line);
    EXPECT_EQ(Candidate::parse(candidate->to_string()), candidate);
  }
}

TEST(IceCandidate, WritesARelatedAddressWhereTheGrammarAsksForOne) {
  Candidate candidate = Candidate::host(address("192.0.2.1:5000"));
  candidate.type = CandidateType::kServerReflexive;
  candidate.foundation = "1";
  candidate.priority = 5;
  EXPECT_EQ(candidate.to_string(),
            "candidate:1 1 udp 5 192.0.2.1 5000 typ srflx raddr 0.0.0.0 rport 0");
}

// RFC 8445, 5.1.2.1: 126 << 24, 65535 << 8, 256 less the component.
TEST(IceCandidate, HasThePriorityOfTheRfc) {
  EXPECT_EQ(candidate_priority(CandidateType::kHost, net::Transport::kUdp, {}, 65535), 2130706431u);
  EXPECT_EQ(candidate_priority(CandidateType::kPeerReflexive, net::Transport::kUdp, {}, 65535),
            1862270975u);
  EXPECT_EQ(candidate_priority(CandidateType::kServerReflexive, net::Transport::kUdp, {}, 65535),
            1694498815u);
}

TEST(IceCandidate, PrefersUdpToTcpAndDirectToRelayed) {
  const auto udp = [](CandidateType type) {
    return candidate_priority(type, net::Transport::kUdp, {}, 0);
  };
  const auto tcp = [](CandidateType type, TcpType tcp_type, std::uint16_t preference = 65535) {
    return candidate_priority(type, net::Transport::kTcp, tcp_type, preference);
  };
  EXPECT_GT(udp(CandidateType::kHost), udp(CandidateType::kPeerReflexive));
  EXPECT_GT(udp(CandidateType::kPeerReflexive), udp(CandidateType::kServerReflexive));
  EXPECT_GT(udp(CandidateType::kServerReflexive), tcp(CandidateType::kHost, TcpType::kActive));
  EXPECT_GT(tcp(CandidateType::kHost, TcpType::kPassive), udp(CandidateType::kRelayed));
  // RFC 6544, 4.2.
  EXPECT_GT(tcp(CandidateType::kHost, TcpType::kActive, 0),
            tcp(CandidateType::kHost, TcpType::kPassive));
  EXPECT_GT(tcp(CandidateType::kHost, TcpType::kActive, 65535),
            tcp(CandidateType::kHost, TcpType::kActive, 65534));
  EXPECT_GT(tcp(CandidateType::kPeerReflexive, TcpType::kSimultaneousOpen),
            tcp(CandidateType::kPeerReflexive, TcpType::kActive));
}

TEST(IceCandidate, BothSidesComeToTheSamePairPriorityAndTheControllingSideBreaksTies) {
  EXPECT_EQ(pair_priority(3, 2), (std::uint64_t{2} << 32) + 7);
  EXPECT_EQ(pair_priority(2, 3), (std::uint64_t{2} << 32) + 6);
  EXPECT_EQ(pair_priority(2, 2), (std::uint64_t{2} << 32) + 4);
}

TEST(IceCandidate, IsMadeFromAnAddress) {
  EXPECT_EQ(Candidate::host(address("192.0.2.1:5000")).base, address("192.0.2.1:5000"));
  const Candidate active = Candidate::tcp_host(address("192.0.2.1:5000"), TcpType::kActive);
  EXPECT_EQ(active.address.port, 9);
  EXPECT_EQ(active.base.port, 0);
  const Candidate passive = Candidate::tcp_host(address("192.0.2.1:5000"), TcpType::kPassive);
  EXPECT_EQ(passive.address.port, 5000);
  EXPECT_EQ(passive.base.port, 5000);
  const Candidate relayed =
      Candidate::relayed(address("198.51.100.2:7000"), address("203.0.113.1:6000"));
  EXPECT_EQ(relayed.base, relayed.address);
  EXPECT_EQ(relayed.related, address("203.0.113.1:6000"));
}

}  // namespace
}  // namespace parley::ice
