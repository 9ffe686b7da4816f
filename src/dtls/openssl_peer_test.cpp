// What plain OpenSSL and we agree on: use_srtp, the exporter, certificates, the end.
#include <gtest/gtest.h>

#include <string>

#include "dtls/test_openssl_peer.h"

namespace parley::dtls {
namespace {

TEST(OpensslPeer, AgreesOnTheKeysOfEveryProfile) {
  struct Case {
    const char* profile;
    std::uint16_t number;
    std::size_t key;
    std::size_t salt;
  };
  for (const Case& known :
       {Case{"SRTP_AES128_CM_SHA1_80", 1, 16, 14}, Case{"SRTP_AEAD_AES_128_GCM", 7, 16, 12},
        Case{"SRTP_AEAD_AES_256_GCM", 8, 32, 12}}) {
    for (const Role role : {Role::kClient, Role::kServer}) {
      SCOPED_TRACE(testing::Message() << known.profile << ", role " << static_cast<int>(role));
      OpensslPeer peer(role == Role::kClient ? Role::kServer : Role::kClient, known.profile);
      End end(config_towards_openssl(role), {}, 1);
      peer.start();
      end.connection.start(kStart);
      exchange(end, peer);
      ASSERT_TRUE(peer.is_connected());
      ASSERT_TRUE(end.srtp.has_value());
      EXPECT_EQ(end.srtp->profile, known.number);
      EXPECT_EQ(*end.srtp, peer.keys(known.key, known.salt));
    }
  }
}

// Chromium's order and Firefox's: we are the server, and choose.
TEST(OpensslPeer, IsAnsweredWithTheProfileThatWePrefer) {
  for (const char* offered :
       {"SRTP_AES128_CM_SHA1_80:SRTP_AEAD_AES_256_GCM:SRTP_AEAD_AES_128_GCM",
        "SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_80"}) {
    OpensslPeer peer(Role::kClient, offered);
    End end(config_towards_openssl(Role::kServer), {}, 1);
    peer.start();
    exchange(end, peer);
    ASSERT_TRUE(end.srtp.has_value());
    EXPECT_EQ(end.srtp->profile, 7);
  }
}

TEST(OpensslPeer, WithNoProfileInCommonGetsNone) {
  OpensslPeer peer(Role::kClient, "SRTP_AES128_CM_SHA1_32");
  End end(config_towards_openssl(Role::kServer), {}, 1);
  peer.start();
  exchange(end, peer);
  EXPECT_TRUE(end.connected_at.has_value());
  EXPECT_FALSE(end.srtp.has_value());
}

// Ours goes on without OpenSSL after the handshake, but for the last of them.
TEST(OpensslPeer, TalksBothWaysInEveryCipherSuiteAndIsToldOfTheEnd) {
  for (const char* suite :
       {"AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305", "AES128-SHA"}) {
    for (const Role role : {Role::kClient, Role::kServer}) {
      SCOPED_TRACE(testing::Message() << suite << ", role " << static_cast<int>(role));
      OpensslPeer peer(role == Role::kClient ? Role::kServer : Role::kClient);
      SSL_CTX_set_cipher_list(peer.context(), (std::string("ECDHE-ECDSA-") + suite).c_str());
      End end(config_towards_openssl(role), {}, 1);
      peer.start();
      end.connection.start(kStart);
      exchange(end, peer);
      ASSERT_TRUE(peer.is_connected());
      for (const char* word : {"one ", "two ", "three"}) {
        ASSERT_TRUE(end.connection.send(kStart, as_bytes(word)).has_value());
        peer.send(word);
        exchange(end, peer);
      }
      EXPECT_EQ(peer.received, "one two three");
      ASSERT_EQ(end.received.size(), 3u);
      EXPECT_EQ(as_text(end.received[2]), "three");
      end.connection.close(kStart);
      exchange(end, peer);
      EXPECT_TRUE(peer.has_been_closed());
    }
  }
}

TEST(OpensslPeer, TellsUsOfTheEnd) {
  for (const Role role : {Role::kClient, Role::kServer}) {
    OpensslPeer peer(role == Role::kClient ? Role::kServer : Role::kClient);
    End end(config_towards_openssl(role), {}, 1);
    peer.start();
    end.connection.start(kStart);
    exchange(end, peer);
    peer.close();
    exchange(end, peer);
    ASSERT_TRUE(end.closed.has_value());
    EXPECT_TRUE(end.closed->by_peer);
    EXPECT_TRUE(peer.has_been_closed());  // We have answered.
  }
}

// OpenSSL takes the refusal, a warning, for the end of it all.
TEST(OpensslPeer, MayNotRenegotiate) {
  for (const Role role : {Role::kClient, Role::kServer}) {
    OpensslPeer peer(role == Role::kClient ? Role::kServer : Role::kClient);
    End end(config_towards_openssl(role), {}, 1);
    peer.start();
    end.connection.start(kStart);
    exchange(end, peer);
    ASSERT_TRUE(peer.is_connected());
    peer.renegotiate();
    exchange(end, peer);
    EXPECT_FALSE(peer.is_connected());
    EXPECT_EQ(end.connection.counters().data_received, 0u);
  }
}

TEST(OpensslPeer, MayHaveAnRsaCertificate) {
  for (const Role role : {Role::kClient, Role::kServer}) {
    OpensslPeer peer(role == Role::kClient ? Role::kServer : Role::kClient);
    Config config = config_towards_openssl(role);
    config.peer_fingerprints = {peer.use_rsa()};
    SSL_CTX_set_cipher_list(peer.context(),
                            "ECDHE+AESGCM");  // Else AES-256 is its server's choice.
    End end(config, {}, 1);
    peer.start();
    end.connection.start(kStart);
    exchange(end, peer);
    EXPECT_TRUE(peer.is_connected());
    ASSERT_TRUE(end.connected_at.has_value());
    EXPECT_TRUE(end.connection.cipher_suite().starts_with(
        role == Role::kClient ? "TLS_ECDHE_RSA_" : "TLS_ECDHE_ECDSA_"));
  }
}

TEST(OpensslPeer, MayHaveAnEd25519CertificateAsAClient) {
  OpensslPeer peer(Role::kClient);
  Config config = config_towards_openssl(Role::kServer);
  config.peer_fingerprints = {peer.use_ed25519()};
  End end(config, {}, 1);
  peer.start();
  exchange(end, peer);
  EXPECT_TRUE(peer.is_connected());
  EXPECT_TRUE(end.connected_at.has_value());
}

// With data, for which each needs its ciphers and hashes.
TEST(OpensslPeer, AgreesOnEverySuiteInEveryGroup) {
  for (const char* suite : {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
                            "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
                            "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
                            "ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-SHA"}) {
    // P-256 is of the certificates as well.
    for (const char* group : {"X25519:P-256", "P-256", "P-384:P-256"}) {
      SCOPED_TRACE(testing::Message() << suite << ", " << group);
      OpensslPeer peer(Role::kServer);
      Config config = config_towards_openssl(Role::kClient);
      if (std::string_view(suite).find("RSA-") == 6) config.peer_fingerprints = {peer.use_rsa()};
      ASSERT_EQ(SSL_CTX_set_cipher_list(peer.context(), suite), 1);
      ASSERT_EQ(SSL_CTX_set1_groups_list(peer.context(), group), 1);
      SSL_CTX_set_options(peer.context(), SSL_OP_CIPHER_SERVER_PREFERENCE);
      End end(config, {}, 1);
      peer.start();
      end.connection.start(kStart);
      exchange(end, peer);
      ASSERT_TRUE(end.connected_at.has_value());
      ASSERT_TRUE(end.connection.send(kStart, as_bytes("ping")).has_value());
      peer.send("pong");
      exchange(end, peer);
      EXPECT_EQ(peer.received, "ping");
      ASSERT_EQ(end.received.size(), 1u);
      EXPECT_EQ(as_text(end.received[0]), "pong");
    }
  }
}

// Servers that do not know of ICE ask for a cookie first (RFC 6347, 4.2.1).
TEST(OpensslPeer, MayAskUsForACookie) {
  OpensslPeer peer(Role::kServer);
  SSL_CTX_set_options(peer.context(), SSL_OP_COOKIE_EXCHANGE);
  SSL_CTX_set_cookie_generate_cb(peer.context(), [](SSL*, unsigned char* cookie, unsigned* size) {
    std::fill_n(cookie, *size = 20, 7);
    return 1;
  });
  SSL_CTX_set_cookie_verify_cb(peer.context(),
                               [](SSL*, const unsigned char* cookie, unsigned size) {
                                 return size == 20 && cookie[19] == 7 ? 1 : 0;
                               });
  End end(config_towards_openssl(Role::kClient), {}, 1);
  peer.start();
  end.connection.start(kStart);
  exchange(end, peer);
  EXPECT_TRUE(peer.is_connected());
  EXPECT_TRUE(end.connected_at.has_value());
}

TEST(OpensslPeer, IsNotSpokenToInAnOlderVersion) {
  OpensslPeer peer(Role::kClient);
  SSL_CTX_set_security_level(peer.context(), 0);
  SSL_CTX_set_min_proto_version(peer.context(), DTLS1_VERSION);
  SSL_CTX_set_max_proto_version(peer.context(), DTLS1_VERSION);
  End end(config_towards_openssl(Role::kServer), {}, 1);
  peer.start();
  exchange(end, peer);
  ASSERT_TRUE(end.failed.has_value());
  EXPECT_EQ(end.failed->reason, Connection::Reason::kProtocol);
  EXPECT_EQ(end.failed->alert, SSL_AD_PROTOCOL_VERSION);
}

TEST(OpensslPeer, HasToShowACertificate) {
  OpensslPeer peer(Role::kClient);
  const auto show_none = [](SSL* ssl, void*) {
    SSL_certs_clear(ssl);
    return 1;
  };
  SSL_CTX_set_cert_cb(peer.context(), show_none, nullptr);
  End end(config_towards_openssl(Role::kServer), {}, 1);
  peer.start();
  exchange(end, peer);
  ASSERT_TRUE(end.failed.has_value());
  EXPECT_EQ(end.failed->reason, Connection::Reason::kProtocol);
  EXPECT_FALSE(end.connected_at.has_value());
}

}  // namespace
}  // namespace parley::dtls
