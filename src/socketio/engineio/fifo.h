#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace parley::engineio {

// A queue in one run of memory that is filled, then emptied: its memory is used again, and while it
// is empty for the first time it has none (a std::deque begins with 512 bytes).
template <class T>
class Fifo {
 public:
  bool empty() const { return head_ == items_.size(); }
  std::size_t size() const { return items_.size() - head_; }

  void push(T item) { items_.push_back(std::move(item)); }

  std::optional<T> pop() {
    if (empty()) {
      items_.clear();
      head_ = 0;
      return std::nullopt;
    }
    return std::move(items_[head_++]);
  }

 private:
  std::vector<T> items_;
  std::size_t head_ = 0;  // What stands before it has been taken.
};

}  // namespace parley::engineio
