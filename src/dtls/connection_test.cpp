#include "dtls/connection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "dtls/record.h"
#include "dtls/test_pair.h"

namespace parley::dtls {
namespace {

using Reason = Connection::Reason;
using SendError = Connection::SendError;
using State = Connection::State;
using Messages = std::vector<std::vector<std::uint8_t>>;

constexpr std::uint8_t kBadCertificate = 42;  // RFC 5246, 7.2.

std::vector<std::uint8_t> bytes_of(std::string_view text) {
  const Bytes bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

TEST(Connection, ConnectsBothEndsWithTheSameKeys) {
  Pair pair;
  pair.start();
  pair.run(1s);
  ASSERT_TRUE(pair.is_connected());
  ASSERT_TRUE(pair.client.srtp.has_value());
  EXPECT_EQ(pair.client.srtp, pair.server.srtp);
  EXPECT_EQ(pair.client.srtp->profile, 7);  // AEAD_AES_128_GCM.
  EXPECT_EQ(pair.client.srtp->client.key.size(), 16u);
  EXPECT_EQ(pair.client.srtp->client.salt.size(), 12u);
  EXPECT_NE(pair.client.srtp->client, pair.client.srtp->server);
  EXPECT_EQ(pair.client.connection.next_deadline(), kNever);
  EXPECT_EQ(pair.server.connection.next_deadline(), kNever);
}

TEST(Connection, TellsWhatStatisticsAskFor) {
  Pair pair;
  EXPECT_EQ(pair.client.connection.cipher_suite(), "");
  EXPECT_TRUE(pair.client.connection.peer_certificate().empty());
  pair.start();
  pair.run(1s);
  EXPECT_EQ(pair.client.connection.cipher_suite(), "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
  const Bytes der = server_certificate()->der();
  EXPECT_TRUE(std::ranges::equal(pair.client.connection.peer_certificate(), der));
  EXPECT_EQ(pair.client.connection.role(), Role::kClient);
  EXPECT_EQ(to_string(pair.client.connection.state()), "connected");
}

TEST(Connection, CarriesDataBothWaysAndKeepsItsBoundaries) {
  Pair pair;
  pair.start();
  pair.run(1s);
  for (const char* text : {"one", "two", "three"}) {
    ASSERT_TRUE(pair.client.connection.send(pair.now, as_bytes(text)).has_value());
    ASSERT_TRUE(pair.server.connection.send(pair.now, as_bytes(text)).has_value());
  }
  pair.settle();
  pair.run(1s);
  const Messages expected{bytes_of("one"), bytes_of("two"), bytes_of("three")};
  EXPECT_EQ(pair.client.received, expected);
  EXPECT_EQ(pair.server.received, expected);
  EXPECT_EQ(pair.client.connection.counters().data_sent, 3u);
  EXPECT_EQ(pair.client.connection.counters().data_received, 3u);
}

TEST(Connection, CarriesTheLongestRecordAndNothingLonger) {
  Pair pair;
  pair.start();
  pair.run(1s);
  const std::vector<std::uint8_t> longest(Connection::kMaxSendSize, 7);
  const std::vector<std::uint8_t> longer(Connection::kMaxSendSize + 1, 7);
  EXPECT_EQ(pair.client.connection.send(pair.now, longer).error(), SendError::kTooLong);
  ASSERT_TRUE(pair.client.connection.send(pair.now, longest).has_value());
  ASSERT_TRUE(pair.client.connection.send(pair.now, {}).has_value());
  pair.settle();
  pair.run(1s);
  EXPECT_EQ(pair.server.received, Messages{longest});
}

TEST(Connection, KeepsEarlyDataUntilItIsConnected) {
  Pair pair;
  ASSERT_TRUE(pair.server.connection.send(pair.now, as_bytes("from the server")).has_value());
  ASSERT_TRUE(pair.client.connection.send(pair.now, as_bytes("from the client")).has_value());
  pair.start();
  pair.run(1s);
  EXPECT_EQ(pair.client.received, Messages{bytes_of("from the server")});
  EXPECT_EQ(pair.server.received, Messages{bytes_of("from the client")});
}

TEST(Connection, BoundsEarlyData) {
  Config config = client_config();
  config.max_early_bytes = 1'000;
  Connection connection(config);
  std::size_t kept = 0;
  while (connection.send(kStart, as_bytes("x")).has_value()) ASSERT_LT(++kept, 100u);
  EXPECT_EQ(kept, 15u);  // Each of 1 + 64 bytes.
  EXPECT_EQ(connection.send(kStart, as_bytes("x")).error(), SendError::kEarly);
}

TEST(Connection, RefusesACertificateWithAnotherFingerprint) {
  Config config = client_config();
  config.peer_fingerprints = {client_certificate()->fingerprint()};
  Pair pair({.latency = 10ms}, 1, config);
  pair.start();
  pair.run(1s);
  ASSERT_TRUE(pair.client.failed.has_value());
  EXPECT_EQ(pair.client.failed->reason, Reason::kFingerprint);
  EXPECT_EQ(pair.client.failed->alert, kBadCertificate);
  ASSERT_TRUE(pair.server.failed.has_value());
  EXPECT_EQ(pair.server.failed->reason, Reason::kPeerAlert);
  EXPECT_EQ(pair.server.failed->alert, kBadCertificate);
  EXPECT_FALSE(pair.client.connected_at.has_value());
  EXPECT_FALSE(pair.server.connected_at.has_value());
}

TEST(Connection, RefusesAClientWithAnotherFingerprint) {
  Config config = server_config();
  config.peer_fingerprints[0].bytes.back() ^= 1;
  Pair pair({.latency = 10ms}, 1, client_config(), config);
  pair.start();
  pair.run(1s);
  ASSERT_TRUE(pair.server.failed.has_value());
  EXPECT_EQ(pair.server.failed->reason, Reason::kFingerprint);
  ASSERT_TRUE(pair.client.failed.has_value());
  EXPECT_EQ(pair.client.failed->reason, Reason::kPeerAlert);
  EXPECT_FALSE(pair.server.connected_at.has_value());
}

TEST(Connection, WaitsForAFingerprintThatComesLater) {
  Config config = server_config();
  config.peer_fingerprints.clear();
  Pair pair({.latency = 10ms}, 1, client_config(), config);
  pair.start();
  pair.run(100ms);
  ASSERT_EQ(pair.client.connection.state(), State::kConnected);
  ASSERT_TRUE(pair.client.connection.send(pair.now, as_bytes("early")).has_value());
  pair.settle();
  pair.run(100ms);
  EXPECT_EQ(pair.server.connection.state(), State::kConnecting);
  EXPECT_TRUE(pair.server.received.empty());
  pair.server.connection.set_peer_fingerprints(pair.now, {client_certificate()->fingerprint()});
  pair.settle();
  EXPECT_TRUE(pair.is_connected());
  EXPECT_EQ(pair.server.srtp, pair.client.srtp);
  EXPECT_EQ(pair.server.received, Messages{bytes_of("early")});
  EXPECT_EQ(pair.server.connection.next_deadline(), kNever);
}

TEST(Connection, EndsWhenTheLateFingerprintIsAnother) {
  Config config = server_config();
  config.peer_fingerprints.clear();
  Pair pair({.latency = 10ms}, 1, client_config(), config);
  pair.start();
  pair.run(100ms);
  pair.server.connection.set_peer_fingerprints(pair.now, {server_certificate()->fingerprint()});
  pair.settle();
  pair.run(100ms);
  ASSERT_TRUE(pair.server.failed.has_value());
  EXPECT_EQ(pair.server.failed->reason, Reason::kFingerprint);
  ASSERT_TRUE(pair.client.closed.has_value());
  EXPECT_TRUE(pair.client.closed->by_peer);
}

TEST(Connection, BoundsWhatComesBeforeTheFingerprint) {
  Config config = server_config();
  config.peer_fingerprints.clear();
  config.max_early_bytes = 1'000;
  Pair pair({.latency = 10ms}, 1, client_config(), config);
  pair.start();
  pair.run(100ms);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(pair.client.connection.send(pair.now, as_bytes("x")).has_value());
  }
  pair.settle();
  pair.run(100ms);
  EXPECT_EQ(pair.server.connection.counters().dropped_early_data, 5u);
  pair.server.connection.set_peer_fingerprints(pair.now, {client_certificate()->fingerprint()});
  pair.settle();
  EXPECT_EQ(pair.server.received.size(), 15u);
}

TEST(Connection, TakesTheFingerprintBeforeItIsNeeded) {
  Config config = client_config();
  config.peer_fingerprints.clear();
  Pair pair({.latency = 10ms}, 1, config);
  pair.client.connection.set_peer_fingerprints(pair.now, {client_certificate()->fingerprint()});
  pair.start();
  pair.run(1s);
  ASSERT_TRUE(pair.client.failed.has_value());
  EXPECT_EQ(pair.client.failed->alert, kBadCertificate);
}

TEST(Connection, IsClosedByCloseNotify) {
  Pair pair;
  pair.start();
  pair.run(1s);
  pair.client.connection.close(pair.now);
  pair.settle();
  pair.run(1s);
  ASSERT_TRUE(pair.client.closed.has_value());
  EXPECT_FALSE(pair.client.closed->by_peer);
  ASSERT_TRUE(pair.server.closed.has_value());
  EXPECT_TRUE(pair.server.closed->by_peer);
  EXPECT_EQ(pair.server.connection.send(pair.now, as_bytes("x")).error(), SendError::kClosed);
  EXPECT_EQ(pair.server.connection.state(), State::kClosed);
  EXPECT_EQ(pair.client.connection.counters().dropped_ended, 1u);  // The server's close_notify.
}

TEST(Connection, ClosesInSilenceBeforeTheHandshake) {
  Connection connection(client_config());
  connection.close(kStart);
  const auto output = connection.poll_output();
  ASSERT_TRUE(output.has_value());
  EXPECT_FALSE(std::get<Connection::Closed>(*output).by_peer);
  EXPECT_FALSE(connection.poll_output().has_value());
  EXPECT_EQ(connection.next_deadline(), kNever);
}

TEST(Connection, HasNoKeysWhereOneSideWantsNoSrtp) {
  Config config = server_config();
  config.srtp = false;
  Pair pair({.latency = 10ms}, 1, client_config(), config);
  pair.start();
  pair.run(1s);
  EXPECT_TRUE(pair.is_connected());
  EXPECT_FALSE(pair.client.srtp.has_value());
  EXPECT_FALSE(pair.server.srtp.has_value());
}

TEST(Connection, KeepsToTheMtu) {
  Config small_client = client_config();
  Config small_server = server_config();
  small_client.mtu = small_server.mtu = 256;
  Pair pair({.latency = 10ms}, 1, small_client, small_server);
  pair.start();
  pair.run(1s);
  ASSERT_TRUE(pair.is_connected());
  for (const End* end : {&pair.client, &pair.server}) {
    EXPECT_GT(end->sent.size(), 3u);
    for (const auto& datagram : end->sent) EXPECT_LE(datagram.size(), 256u);
  }
}

TEST(Connection, DropsWhatIsNoDtls) {
  Pair pair;
  pair.start();
  for (const int first : {0, 19, 64, 128, 255}) {
    pair.server.handle(pair.now, std::array{static_cast<std::uint8_t>(first)});
  }
  pair.server.handle(pair.now, {});
  EXPECT_EQ(pair.server.connection.counters().dropped_not_dtls, 6u);
  EXPECT_EQ(pair.server.connection.counters().datagrams_received, 0u);
  pair.run(1s);
  EXPECT_TRUE(pair.is_connected());
}

TEST(Connection, HearsNothingAsAClientBeforeItsStart) {
  Connection connection(client_config());
  connection.handle_input(kStart, {std::array<std::uint8_t, 20>{22}});
  EXPECT_EQ(connection.counters().dropped_too_early, 1u);
  EXPECT_EQ(connection.state(), State::kNew);
}

TEST(Connection, ListensAsAServerBeforeItsStart) {
  Pair pair;
  pair.client.connection.start(pair.now);
  pair.settle();
  pair.run(100ms);
  pair.server.connection.start(pair.now);
  pair.run(100ms);
  EXPECT_TRUE(pair.is_connected());
}

// What is malformed in a plain record of the handshake ends it, as RFC 5246, 7.2.2 wants.
TEST(Connection, FailsWithAnAlertForAHelloThatMakesNoSense) {
  Pair pair;
  pair.client.connection.start(pair.now);
  pair.settle();
  auto hello = pair.client.sent.at(0);
  std::fill(hello.begin() + 60, hello.end(), 0xff);
  pair.server.handle(pair.now, hello);
  ASSERT_TRUE(pair.server.failed.has_value());
  EXPECT_EQ(pair.server.failed->reason, Reason::kProtocol);
  EXPECT_TRUE(pair.server.failed->alert.has_value());
  EXPECT_EQ(pair.server.sent.size(), 1u);
  pair.server.handle(pair.now, hello);
  EXPECT_EQ(pair.server.connection.counters().dropped_ended, 1u);
}

TEST(Connection, CollectsNoMessageOfAnySize) {
  Pair pair;
  pair.client.connection.start(pair.now);
  pair.settle();
  auto hello = pair.client.sent.at(0);
  constexpr std::size_t kLength = 13 + 1;  // After the record's header and the message's type.
  hello[kLength] = 1;                      // So it is 64 KiB longer than what is here of it.
  pair.server.handle(pair.now, hello);
  ASSERT_TRUE(pair.server.failed.has_value());
  EXPECT_EQ(pair.server.failed->reason, Reason::kProtocol);
}

TEST(Connection, DropsRecordsThatAreReplayedOrForged) {
  Pair pair;
  pair.start();
  pair.run(1s);
  ASSERT_TRUE(pair.client.connection.send(pair.now, as_bytes("once")).has_value());
  pair.settle();
  pair.run(100ms);
  const auto record = pair.client.sent.back();
  for (std::size_t i = 0; i < record.size(); ++i) {
    auto forged = record;
    forged[i] ^= 0x01;
    pair.server.handle(pair.now, forged);
    pair.server.handle(pair.now, Bytes(record).first(i));
  }
  pair.server.handle(pair.now, record);
  EXPECT_EQ(pair.server.received, Messages{bytes_of("once")});
  EXPECT_EQ(pair.server.connection.state(), State::kConnected);
}

// A path that does not keep the order: what the server wrote first of all overtakes its Finished.
TEST(Connection, KeepsDataThatOvertakesTheEndOfTheHandshake) {
  Pair pair({.latency = 0ms});
  ASSERT_TRUE(pair.server.connection.send(pair.now, as_bytes("early")).has_value());
  pair.start();
  std::vector<std::vector<std::uint8_t>> to_client;
  while (pair.server.connection.state() != State::kConnected) {
    ASSERT_NE(pair.next_event(), kNever);
    while (const auto datagram = pair.client.link.poll(pair.now)) {
      pair.server.handle(pair.now, *datagram);
    }
    to_client.clear();
    while (const auto datagram = pair.server.link.poll(pair.now)) to_client.push_back(*datagram);
    if (pair.server.connection.state() == State::kConnected) break;
    for (const auto& datagram : to_client) pair.client.handle(pair.now, datagram);
  }
  ASSERT_EQ(to_client.size(), 2u);
  pair.client.handle(pair.now, to_client[1]);
  EXPECT_TRUE(pair.client.received.empty());
  pair.client.handle(pair.now, to_client[0]);
  EXPECT_EQ(pair.client.received, Messages{bytes_of("early")});
  pair.client.handle(pair.now, to_client[1]);
  EXPECT_EQ(pair.client.received.size(), 1u);
}

TEST(Connection, TakesNoNonceTwice) {
  Pair pair;
  pair.start();
  pair.run(1s);
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(pair.server.connection.send(pair.now, as_bytes("x")).has_value());
  }
  pair.settle();
  std::vector<std::uint64_t> nonces, numbers;
  for (const auto& datagram : pair.server.sent) {
    Bytes rest = datagram;
    while (const auto record = take_record(rest)) {
      if (record->epoch == 0) continue;
      nonces.push_back(ByteReader(record->body).u64());
      numbers.push_back(record->sequence_number);
    }
  }
  ASSERT_EQ(nonces.size(), 6u);  // Finished was the first.
  for (std::size_t i = 1; i < nonces.size(); ++i) EXPECT_EQ(nonces[i], nonces[0] + i);
  EXPECT_EQ(numbers, (std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5}));
}

TEST(Connection, MayBeMoved) {
  Pair pair;
  pair.start();
  pair.run(15ms);
  Connection moved = std::move(pair.server.connection);
  pair.server.connection = std::move(moved);
  pair.run(1s);
  EXPECT_TRUE(pair.is_connected());
}

TEST(Connection, HasWordsForAllThatEndsIt) {
  EXPECT_EQ(to_string(Reason::kFingerprint), "the certificate has another fingerprint");
  EXPECT_EQ(to_string(Reason::kTimeout), "no answer");
  EXPECT_EQ(to_string(SendError::kClosed), "the connection has ended");
}

}  // namespace
}  // namespace parley::dtls
