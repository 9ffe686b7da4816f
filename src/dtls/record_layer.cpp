#include "dtls/record_layer.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <span>
#include <utility>

#include "base/assert.h"

namespace parley::dtls {
namespace {

constexpr std::uint64_t kEpoch = 1;  // There is no second handshake.
constexpr std::uint64_t kMaxSequenceNumber = (std::uint64_t{1} << 48) - 1;

constexpr std::uint64_t with_epoch(std::uint64_t sequence_number) {
  return kEpoch << 48 | sequence_number;
}

void write_u64(std::span<std::uint8_t> out, std::uint64_t number) {
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(number >> (56 - 8 * i));
}

void write_u16(std::span<std::uint8_t> out, std::size_t number) {
  out[0] = static_cast<std::uint8_t>(number >> 8);
  out[1] = static_cast<std::uint8_t>(number);
}

void write_header(std::span<std::uint8_t> out, ContentType type, std::uint64_t epoch_and_number,
                  std::size_t size) {
  out[0] = static_cast<std::uint8_t>(type);
  write_u16(out.subspan(1), kDtls12);
  write_u64(out.subspan(3), epoch_and_number);
  write_u16(out.subspan(11), size);
}

// RFC 5246, 6.2.3.3: what is authenticated beside the content.
std::array<std::uint8_t, 13> associated_data(ContentType type, std::uint64_t number,
                                             std::size_t content_size) {
  std::array<std::uint8_t, 13> data;
  write_u64(data, number);
  data[8] = static_cast<std::uint8_t>(type);
  write_u16(std::span(data).subspan(9), kDtls12);
  write_u16(std::span(data).subspan(11), content_size);
  return data;
}

}  // namespace

RecordKey::~RecordKey() {
  OPENSSL_cleanse(key.data(), key.size());
  OPENSSL_cleanse(iv.data(), iv.size());
}

RecordLayer::RecordLayer(const RecordState& state)
    : cipher_(state.cipher),
      ours_(state.ours),
      theirs_(state.theirs),
      next_sequence_number_(state.next_sequence_number),
      next_plain_sequence_number_(state.next_plain_sequence_number),
      next_explicit_nonce_(state.next_explicit_nonce) {
  Bytes finished = state.finished;
  if (const auto record = take_record(finished)) {
    auto opened = open_with(ours_, *record);
    PARLEY_ASSERT(opened.has_value());  // Else the keys are not those of the handshake.
    finished_ = std::move(*opened);
  }
}

std::vector<std::uint8_t> RecordLayer::seal(ContentType type, Bytes content) {
  PARLEY_ASSERT(content.size() <= kMaxContentSize && next_sequence_number_ < kMaxSequenceNumber);
  const std::uint64_t number = with_epoch(next_sequence_number_++);
  const std::size_t body_size = explicit_size() + content.size() + kAeadTagSize;
  std::vector<std::uint8_t> record(kRecordHeaderSize + body_size);
  const std::span body = std::span(record).subspan(kRecordHeaderSize);
  write_header(record, type, number, body_size);
  if (is_gcm()) write_u64(body, next_explicit_nonce_++);
  dtls::seal(cipher_, key_of(ours_), nonce(ours_, body.first(explicit_size()), number),
             associated_data(type, number, content.size()), content, body.subspan(explicit_size()));
  return record;
}

std::optional<std::vector<std::uint8_t>> RecordLayer::open(const Record& record) {
  if (!window_.is_new(record.sequence_number)) return std::nullopt;
  auto content = open_with(theirs_, record);
  if (content) window_.take(record.sequence_number);
  return content;
}

std::vector<std::uint8_t> RecordLayer::seal_last_flight() {
  std::vector<std::uint8_t> flight(kRecordHeaderSize + 1);
  write_header(flight, ContentType::kChangeCipherSpec, next_plain_sequence_number_++, 1);
  flight.back() = 1;  // RFC 5246, 7.1.
  const auto finished = seal(ContentType::kHandshake, finished_);
  flight.insert(flight.end(), finished.begin(), finished.end());
  return flight;
}

std::optional<std::vector<std::uint8_t>> RecordLayer::open_with(const RecordKey& key,
                                                                const Record& record) const {
  const std::size_t overhead = explicit_size() + kAeadTagSize;
  const std::size_t size = record.body.size();
  if (record.version != kDtls12 || record.epoch != kEpoch || size < overhead ||
      size > kMaxContentSize + overhead) {
    return std::nullopt;
  }
  const std::uint64_t number = with_epoch(record.sequence_number);
  std::vector<std::uint8_t> content(size - overhead);
  const bool genuine =
      dtls::open(cipher_, key_of(key), nonce(key, record.body.first(explicit_size()), number),
                 associated_data(record.type, number, content.size()),
                 record.body.subspan(explicit_size()), content);
  if (!genuine) return std::nullopt;
  return content;
}

// RFC 5288, 3: fixed part and explicit part, which the record carries. RFC 7905, 2: the number,
// with zeros before it, added to the IV.
AeadNonce RecordLayer::nonce(const RecordKey& key, Bytes explicit_part,
                             std::uint64_t number) const {
  AeadNonce nonce = key.iv;
  if (is_gcm()) {
    std::ranges::copy(explicit_part, nonce.begin() + 4);
  } else {
    for (std::size_t i = 0; i < 8; ++i) {
      nonce[4 + i] ^= static_cast<std::uint8_t>(number >> (56 - 8 * i));
    }
  }
  return nonce;
}

bool RecordLayer::Window::is_new(std::uint64_t number) const {
  if (taken == 0 || number > latest) return true;
  const std::uint64_t behind = latest - number;
  return behind < 64 && (taken >> behind & 1) == 0;
}

void RecordLayer::Window::take(std::uint64_t number) {
  if (taken != 0 && number <= latest) {
    taken |= std::uint64_t{1} << (latest - number);
    return;
  }
  const std::uint64_t ahead = number - latest;
  taken = (ahead < 64 ? taken << ahead : 0) | 1;
  latest = number;
}

}  // namespace parley::dtls
