#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "rtp/identifiers.h"
#include "rtp/seq_no.h"

namespace parley::sfu {

// What a forwarder has to know of a video payload, read once, whatever the codec. A stream without
// layers has them at zero. Of sound each packet is a whole key frame.
struct FrameInfo {
  bool starts_frame = false;
  bool ends_frame = false;
  bool key_frame = false;      // Of a frame (with SVC: of a picture) that needs none before it.
  bool switch_up = false;      // A receiver may go up to `temporal` with this frame.
  bool non_reference = false;  // No other frame needs it.
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;
  // With SVC: the highest spatial layer of this picture ends here, or the picture's last packet
  // that a receiver of layer `spatial` gets: it must then carry the marker.
  bool ends_layer = false;
  // VP8 (RFC 7741): where the descriptor has them, they are rewritten for each receiver.
  std::optional<std::uint16_t> picture_id = {};
  bool short_picture_id = false;
  std::optional<std::uint8_t> tl0_picture_index = {};
  std::uint8_t descriptor_size = 0;  // Bytes in front of the payload that a rewrite may change.

  friend bool operator==(const FrameInfo&, const FrameInfo&) = default;
};

class PacketPool;

// An RTP packet as it came, in clear: kept once, however many it goes to and however many may ask
// for it again. What is needed for forwarding has been read from it.
struct Packet {
  static constexpr std::size_t kMaxSize = 1'500;

  // Numbers that do not wrap, of the stream of one encoding.
  rtp::SeqNo seq = {};
  std::uint64_t timestamp = 0;
  Time arrived = {};

  rtp::PayloadType payload_type = {};  // The publisher's.
  bool marker = false;
  std::uint8_t encoding = 0;  // Which of the publication's simulcast encodings, the smallest first.
  bool repaired = false;      // It came by RTX, late.
  FrameInfo frame = {};

  // Header extensions that go along, as their values stand in the packet; empty: it has none.
  Bytes audio_level = {};
  Bytes video_orientation = {};
  Bytes playout_delay = {};
  Bytes dependency_descriptor = {};
  Bytes absolute_capture_time = {};

  Bytes payload = {};  // Without padding. Empty: nothing but padding, of no frame.

  Bytes bytes() const { return {memory_, size_}; }  // All of it, as it came.

 private:
  friend class PacketPool;
  friend class PacketRef;

  std::uint32_t holders_ = 0;
  bool small_ = false;  // Of which size its memory is.
  std::uint16_t size_ = 0;
  PacketPool* pool_ = nullptr;
  Packet* next_free_ = nullptr;
  std::uint8_t* memory_ = nullptr;  // What the views above point into.
};

// A hold on a packet; the last one gives it back to its pool. Counts without atomics, so it never
// leaves its thread.
class PacketRef {
 public:
  PacketRef() = default;
  PacketRef(const PacketRef& other) : packet_(other.packet_) {
    if (packet_ != nullptr) ++packet_->holders_;
  }
  PacketRef(PacketRef&& other) noexcept : packet_(std::exchange(other.packet_, nullptr)) {}
  PacketRef& operator=(PacketRef other) noexcept {
    std::swap(packet_, other.packet_);
    return *this;
  }
  ~PacketRef() {
    if (packet_ != nullptr && --packet_->holders_ == 0) release();
  }

  explicit operator bool() const { return packet_ != nullptr; }
  const Packet& operator*() const { return *packet_; }
  const Packet* operator->() const { return packet_; }

 private:
  friend class PacketPool;
  explicit PacketRef(Packet* packet) : packet_(packet) { ++packet_->holders_; }
  void release();

  Packet* packet_ = nullptr;
};

// The packets of one worker: allocated in slabs, never given back to the system but when the pool
// ends, and then all of them have to be back. They come in two sizes, so that sound does not cost
// what pictures do. Bounded: a full pool yields nothing.
class PacketPool {
 public:
  static constexpr std::size_t kSmall = 384;  // Bytes: two frames of Opus, with their headers.

  struct Config {
    std::size_t max_packets = 131'072;  // 220 MB, for histories of some hundred streams.
  };

  PacketPool() : PacketPool(Config{}) {}
  explicit PacketPool(Config config) : config_(config) {}
  PacketPool(const PacketPool&) = delete;
  PacketPool& operator=(const PacketPool&) = delete;
  ~PacketPool();

  // A packet with a copy of `rtp` (at most Packet::kMaxSize bytes) in its memory, and that memory:
  // the caller, who is the only one to hold it so far, fills in the fields, which view it. Nothing
  // where the pool is full.
  struct Fresh {
    PacketRef ref = {};
    Packet* packet = nullptr;
    Bytes bytes = {};
  };
  std::optional<Fresh> make(Bytes rtp);

  std::size_t in_use() const { return in_use_; }
  std::size_t allocated() const { return slabs_.size() * kSlab; }
  std::size_t allocated_bytes() const { return allocated_bytes_; }

 private:
  friend class PacketRef;
  static constexpr std::size_t kSlab = 64;

  struct Slab {
    std::unique_ptr<Packet[]> packets;
    std::unique_ptr<std::uint8_t[]> memory;
  };

  bool grow(bool small);
  Packet*& free_list(bool small) { return free_[small ? 1 : 0]; }
  void take_back(Packet* packet);

  Config config_;
  std::vector<Slab> slabs_;
  std::array<Packet*, 2> free_ = {};  // Large, small.
  std::size_t in_use_ = 0;
  std::size_t allocated_bytes_ = 0;
};

}  // namespace parley::sfu
