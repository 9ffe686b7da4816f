#include "dtls/aead.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/hex.h"

namespace parley::dtls {
namespace {

struct Case {
  AeadCipher cipher;
  std::vector<std::uint8_t> key, nonce, associated, plain, sealed;

  AeadNonce iv() const {
    AeadNonce iv = {};
    std::ranges::copy(nonce, iv.begin());
    return iv;
  }
};

std::vector<std::uint8_t> hex(std::string_view text) {
  return from_hex(text).value();
}

// Test cases 4 and 16 of the GCM specification, and RFC 8439, 2.8.2.
std::vector<Case> cases() {
  const auto key = hex("feffe9928665731c6d6a8f9467308308");
  auto long_key = key;
  long_key.insert(long_key.end(), key.begin(), key.end());
  const auto nonce = hex("cafebabefacedbaddecaf888");
  const auto associated = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const auto plain =
      hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
          "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  const Bytes advice = as_bytes(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
      "sunscreen would be it.");
  return {
      {AeadCipher::kAes128Gcm, key, nonce, associated, plain,
       hex("42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
           "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a4"
           "7")},
      {AeadCipher::kAes256Gcm, long_key, nonce, associated, plain,
       hex("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
           "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551"
           "b")},
      {AeadCipher::kChaCha20Poly1305,
       hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
       hex("070000004041424344454647"),
       hex("50515253c0c1c2c3c4c5c6c7"),
       {advice.begin(), advice.end()},
       hex("d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
           "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
           "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
           "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691")},
  };
}

TEST(Aead, SealsAndOpensWhatTheSpecificationsShow) {
  for (const Case& known : cases()) {
    SCOPED_TRACE(static_cast<int>(known.cipher));
    std::vector<std::uint8_t> sealed(known.plain.size() + kAeadTagSize);
    seal(known.cipher, known.key, known.iv(), known.associated, known.plain, sealed);
    EXPECT_EQ(sealed, known.sealed);
    std::vector<std::uint8_t> plain(known.plain.size());
    EXPECT_TRUE(open(known.cipher, known.key, known.iv(), known.associated, sealed, plain));
    EXPECT_EQ(plain, known.plain);
  }
}

TEST(Aead, OpensNothingThatWasChanged) {
  for (const Case& known : cases()) {
    SCOPED_TRACE(static_cast<int>(known.cipher));
    std::vector<std::uint8_t> plain(known.plain.size());
    const auto opens = [&](const Case& changed) {
      return open(changed.cipher, changed.key, changed.iv(), changed.associated, changed.sealed,
                  plain);
    };
    for (const auto part : {&Case::key, &Case::nonce, &Case::associated, &Case::sealed}) {
      for (std::size_t i = 0; i < (known.*part).size(); ++i) {
        Case changed = known;
        (changed.*part)[i] ^= 0x10;
        EXPECT_FALSE(opens(changed)) << "byte " << i;
      }
    }
    EXPECT_TRUE(opens(known));  // The thread's context is none the worse for it.
  }
}

TEST(Aead, SealsNothingToo) {
  const Case known = cases()[0];
  std::vector<std::uint8_t> tag(kAeadTagSize);
  seal(known.cipher, known.key, known.iv(), {}, {}, tag);
  EXPECT_TRUE(open(known.cipher, known.key, known.iv(), {}, tag, {}));
  EXPECT_FALSE(open(known.cipher, known.key, known.iv(), known.associated, tag, {}));
}

}  // namespace
}  // namespace parley::dtls
