#pragma once

#include <concepts>
#include <expected>
#include <type_traits>
#include <utility>

#include "store/error.h"

namespace parley::store {

// What can be changed wholly or not at all.
class Transactions {
 public:
  virtual ~Transactions() = default;

  // Runs `work`, which returns a Result of any kind: all that it did is kept, or nothing if it
  // returns an error. Transactions nest; what the outermost kept is on the disk when it returns.
  template <std::invocable<> Work>
  std::invoke_result_t<Work> transaction(Work&& work) {
    if (auto begun = begin(); !begun) return std::unexpected(begun.error());
    auto result = std::forward<Work>(work)();
    if (!result) {
      roll_back();
      return result;
    }
    if (auto kept = commit(); !kept) return std::unexpected(kept.error());
    return result;
  }

 protected:
  virtual Result<void> begin() = 0;
  virtual Result<void> commit() = 0;  // Rolls back where it fails.
  virtual void roll_back() = 0;
};

}  // namespace parley::store
