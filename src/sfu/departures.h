#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "base/prefetch.h"
#include "rtp/sent_log.h"
#include "sfu/subscription.h"

namespace parley::sfu {

// A packet on its way out to one receiver.
struct Departure {
  Forwarded packet = {};
  const Publication* publication = nullptr;  // Whose it is; to be compared, for it may be gone.
  std::uint16_t slot = 0;
  bool again = false;       // By RTX.
  rtp::ProbeId probe = {};  // Of which it is a part; zero: of none.
};

// What leaves with the next batch: those of a slot behind each other, in the order they came, so
// that packets of one frame, which have one size, become neighbours and leave as one run.
//
// It is filled and emptied over and over, and allocates nothing once it has been as full as it
// gets.
class Departures {
 public:
  explicit Departures(std::size_t slots = 0) : chains_(slots) {}

  // So many slots there are from now on: no fewer than before.
  void set_slots(std::size_t slots) { chains_.resize(slots); }

  void add(Departure&& departure) {
    Chain& chain = chains_[departure.slot];
    const auto at = static_cast<std::uint32_t>(nodes_.size());
    if (chain.first == kNone) {
      chain.first = at;
      order_.push_back(departure.slot);
    } else {
      nodes_[chain.last].next = at;
    }
    chain.last = at;
    nodes_.push_back({.departure = std::move(departure)});
    ++size_;
  }

  bool empty() const { return size_ == 0; }
  void prefetch() const {  // What add() and pop() will need, but for its own.
    parley::prefetch(nodes_.data(), nodes_.capacity() * sizeof(Node));
    parley::prefetch(chains_.data(), chains_.size() * sizeof(Chain));
    parley::prefetch(order_.data(), order_.capacity() * sizeof(std::uint16_t));
  }
  std::size_t size() const { return size_; }

  // The next to leave. Not if it is empty.
  Departure& front() { return nodes_[chains_[order_[turn_]].first].departure; }
  void pop() {
    Chain& chain = chains_[order_[turn_]];
    Node& node = nodes_[chain.first];
    node.departure.packet.packet = {};
    chain.first = node.next;
    if (chain.first == kNone) ++turn_;
    if (--size_ == 0) clear();
  }

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  struct Node {
    Departure departure = {};
    std::uint32_t next = kNone;  // Of the same slot.
  };
  struct Chain {
    std::uint32_t first = kNone, last = kNone;
  };

  void clear() {
    constexpr std::size_t kKept = 16;  // A frame of two slots; more come together rarely.
    if (nodes_.capacity() > kKept) nodes_ = std::vector<Node>();
    nodes_.clear();
    order_.clear();
    turn_ = 0;
  }

  std::vector<Node> nodes_;
  std::vector<Chain> chains_;         // By slot.
  std::vector<std::uint16_t> order_;  // The slots that have something, each as often as it began.
  std::size_t turn_ = 0;              // In order_.
  std::size_t size_ = 0;
};

}  // namespace parley::sfu
