#include <gtest/gtest.h>

#include "srtp/receiver.h"
#include "srtp/sender.h"
#include "srtp/test_packets.h"

namespace parley::srtp {
namespace {

// One forwarded packet and those who get it, each with a key, a header and a buffer of its own.
struct Audience {
  Audience(Provider& provider, const std::vector<Profile>& profiles, std::size_t payload_size) {
    for (std::size_t i = 0; i < 256; ++i) payload.push_back(static_cast<std::uint8_t>(i));
    payload.resize(payload_size, 9);
    for (std::size_t i = 0; i < profiles.size(); ++i) {
      senders.emplace_back(provider, key_of(profiles[i], i));
      receivers.emplace_back(provider, key_of(profiles[i], i));
      headers.push_back(make_rtp({.ssrc = static_cast<std::uint32_t>(i),
                                  .sequence = static_cast<std::uint16_t>(1000 + i),
                                  .extension_words = i % 5,
                                  .payload_size = 0}));
      outs.emplace_back(headers[i].size() + payload.size() + sizes_of(profiles[i]).rtp_tag);
    }
    for (std::size_t i = 0; i < profiles.size(); ++i) {
      batch.push_back(
          {.sender = &senders[i], .header = headers[i], .payload = payload, .out = outs[i]});
    }
  }

  Packet packet(std::size_t i) const {
    Packet packet = headers[i];
    packet.insert(packet.end(), payload.begin(), payload.end());
    return packet;
  }

