#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace parley::engineio {

// A queue in one run of memory that is filled, then emptied. It has none until it is used, and
// keeps what it has for the next time, but not what an unusually large burst took.
template <class T>
class Fifo {
 public:
  bool empty() const { return head_ == items_.size(); }
  std::size_t size() const { return items_.size() - head_; }

  void push(T item) { items_.push_back(std::move(item)); }

  std::optional<T> pop() {
    if (empty()) {
      if (items_.capacity() > kKept) items_ = std::vector<T>();
      items_.clear();
      head_ = 0;
      return std::nullopt;
    }
    return std::move(items_[head_++]);
  }

 private:
  static constexpr std::size_t kKept = 16 << 10;  // A broadcast to all of a busy server.

  std::vector<T> items_;
  std::size_t head_ = 0;  // What stands before it has been taken.
};

}  // namespace parley::engineio
