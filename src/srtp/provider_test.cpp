#include "srtp/provider.h"

#include <gtest/gtest.h>

#include "srtp/test_packets.h"

namespace parley::srtp {
namespace {

Iv iv_of_hex(std::string_view hex) {
  Iv iv = {};
  std::ranges::copy(bytes_of(hex), iv.begin());
  return iv;
}

SessionKeys keys_of_hex(std::string_view key) {
  SessionKeys keys;
  std::ranges::copy(bytes_of(key), keys.key.begin());
  return keys;
}

// The packets of RFC 7714, 16 and 17, whose IVs have the salt in them already.
struct Vector {
  Profile profile = Profile::kAeadAes128Gcm;
  For what = For::kRtp;
  std::string_view key = {};
  std::string_view iv = {};
  std::string_view plain = {};
  std::string_view payload = {};
  std::uint32_t suffix = 0;
  std::string_view sealed = {};
};

constexpr std::string_view kKey128 = "000102030405060708090a0b0c0d0e0f";
constexpr std::string_view kKey256 =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
constexpr std::string_view kRtpIv = "51753c6580c2726f20718414";
constexpr std::string_view kRtpHeader = "8040f17b8041f8d35501a0b2";
constexpr std::string_view kRtpPayload =
    "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573";
constexpr std::string_view kRtpWhole =
    "8040f17b8041f8d35501a0b2"
    "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573";
constexpr std::string_view kRtcpIv = "517524055203726f207170bb";
constexpr std::string_view kRtcpHeader = "81c8000d4d617273";
constexpr std::string_view kRtcpPayload =
    "4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";
constexpr std::string_view kRtcpWhole =
    "81c8000d4d617273"
    "4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";

const Vector kVectors[] = {
    {.key = kKey128,  // 16.1.1
     .iv = kRtpIv,
     .plain = kRtpHeader,
     .payload = kRtpPayload,
     .sealed = "8040f17b8041f8d35501a0b2"
               "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
               "899d7f27beb16a9152cf765ee4390cce"},
    {.key = kKey128,  // 16.1.3
     .iv = kRtpIv,
     .plain = kRtpWhole,
     .sealed = "8040f17b8041f8d35501a0b2"
               "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573"
               "22493f82d2bce397e9d79e3b19aa4216"},
    {.profile = Profile::kAeadAes256Gcm,  // 16.2.1
     .key = kKey256,
     .iv = kRtpIv,
     .plain = kRtpHeader,
     .payload = kRtpPayload,
     .sealed = "8040f17b8041f8d35501a0b2"
               "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b"
               "7aa3db36dfffd6b0f9bb7878d7a76c13"},
    {.profile = Profile::kAeadAes256Gcm,  // 16.2.3
     .key = kKey256,
     .iv = kRtpIv,
     .plain = kRtpWhole,
     .sealed = "8040f17b8041f8d35501a0b2"
               "47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573"
               "a866d5910f887463067ceefec45215d4"},
    {.what = For::kRtcp,  // 17.1
     .key = kKey128,
     .iv = kRtcpIv,
     .plain = kRtcpHeader,
     .payload = kRtcpPayload,
     .suffix = 0x8000'05d4,
     .sealed = "81c8000d4d617273"
               "63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b46"
               "86303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4"},
    {.profile = Profile::kAeadAes256Gcm,  // 17.2
     .what = For::kRtcp,
     .key = kKey256,
     .iv = kRtcpIv,
     .plain = kRtcpHeader,
     .payload = kRtcpPayload,
     .suffix = 0x8000'05d4,
     .sealed = "81c8000d4d617273"
               "d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658"
               "c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be800005d4"},
    {.what = For::kRtcp,  // 17.3
     .key = kKey128,
     .iv = kRtcpIv,
     .plain = kRtcpWhole,
     .suffix = 0x0000'05d4,
     .sealed = "81c8000d4d617273"
               "4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeef"
               "deadbeef841dd9683dd78ec92ae58790125f62b3000005d4"},
    {.profile = Profile::kAeadAes256Gcm,  // 17.4
     .what = For::kRtcp,
     .key = kKey256,
     .iv = kRtcpIv,
     .plain = kRtcpWhole,
     .suffix = 0x0000'05d4,
     .sealed = "81c8000d4d617273"
               "4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeef"
               "deadbeef91db4afbfeee5a978fab4393ed2615fe000005d4"},
};

class EachProvider : public testing::TestWithParam<Provider::Kind> {
 protected:
  std::unique_ptr<Provider> provider_ = Provider::make(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Srtp, EachProvider, testing::ValuesIn(kinds_here()), [](const auto& test) {
  return test.param == Provider::Kind::kOpenssl ? "Openssl" : "IpsecMb";
});

TEST_P(EachProvider, SealsAsRfc7714Prints) {
  for (const Vector& vector : kVectors) {
    const auto keys = provider_->expand(vector.profile, vector.what, keys_of_hex(vector.key));
    Packet packet = bytes_of(vector.plain);
    packet.resize(vector.sealed.size() / 2);
    const Packet payload = bytes_of(vector.payload);
    const Sealing sealing{.keys = keys.get(),
                          .packet = packet.data(),
                          .plain_size = vector.plain.size() / 2,
                          .payload = payload,
                          .iv = iv_of_hex(vector.iv),
                          .suffix = vector.suffix};
    provider_->seal({&sealing, 1});
    EXPECT_EQ(to_hex(packet), vector.sealed);
  }
}

TEST_P(EachProvider, OpensWhatRfc7714Prints) {
  for (const Vector& vector : kVectors) {
    const auto keys = provider_->expand(vector.profile, vector.what, keys_of_hex(vector.key));
    Packet packet = bytes_of(vector.sealed);
    const Opening opening{.keys = keys.get(),
                          .packet = packet.data(),
                          .plain_size = vector.plain.size() / 2,
                          .payload_size = vector.payload.size() / 2,
                          .iv = iv_of_hex(vector.iv),
                          .suffix = vector.suffix};
    ASSERT_TRUE(provider_->open(opening));
    packet.resize((vector.plain.size() + vector.payload.size()) / 2);
    EXPECT_EQ(to_hex(packet), std::string(vector.plain) + std::string(vector.payload));
  }
}

// RFC 3711, B.2: encrypting zeros shows the key stream.
TEST_P(EachProvider, MakesTheKeyStreamOfRfc3711) {
  const auto keys = provider_->expand(Profile::kAes128CmHmacSha1_80, For::kRtp,
                                      keys_of_hex("2B7E151628AED2A6ABF7158809CF4F3C"));
  const Packet zeros(0xFF02 * 16);
  Packet packet(12 + zeros.size() + 10);
  const Sealing sealing{.keys = keys.get(),
                        .packet = packet.data(),
                        .plain_size = 12,
                        .payload = zeros,
                        .iv = iv_of_hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000")};
  provider_->seal({&sealing, 1});
  const Bytes stream = Bytes(packet).subspan(12);
  EXPECT_EQ(to_hex(stream.first(48)),
            "e03ead0935c95e80e166b16dd92b4eb4"
            "d23513162b02d0f72a43a2fe4a5f97ab"
            "41e95b3bb0a2e8dd477901e4fca894c0");
  EXPECT_EQ(to_hex(stream.subspan(0xFEFF * 16, 48)),
            "ec8cdf7398607cb0f2d21675ea9ea1e4"
            "362b7c3c6773516318a077d7fc5073ae"
            "6a2cc3787889374fbeb4c81b17ba6c44");
}

TEST_P(EachProvider, LeavesNothingInClearWhereTheTagIsWrong) {
  for (const Profile profile : {Profile::kAeadAes128Gcm, Profile::kAeadAes256Gcm}) {
    const auto keys = provider_->expand(profile, For::kRtp, {});
    Packet packet(12 + 100 + 16, 7);
    EXPECT_FALSE(provider_->open(
        {.keys = keys.get(), .packet = packet.data(), .plain_size = 12, .payload_size = 100}));
    EXPECT_EQ(Packet(packet.begin() + 12, packet.begin() + 112), Packet(100));
  }
}

TEST(Provider, IsTheFastestThatWorksHere) {
  EXPECT_EQ(Provider::make()->kind(), kinds_here().back());
  EXPECT_EQ(Provider::make(Provider::Kind::kOpenssl)->kind(), Provider::Kind::kOpenssl);
}

}  // namespace
}  // namespace parley::srtp
