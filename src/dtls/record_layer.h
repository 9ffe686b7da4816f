#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "dtls/aead.h"
#include "dtls/record.h"

namespace parley::dtls {

// What one side protects its records with (RFC 5246, 6.3).
struct RecordKey {
  std::array<std::uint8_t, 32> key = {};  // The first key_size() of them.
  std::array<std::uint8_t, 12> iv = {};   // AES-GCM: the first 4 (RFC 5288, 3).

  RecordKey() = default;
  RecordKey(const RecordKey&) = default;
  RecordKey& operator=(const RecordKey&) = default;
  ~RecordKey();  // Leaves nothing of them behind.
};

// Where the handshake leaves off.
struct RecordState {
  AeadCipher cipher = {};
  RecordKey ours = {};
  RecordKey theirs = {};
  std::uint64_t next_sequence_number = 0;
  std::uint64_t next_plain_sequence_number = 0;  // Of epoch 0.
  std::uint64_t next_explicit_nonce = 0;         // AES-GCM: none that was sent may come again.
  // Our last record of it: a Finished.
  std::vector<std::uint8_t> finished = {};
};

// The records of a connection after its handshake (RFC 6347, 4.1): all that is left of DTLS then,
// in some 200 bytes, where OpenSSL's object takes 40 KB. What is forged, replayed or of another
// epoch is dropped without a word (4.1.2.6 and 4.1.2.7).
class RecordLayer {
 public:
  static constexpr std::size_t kMaxContentSize = 1 << 14;

  explicit RecordLayer(const RecordState& state);
  RecordLayer(const RecordLayer&) = delete;
  RecordLayer& operator=(const RecordLayer&) = delete;

  // A record with it. At most kMaxContentSize bytes.
  std::vector<std::uint8_t> seal(ContentType type, Bytes content);
  // Each record once. Nothing: it is to be dropped.
  std::optional<std::vector<std::uint8_t>> open(const Record& record);

  // ChangeCipherSpec and Finished once more, for a client that they did not reach (4.2.4).
  std::vector<std::uint8_t> seal_last_flight();

 private:
  // The latest that was taken, and of the 64 up to it which.
  struct Window {
    std::uint64_t latest = 0;
    std::uint64_t taken = 0;  // Bit n: latest - n.

    bool is_new(std::uint64_t number) const;
    void take(std::uint64_t number);
  };

  bool is_gcm() const { return cipher_ != AeadCipher::kChaCha20Poly1305; }
  std::size_t explicit_size() const { return is_gcm() ? 8 : 0; }
  std::optional<std::vector<std::uint8_t>> open_with(const RecordKey& key,
                                                     const Record& record) const;
  Bytes key_of(const RecordKey& key) const { return Bytes(key.key).first(key_size(cipher_)); }
  AeadNonce nonce(const RecordKey& key, Bytes explicit_part, std::uint64_t number) const;

  AeadCipher cipher_;
  RecordKey ours_;
  RecordKey theirs_;
  std::uint64_t next_sequence_number_;
  std::uint64_t next_plain_sequence_number_;
  std::uint64_t next_explicit_nonce_;
  Window window_;
  std::vector<std::uint8_t> finished_;  // In plain text.
};

}  // namespace parley::dtls
