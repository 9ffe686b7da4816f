#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace parley {

// First in, first out, for a few at a time: all in one piece of memory, as little as they need,
// where a std::deque has 600 bytes while it is empty and a page of its own for the next few.
template <class T>
class SmallQueue {
 public:
  bool empty() const { return items_.empty(); }
  std::size_t size() const { return items_.size() - begun_; }

  auto begin() { return items_.begin() + static_cast<std::ptrdiff_t>(begun_); }
  auto end() { return items_.end(); }
  auto begin() const { return items_.begin() + static_cast<std::ptrdiff_t>(begun_); }
  auto end() const { return items_.end(); }

  // Not while it is empty.
  T& front() { return items_[begun_]; }
  const T& front() const { return items_[begun_]; }
  T& back() { return items_.back(); }
  const T& back() const { return items_.back(); }

  void push_back(T item) { items_.push_back(std::move(item)); }
  template <class... Arguments>
  T& emplace_back(Arguments&&... arguments) {
    return items_.emplace_back(std::forward<Arguments>(arguments)...);
  }

  // Not while it is empty.
  void pop_front() {
    if (++begun_ == items_.size()) return clear();
    if (begun_ < kMostGone || begun_ < size()) return;
    items_.erase(items_.begin(), begin());
    begun_ = 0;
  }

  std::size_t bytes_held() const { return items_.capacity() * sizeof(T); }

  void clear() {
    begun_ = 0;
    items_.clear();
    if (bytes_held() > kKept) items_ = std::vector<T>();
  }

 private:
  // The others move up when so many are gone, and half of all: then each is moved but once or
  // twice, however many they were.
  static constexpr std::size_t kMostGone = 32;
  static constexpr std::size_t kKept = 512;  // Bytes, while it is empty.

  std::vector<T> items_;   // The first `begun_` of them are gone.
  std::size_t begun_ = 0;  // Zero while it is empty.
};

}  // namespace parley
