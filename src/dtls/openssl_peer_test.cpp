// OpenSSL as its manual shows it, over its own memory BIOs and with its own timers, is the oracle:
// for what use_srtp and the exporter agree on, and for ClientHellos as browsers cut them.
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <string>

#include "crypto/openssl_ptr.h"
#include "dtls/test_pair.h"

namespace parley::dtls {
namespace {

using Records = std::vector<std::vector<std::uint8_t>>;

constexpr std::size_t kRecordHeader = 13;

// A DTLS endpoint that has nothing of ours in it but the certificate.
class OpensslPeer {
 public:
  explicit OpensslPeer(Role role, const char* profiles = "SRTP_AES128_CM_SHA1_80") {
    context_.reset(SSL_CTX_new(DTLS_method()));
    use_certificate(server_certificate()->pem());
    SSL_CTX_set_options(context_.get(), SSL_OP_NO_QUERY_MTU);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                       [](int, X509_STORE_CTX*) { return 1; });
    EXPECT_EQ(SSL_CTX_set_tlsext_use_srtp(context_.get(), profiles), 0);
    role_ = role;
  }

  SSL_CTX* context() { return context_.get(); }

  void start() {
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_bio(ssl_.get(), memory_bio(), memory_bio());
    SSL_set_mtu(ssl_.get(), 1'200);
    role_ == Role::kClient ? SSL_set_connect_state(ssl_.get()) : SSL_set_accept_state(ssl_.get());
    SSL_do_handshake(ssl_.get());
    ERR_clear_error();
  }

  void handle(Bytes datagram) {
    BIO_write(SSL_get_rbio(ssl_.get()), datagram.data(), static_cast<int>(datagram.size()));
    std::uint8_t buffer[2048];
    if (!SSL_is_init_finished(ssl_.get())) SSL_do_handshake(ssl_.get());
    if (SSL_is_init_finished(ssl_.get())) {
      const int size = SSL_read(ssl_.get(), buffer, sizeof buffer);
      if (size > 0) received.append(buffer, buffer + size);
    }
    ERR_clear_error();
  }

  // A record each: memory BIOs forget where a datagram ended.
  Records take_records() {
    std::uint8_t buffer[8192];
    const int size = BIO_read(SSL_get_wbio(ssl_.get()), buffer, sizeof buffer);
    Bytes rest(buffer, static_cast<std::size_t>(std::max(size, 0)));
    Records records;
    while (!rest.empty()) {
      const std::size_t length = kRecordHeader + static_cast<std::size_t>(rest[11] << 8 | rest[12]);
      records.emplace_back(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(length));
      rest = rest.subspan(length);
    }
    return records;
  }

  bool is_connected() const { return SSL_is_init_finished(ssl_.get()) == 1; }
  void send(std::string_view text) {
    SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
  }
  // Begins another handshake over the connection.
  void renegotiate() {
    EXPECT_EQ(SSL_renegotiate(ssl_.get()), 1);
    SSL_do_handshake(ssl_.get());
    ERR_clear_error();
  }
  bool has_been_closed() const { return SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN; }

  SrtpExport keys(std::size_t key, std::size_t salt) const {
    std::vector<std::uint8_t> all(2 * (key + salt));
    EXPECT_EQ(SSL_export_keying_material(ssl_.get(), all.data(), all.size(), "EXTRACTOR-dtls_srtp",
                                         19, nullptr, 0, 0),
              1);
    const auto part = [&](std::size_t from, std::size_t size) {
      const Bytes bytes = Bytes(all).subspan(from, size);
      return std::vector(bytes.begin(), bytes.end());
    };
    return {.profile = static_cast<std::uint16_t>(SSL_get_selected_srtp_profile(ssl_.get())->id),
            .client = {.key = part(0, key), .salt = part(2 * key, salt)},
            .server = {.key = part(key, key), .salt = part(2 * key + salt, salt)}};
  }

  std::string received;

 private:
  static BIO* memory_bio() {
    BIO* const bio = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(bio, -1);
    return bio;
  }

  void use_certificate(const std::string& pem) {
    const crypto::OpensslPtr<BIO, BIO_free> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const crypto::OpensslPtr<X509, X509_free> certificate(
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    const crypto::OpensslPtr<EVP_PKEY, EVP_PKEY_free> key(
        PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    EXPECT_EQ(SSL_CTX_use_certificate(context_.get(), certificate.get()), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey(context_.get(), key.get()), 1);
  }

  crypto::OpensslPtr<SSL_CTX, SSL_CTX_free> context_;
  crypto::OpensslPtr<SSL, SSL_free> ssl_;
  Role role_ = Role::kClient;
};

Config config_towards_openssl(Role role) {
  return {.certificate = client_certificate(),
          .role = role,
          .peer_fingerprints = {server_certificate()->fingerprint()}};
}

// The record again as a sender repeats it: with the next number (RFC 6347, 4.2.4).
std::vector<std::uint8_t> repeated(std::vector<std::uint8_t> record, std::uint8_t number) {
  record[10] = number;
  return record;
}

// Carries datagrams to and fro until there are no more. The peer's next plain record has `number`.
void exchange(End& end, OpensslPeer& peer, std::uint8_t number = 0) {
  for (int i = 0; i < 20; ++i) {
    end.take_outputs(kStart);
    for (const auto& datagram : end.sent) peer.handle(datagram);
    end.sent.clear();
    for (const auto& record : peer.take_records()) {
      const bool plain = record[4] == 0;  // Epoch 0.
      end.handle(kStart, plain ? repeated(record, number++) : record);
    }
  }
}

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

TEST(OpensslPeer, TalksBothWaysAndIsToldOfTheEnd) {
  OpensslPeer peer(Role::kServer);
  End end(config_towards_openssl(Role::kClient), {}, 1);
  peer.start();
  end.connection.start(kStart);
  exchange(end, peer);
  ASSERT_TRUE(end.connection.send(kStart, as_bytes("ping")).has_value());
  peer.send("pong");
  exchange(end, peer);
  EXPECT_EQ(peer.received, "ping");
  ASSERT_EQ(end.received.size(), 1u);
  EXPECT_EQ(as_text(end.received[0]), "pong");
  end.connection.close(kStart);
  exchange(end, peer);
  EXPECT_TRUE(peer.has_been_closed());
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

// --- ClientHellos that fill more than a datagram
// ---------------------------------------------------

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