  Packet payload;
  std::vector<Sender> senders;
  std::vector<Receiver> receivers;
  std::vector<Packet> headers;
  std::vector<Packet> outs;
  std::vector<Protection> batch;
};

class Batch : public testing::TestWithParam<Provider::Kind> {
 protected:
  std::unique_ptr<Provider> provider_ = Provider::make(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Srtp, Batch, testing::ValuesIn(kinds_here()), [](const auto& test) {
  return test.param == Provider::Kind::kOpenssl ? "Openssl" : "IpsecMb";
});

TEST_P(Batch, SealsForEachWhatItsReceiverOpens) {
  for (const Profile profile : kProfiles) {
    for (const std::size_t size : {1u, 2u, 5u, 6u, 7u, 16u, 17u, 63u, 64u, 65u, 130u, 200u}) {
      Audience audience(*provider_, std::vector<Profile>(size, profile), 1200);
      protect_rtp(audience.batch);
      for (std::size_t i = 0; i < size; ++i) {
        ASSERT_EQ(audience.batch[i].result, audience.outs[i].size());
        const auto opened = audience.receivers[i].unprotect_rtp(audience.outs[i]);
        ASSERT_TRUE(opened) << to_string(profile) << ", receiver " << i << " of " << size;
        EXPECT_EQ(to_hex(*opened), to_hex(audience.packet(i)));
      }
    }
  }
}

TEST_P(Batch, IsAsOneAfterAnother) {
  std::mt19937_64 random{1};
  for (const std::size_t payload_size : {0u, 1u, 700u, 1200u, 70'000u}) {
    std::vector<Profile> profiles;
    for (int i = 0; i < 100; ++i) profiles.push_back(kProfiles[random() % 4]);
    Audience together(*provider_, profiles, payload_size);
    Audience single(*provider_, profiles, payload_size);
    protect_rtp(together.batch);
    for (std::size_t i = 0; i < profiles.size(); ++i) {
      ASSERT_TRUE(single.senders[i].protect_rtp(single.packet(i), single.outs[i]));
      EXPECT_EQ(to_hex(together.outs[i]), to_hex(single.outs[i])) << "receiver " << i;
      EXPECT_EQ(together.senders[i].counters(), single.senders[i].counters());
    }
  }
}

TEST_P(Batch, TakesHeadersThatAreWhereTheyShallBe) {
  const std::vector<Profile> profiles(10, Profile::kAeadAes128Gcm);
  Audience audience(*provider_, profiles, 300);
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    std::ranges::copy(audience.headers[i], audience.outs[i].begin());
    audience.batch[i].header = Bytes(audience.outs[i]).first(audience.headers[i].size());
  }
  protect_rtp(audience.batch);
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    EXPECT_TRUE(audience.receivers[i].unprotect_rtp(audience.outs[i]));
  }
}

TEST_P(Batch, TakesPayloadsThatAreWhereTheyShallBe) {
  for (const Profile profile : kProfiles) {
    Audience audience(*provider_, std::vector<Profile>(20, profile), 1200);
    for (std::size_t i = 0; i < audience.batch.size(); i += 3) {  // Beside those that share one.
      Packet packet = audience.packet(i);
      packet.back() = static_cast<std::uint8_t>(i);
      std::ranges::copy(packet, audience.outs[i].begin());
      audience.batch[i].header = Bytes(audience.outs[i]).first(audience.headers[i].size());
      audience.batch[i].payload =
          Bytes(audience.outs[i]).subspan(audience.headers[i].size(), audience.payload.size());
    }
    protect_rtp(audience.batch);
    for (std::size_t i = 0; i < audience.batch.size(); ++i) {
      const auto opened = audience.receivers[i].unprotect_rtp(audience.outs[i]);
      ASSERT_TRUE(opened) << to_string(profile) << ", receiver " << i;
      Packet expected = audience.packet(i);
      if (i % 3 == 0) expected.back() = static_cast<std::uint8_t>(i);
      EXPECT_EQ(to_hex(*opened), to_hex(expected));
    }
  }
}

TEST_P(Batch, LeavesNothingInClearWhereItFails) {
  Audience audience(*provider_, std::vector<Profile>(3, Profile::kAeadAes128Gcm), 300);
  protect_rtp(audience.batch);
  const Packet sealed = audience.outs[0];
  const Packet again = audience.packet(1);
  std::ranges::copy(again, audience.outs[1].begin());
  protect_rtp(std::span(audience.batch).subspan(1, 1));
  EXPECT_EQ(audience.batch[1].result.error(), Error::kReplayed);
  EXPECT_EQ(audience.outs[1], Packet(audience.outs[1].size(), 0));
  EXPECT_EQ(audience.outs[0], sealed);
}

TEST_P(Batch, LeavesOutThoseThatCannotBe) {
  for (const Profile profile : {Profile::kAeadAes128Gcm, Profile::kAes128CmHmacSha1_80}) {
    Audience audience(*provider_, std::vector<Profile>(12, profile), 300);
    audience.batch[2].out = audience.batch[2].out.first(20);
    audience.batch[3].header = audience.batch[3].header.first(11);
    audience.batch[5].header = audience.batch[6].header.first(12);  // Has an extension, it says.
    audience.batch[7].sender = audience.batch[8].sender;
    audience.batch[7].header = audience.batch[8].header;
    audience.batch[7].out = audience.outs[8];
    const Packet too_long = audience.packet(0);
    audience.batch[9].header = too_long;
    Packet other_out(300);
    audience.batch[8].out = other_out;
    protect_rtp(audience.batch);
    EXPECT_EQ(audience.batch[2].result.error(), Error::kOutputTooSmall);
    EXPECT_EQ(audience.batch[3].result.error(), Error::kTruncated);
    EXPECT_EQ(audience.batch[5].result.error(), Error::kTruncated);
    EXPECT_EQ(audience.batch[8].result.error(), Error::kOutputTooSmall);
    EXPECT_EQ(audience.batch[9].result.error(), Error::kMalformed);
    for (const std::size_t i : {0u, 1u, 4u, 6u, 10u, 11u}) {
      EXPECT_TRUE(audience.batch[i].result);
      EXPECT_TRUE(audience.receivers[i].unprotect_rtp(audience.outs[i]));
    }
    EXPECT_TRUE(audience.receivers[8].unprotect_rtp(audience.outs[8]));
    EXPECT_EQ(audience.senders[2].counters().dropped_for(Error::kOutputTooSmall), 1u);
    EXPECT_EQ(audience.senders[8].counters().rtp_packets, 1u);
  }
}

TEST_P(Batch, SealsNothingTwiceForOneReceiver) {
  Audience audience(*provider_, std::vector<Profile>(2, Profile::kAeadAes128Gcm), 300);
  audience.batch[1] = audience.batch[0];
  protect_rtp(audience.batch);
  EXPECT_TRUE(audience.batch[0].result);
  EXPECT_EQ(audience.batch[1].result.error(), Error::kReplayed);
}

TEST_P(Batch, TakesAHeaderWithNothingBehind) {
  Audience audience(*provider_, {std::begin(kProfiles), std::end(kProfiles)}, 0);
  for (Protection& part : audience.batch) part.payload = {};
  protect_rtp(audience.batch);
  for (std::size_t i = 0; i < audience.batch.size(); ++i) {
    const auto opened = audience.receivers[i].unprotect_rtp(audience.outs[i]);
    ASSERT_TRUE(opened);
    EXPECT_EQ(to_hex(*opened), to_hex(audience.headers[i]));
  }
}

TEST_P(Batch, MayBeEmpty) {
  protect_rtp({});
}

// What the providers make is the same, byte for byte.
TEST(Providers, Agree) {
  const auto kinds = kinds_here();
  if (kinds.size() < 2) GTEST_SKIP() << "only OpenSSL works here";
  const auto openssl = Provider::make(Provider::Kind::kOpenssl);
  const auto ipsec_mb = Provider::make(Provider::Kind::kIpsecMb);
  for (std::size_t payload_size = 0; payload_size < 200; payload_size += 3) {
    std::vector<Profile> profiles;
    for (std::size_t i = 0; i < 32; ++i) profiles.push_back(kProfiles[i / 8]);
    Audience one(*openssl, profiles, payload_size);
    Audience other(*ipsec_mb, profiles, payload_size);
    protect_rtp(one.batch);
    protect_rtp(other.batch);
    for (std::size_t i = 0; i < profiles.size(); ++i) {
      ASSERT_EQ(to_hex(one.outs[i]), to_hex(other.outs[i])) << payload_size << " bytes";
    }
    Packet report = make_rtcp(1, payload_size);
    for (std::size_t i = 0; i < profiles.size(); ++i) {
      Packet a(report.size() + kMaxRtcpOverhead);
      Packet b = a;
      ASSERT_EQ(one.senders[i].protect_rtcp(report, a), other.senders[i].protect_rtcp(report, b));
      ASSERT_EQ(to_hex(a), to_hex(b)) << payload_size << " words";
    }
  }
}

}  // namespace
}  // namespace parley::srtp
