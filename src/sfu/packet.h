#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
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
class PacketHolder;

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
  // Which of the publication's simulcast encodings, by its place in the offer: EncodingOrder says
  // which are larger.
  std::uint8_t encoding = 0;
  bool repaired = false;  // It came by RTX, late.
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
  friend class PacketHolder;

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

// One who holds packets of a pool that he can do without, and says how many. Where the pool is
// full, who holds most gives up the oldest, so that nobody is refused because of others who hold
// much. It finds him at once: holders are in lists by the power of two of what they hold, of each
// size.
class PacketHolder {
 public:
  PacketHolder() = default;
  PacketHolder(const PacketHolder&) = delete;
  PacketHolder& operator=(const PacketHolder&) = delete;
  PacketHolder(PacketHolder&& other) noexcept;  // Of one that holds nothing.
  virtual ~PacketHolder();

 protected:
  void note_taken(const Packet& packet) {
    Place& place = places_[packet.small_ ? 1 : 0];
    if (std::has_single_bit(++place.held)) move(*packet.pool_, packet.small_);
  }
  void note_dropped(const Packet& packet) {
    Place& place = places_[packet.small_ ? 1 : 0];
    if (std::has_single_bit(place.held--)) move(*packet.pool_, packet.small_);
  }

 private:
  friend class PacketPool;

  // In the list of those who hold about as many.
  struct Place {
    std::size_t held = 0;
    PacketHolder** list = nullptr;  // Where it begins; null: in none.
    PacketHolder* before = nullptr;
    PacketHolder* next = nullptr;
  };

  virtual void give_up_oldest() = 0;
  void move(PacketPool& pool, bool small);
  void leave(bool small);

  std::array<Place, 2> places_ = {};  // Of large packets, of small ones.
};

// The packets of one worker: allocated in slabs, never given back to the system but when the pool
// ends, and then all of them have to be back. They come in two sizes, so that sound does not cost
// what pictures do. Bounded: a pool that is full of one size has who holds most of it give up the
// oldest (PacketHolder), and keeps some for sound, which nobody holds for long.
class PacketPool {
 public:
  static constexpr std::size_t kSmall = 384;  // Bytes: two frames of Opus, with their headers.

  struct Config {
    // Of the large, for histories of some hundred streams, and half as many of the small: 220 MB
    // and 40 MB. A sixteenth of each is for sound alone.
    std::size_t max_packets = 131'072;
  };
  enum class Use : std::uint8_t { kPicture, kSound };

  PacketPool() : PacketPool(Config{}) {}
  explicit PacketPool(Config config);
  PacketPool(const PacketPool&) = delete;
  PacketPool& operator=(const PacketPool&) = delete;
  ~PacketPool();

  // A packet with a copy of `rtp` (at most Packet::kMaxSize bytes) in its memory, and that memory:
  // the caller, who is the only one to hold it so far, fills in the fields, which view it. Nothing
  // where the pool is full and nobody can do without what he holds.
  struct Fresh {
    PacketRef ref = {};
    Packet* packet = nullptr;
    Bytes bytes = {};
  };
  std::optional<Fresh> make(Bytes rtp, Use use = Use::kPicture);

  std::size_t in_use() const { return sizes_[0].in_use + sizes_[1].in_use; }
  // What holders gave up for others.
  std::uint64_t given_up() const { return given_up_; }
  std::size_t allocated() const { return slabs_.size() * kSlab; }
  std::size_t allocated_bytes() const { return allocated_bytes_; }

 private:
  friend class PacketRef;
  friend class PacketHolder;
  static constexpr std::size_t kSlab = 64;

  struct Slab {
    std::unique_ptr<Packet[]> packets;
    std::unique_ptr<std::uint8_t[]> memory;
  };

  struct Size {
    std::size_t max = 0;
    std::size_t for_sound = 0;
    std::size_t in_use = 0;
    Packet* free = nullptr;
    // Those who hold packets, by the bits of their number.
    std::array<PacketHolder*, std::numeric_limits<std::size_t>::digits + 1> holders = {};
  };

  void grow(bool small);
  bool make_room(bool small);
  PacketHolder* holds_most(bool small);
  Size& size_of(bool small) { return sizes_[small ? 1 : 0]; }
  void take_back(Packet* packet);

  std::array<Size, 2> sizes_ = {};  // Large, small.
  std::vector<Slab> slabs_;
  std::size_t allocated_bytes_ = 0;
  std::uint64_t given_up_ = 0;
};

}  // namespace parley::sfu
