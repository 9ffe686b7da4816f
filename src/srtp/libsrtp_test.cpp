// Beside Cisco's libsrtp: what one protects the other unprotects, and it is the same to the byte.
#ifdef PARLEY_HAS_LIBSRTP

#include <gtest/gtest.h>
#include <srtp2/srtp.h>

#include "srtp/receiver.h"
#include "srtp/sender.h"
#include "srtp/test_packets.h"

namespace parley::srtp {
namespace {

constexpr std::uint64_t kSeed = 42;

// One direction of libsrtp's, for all SSRCs.
class Libsrtp {
 public:
  enum class Direction { kOut, kIn };

  Libsrtp(Profile profile, Direction direction, bool encrypt_rtcp = true)
      : key_(key_and_salt(profile, kSeed)) {
    static const srtp_err_status_t initialised = srtp_init();
    EXPECT_EQ(initialised, srtp_err_status_ok);
    srtp_policy_t policy = {};
    set_ciphers(profile, policy);
    if (!encrypt_rtcp) policy.rtcp.sec_serv = sec_serv_auth;
    policy.ssrc.type = direction == Direction::kOut ? ssrc_any_outbound : ssrc_any_inbound;
    policy.key = key_.data();
    policy.window_size = 1024;
    EXPECT_EQ(srtp_create(&session_, &policy), srtp_err_status_ok);
  }
  Libsrtp(const Libsrtp&) = delete;
  Libsrtp& operator=(const Libsrtp&) = delete;
  ~Libsrtp() { srtp_dealloc(session_); }

  std::string protect_rtp(Packet packet) { return run(srtp_protect, std::move(packet)); }
  std::string protect_rtcp(Packet packet) { return run(srtp_protect_rtcp, std::move(packet)); }
  std::string unprotect_rtp(Packet packet) { return run(srtp_unprotect, std::move(packet)); }
  std::string unprotect_rtcp(Packet packet) { return run(srtp_unprotect_rtcp, std::move(packet)); }

 private:
  static void set_ciphers(Profile profile, srtp_policy_t& policy) {
    switch (profile) {
      case Profile::kAes128CmHmacSha1_80:
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtp);
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
        return;
      case Profile::kAes128CmHmacSha1_32:
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy.rtp);
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy.rtcp);
        return;
      case Profile::kAeadAes128Gcm:
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
        return;
      case Profile::kAeadAes256Gcm:
        srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtp);
        srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtcp);
        return;
    }
  }

  // The packet that comes of it, or "".
  std::string run(srtp_err_status_t (*step)(srtp_t, void*, int*), Packet packet) {
    int size = static_cast<int>(packet.size());
    packet.resize(packet.size() + SRTP_MAX_TRAILER_LEN + 4);
    if (step(session_, packet.data(), &size) != srtp_err_status_ok) return "";
    return to_hex(Bytes(packet).first(static_cast<std::size_t>(size)));
  }

  Packet key_;
  srtp_t session_ = nullptr;
};

class BesideLibsrtp : public testing::TestWithParam<Setting> {
 protected:
  Profile profile_ = GetParam().profile;
  std::unique_ptr<Provider> provider_ = Provider::make(GetParam().kind);
  Sender sender_{*provider_, key_of(profile_, kSeed)};
  Receiver receiver_{*provider_, key_of(profile_, kSeed)};
  Libsrtp their_sender_{profile_, Libsrtp::Direction::kOut};
  Libsrtp their_receiver_{profile_, Libsrtp::Direction::kIn};
};

INSTANTIATE_TEST_SUITE_P(Srtp, BesideLibsrtp, testing::ValuesIn(all_settings()),
                         [](const auto& test) { return test.param.name(); });

TEST_P(BesideLibsrtp, MakesTheSameRtpAndTakesIt) {
  std::mt19937_64 random{kSeed};
  std::uint16_t sequence = 60'000;
  for (int i = 0; i < 500; ++i) {
    sequence = static_cast<std::uint16_t>(sequence + 1 + random() % 300);
    const Packet packet = make_rtp({.ssrc = static_cast<std::uint32_t>(1 + random() % 2),
                                    .sequence = sequence,
                                    .csrcs = random() % 4,
                                    .extension_words = random() % 4,
                                    .payload_size = 1 + random() % 1200});
    Packet sealed(packet.size() + kMaxRtpOverhead);
    sealed.resize(sender_.protect_rtp(packet, sealed).value());
    ASSERT_EQ(to_hex(sealed), their_sender_.protect_rtp(packet)) << "packet " << i;
    ASSERT_EQ(their_receiver_.unprotect_rtp(sealed), to_hex(packet)) << "packet " << i;
    const auto opened = receiver_.unprotect_rtp(sealed);
    ASSERT_TRUE(opened) << "packet " << i;
    ASSERT_EQ(to_hex(*opened), to_hex(packet)) << "packet " << i;
  }
}

TEST_P(BesideLibsrtp, MakesTheSameRtcpAndTakesIt) {
  for (std::size_t i = 0; i < 100; ++i) {
    const Packet packet = make_rtcp(7, 1 + i);
    const std::string theirs = their_sender_.protect_rtcp(packet);
    Packet sealed(packet.size() + kMaxRtcpOverhead);
    sealed.resize(sender_.protect_rtcp(packet, sealed).value());
    ASSERT_EQ(their_receiver_.unprotect_rtcp(sealed), to_hex(packet));
    Packet of_theirs = bytes_of(theirs);
    const auto opened = receiver_.unprotect_rtcp(of_theirs);
    ASSERT_TRUE(opened);
    ASSERT_EQ(to_hex(*opened), to_hex(packet));
  }
}

TEST_P(BesideLibsrtp, TakesRtcpThatIsOnlyAuthenticated) {
  Libsrtp sender(profile_, Libsrtp::Direction::kOut, false);
  for (std::size_t i = 0; i < 20; ++i) {
    const Packet packet = make_rtcp(7, 1 + 9 * i);
    Packet sealed = bytes_of(sender.protect_rtcp(packet));
    ASSERT_EQ(sealed[9], packet[9]);
    Packet changed = sealed;
    changed[sealed.size() / 2] ^= 1;
    EXPECT_FALSE(receiver_.unprotect_rtcp(changed));
    const auto opened = receiver_.unprotect_rtcp(sealed);
    ASSERT_TRUE(opened);
    EXPECT_EQ(to_hex(*opened), to_hex(packet));
  }
}

// Through loss, late and repeated packets, over several rollovers: the same packets are taken.
TEST_P(BesideLibsrtp, DropsTheSamePackets) {
  std::mt19937_64 random{kSeed};
  std::vector<Packet> sent;
  for (std::uint32_t n = 0; n < 3'000; ++n) {
    const Packet packet =
        make_rtp({.sequence = static_cast<std::uint16_t>(40'000 + 60 * n), .payload_size = 20});
    Packet sealed(packet.size() + kMaxRtpOverhead);
    sealed.resize(sender_.protect_rtp(packet, sealed).value());
    sent.push_back(sealed);
    const std::size_t back = random() % 10 < 7 ? 0 : random() % 40;
    Packet arriving = sent[sent.size() - 1 - std::min(back, sent.size() - 1)];
    const std::string theirs = their_receiver_.unprotect_rtp(arriving);
    const auto ours = receiver_.unprotect_rtp(arriving);
    ASSERT_EQ(ours ? to_hex(*ours) : "", theirs) << "packet " << n << ", " << back << " back";
  }
}

}  // namespace
}  // namespace parley::srtp

#endif
