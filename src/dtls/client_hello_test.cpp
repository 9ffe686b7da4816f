// ClientHellos that fill more than a datagram, as browsers' do, to a server of ours.
#include <gtest/gtest.h>

#include <random>

#include "dtls/test_openssl_peer.h"

namespace parley::dtls {
namespace {

// With an extension that nobody knows in the place of the post-quantum key share, the hello becomes
// as long as a browser's: 1,413 bytes for Chromium 156, 1,461 for Firefox 153.
OpensslPeer browser(std::size_t extension_size) {
  OpensslPeer peer(Role::kClient,
                   "SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_256_GCM:SRTP_AEAD_AES_128_GCM");
  static std::vector<std::uint8_t> content;
  content.assign(extension_size, 0x5a);
  SSL_CTX_add_custom_ext(
      peer.context(), 0xfe0d, SSL_EXT_CLIENT_HELLO,
      [](SSL*, unsigned, unsigned, const unsigned char** out, std::size_t* size, X509*, std::size_t,
         int*, void*) {
        *out = content.data();
        *size = content.size();
        return 1;
      },
      nullptr, nullptr, nullptr, nullptr);
  return peer;
}

struct HelloTest : testing::Test {
  HelloTest() {
    peer.start();
    fragments = peer.take_records();
  }

  // Whether the ServerHello came, and the handshake ends well.
  bool connects() {
    exchange(end, peer, 100);
    return peer.is_connected() && end.connected_at.has_value();
  }

  OpensslPeer peer = browser(1'200);
  Records fragments;
  End end{config_towards_openssl(Role::kServer), {}, 1};
};

TEST_F(HelloTest, ComesInTwoFragments) {
  ASSERT_EQ(fragments.size(), 2u);
  EXPECT_EQ(fragments[0].size(), 1'200u);
  EXPECT_GT(fragments[1].size(), 200u);
  end.handle(kStart, fragments[0]);
  EXPECT_TRUE(end.sent.empty());
  end.handle(kStart, fragments[1]);
  EXPECT_EQ(end.sent.size(), 1u);
  EXPECT_TRUE(connects());
}

TEST_F(HelloTest, ComesWithItsFragmentsSwapped) {
  end.handle(kStart, fragments[1]);
  EXPECT_TRUE(end.sent.empty());
  end.handle(kStart, fragments[0]);
  EXPECT_EQ(end.sent.size(), 1u);
  EXPECT_TRUE(connects());
}

TEST_F(HelloTest, LosesItsFirstFragmentOnce) {
  end.handle(kStart, fragments[1]);
  end.handle(kStart, repeated(fragments[0], 2));
  EXPECT_EQ(end.sent.size(), 1u);
  end.handle(kStart, repeated(fragments[1], 3));
  EXPECT_TRUE(connects());
}

TEST_F(HelloTest, LosesItsSecondFragmentTwice) {
  end.handle(kStart, fragments[0]);
  end.handle(kStart, repeated(fragments[0], 2));
  end.handle(kStart, repeated(fragments[0], 4));
  EXPECT_TRUE(end.sent.empty());
  end.handle(kStart, repeated(fragments[1], 5));
  EXPECT_EQ(end.sent.size(), 1u);
  EXPECT_TRUE(connects());
}

TEST_F(HelloTest, ArrivesWithEachFragmentThreeTimes) {
  for (const std::size_t i : {1u, 1u, 1u, 0u, 0u, 0u}) end.handle(kStart, fragments[i]);
  EXPECT_EQ(end.sent.size(), 1u);
  EXPECT_TRUE(connects());
}

// An answer to each repetition would let a stranger make us send more than we receive.
TEST_F(HelloTest, RepeatedIsNotAnsweredAgainBeforeOurTimer) {
  for (std::uint8_t i = 0; i < 20; i = static_cast<std::uint8_t>(i + 2)) {
    end.handle(kStart, repeated(fragments[0], i));
    end.handle(kStart, repeated(fragments[1], static_cast<std::uint8_t>(i + 1)));
  }
  EXPECT_EQ(end.sent.size(), 1u);
  EXPECT_TRUE(connects());
}

TEST_F(HelloTest, ArrivesInAnyOrderWithAnyFragmentsMissing) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 random(seed);
    OpensslPeer other = browser(1'248 + random() % 2'000);
    other.start();
    const Records parts = other.take_records();
    End server(config_towards_openssl(Role::kServer), {}, seed);
    std::uint8_t number = 0;
    for (int i = 0; i < 200 && server.sent.empty(); ++i) {
      server.handle(kStart, repeated(parts[random() % parts.size()], number++));
    }
    EXPECT_EQ(server.sent.size(), 1u);
    exchange(server, other, number);
    EXPECT_TRUE(other.is_connected());
    EXPECT_TRUE(server.connected_at.has_value());
  }
}

}  // namespace
}  // namespace parley::dtls
