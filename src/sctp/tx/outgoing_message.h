#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/time.h"
#include "sctp/packet/tsn.h"
#include "sctp/types.h"

namespace parley::sctp {

// A message on its way out, from send() until each of its fragments is acknowledged or given up.
struct OutgoingMessage {
  Message message = {};
  bool ordered = true;
  std::optional<std::uint16_t> max_retransmits = {};
  Time expires = kNever;

  // What follows is set when its first fragment is cut.
  std::uint16_t ssn = 0;
  Tsn first_tsn = {};   // The fragments have TSNs in a row.
  Tsn last_tsn = {};    // Of the last that was cut so far.
  std::size_t cut = 0;  // Bytes in fragments so far.
  bool abandoned = false;

  bool is_wholly_cut() const { return cut == message.payload.size(); }

  std::uint32_t holders = 0;  // For MessageRef alone.
};

// Shares one OutgoingMessage between the queue and the chunks that are under way. It counts without
// atomics: an association belongs to one thread.
class MessageRef {
 public:
  MessageRef() = default;
  explicit MessageRef(OutgoingMessage message) : held_(new OutgoingMessage(std::move(message))) {
    held_->holders = 1;
  }
  MessageRef(const MessageRef& other) : held_(other.held_) {
    if (held_ != nullptr) ++held_->holders;
  }
  MessageRef(MessageRef&& other) noexcept : held_(std::exchange(other.held_, nullptr)) {}
  MessageRef& operator=(MessageRef other) noexcept {
    std::swap(held_, other.held_);
    return *this;
  }
  ~MessageRef() {
    if (held_ != nullptr && --held_->holders == 0) delete held_;
  }

  OutgoingMessage& operator*() const { return *held_; }
  OutgoingMessage* operator->() const { return held_; }

 private:
  OutgoingMessage* held_ = nullptr;
};

}  // namespace parley::sctp
