#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace parley::engineio {

// Things by id, found without hashing. An id (a StrongId) is a place in a vector and the number of
// the place's use, so the id of what is gone finds nothing, even when its place is taken again.
template <class Id, class T>
class SlotMap {
 public:
  Id insert(T value) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(slots_.size()));
      slots_.emplace_back();
    }
    const std::uint32_t index = free_.back();
    free_.pop_back();
    Slot& slot = slots_[index];
    ++slot.use;
    slot.taken = true;
    slot.value = std::move(value);
    ++size_;
    return Id{std::uint64_t{slot.use} << 32 | index};
  }

  // Null when it is gone.
  T* find(Id id) {
    const std::size_t index = id.value & 0xffff'ffff;
    if (index >= slots_.size()) return nullptr;
    Slot& slot = slots_[index];
    return slot.taken && slot.use == id.value >> 32 ? &slot.value : nullptr;
  }
  const T* find(Id id) const { return const_cast<SlotMap*>(this)->find(id); }

  // Returns what stood there: it must.
  T take(Id id) {
    Slot& slot = slots_.at(id.value & 0xffff'ffff);
    slot.taken = false;
    free_.push_back(static_cast<std::uint32_t>(id.value));
    --size_;
    return std::exchange(slot.value, T{});
  }

  std::size_t size() const { return size_; }

  // Calls `call(id, value)` for each. Things may be inserted and taken meanwhile.
  template <class Call>
  void for_each(Call call) {
    for (std::size_t index = 0; index < slots_.size(); ++index) {
      const Slot& slot = slots_[index];
      if (slot.taken) call(Id{std::uint64_t{slot.use} << 32 | index}, slots_[index].value);
    }
  }

 private:
  struct Slot {
    std::uint32_t use = 0;  // At least 1 in an id that was given out, so no id is zero.
    bool taken = false;
    T value{};
  };

  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
};

}  // namespace parley::engineio
