#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace parley::meeting {

// How often an audience has shown each emoji since it was told last: a thousand who clap are one
// number.
class ReactionSum {
 public:
  static constexpr std::size_t kMaxDifferent = 16;

  // False: there are that many different ones already, and it is dropped.
  bool add(const std::string& emoji) {
    const auto it = counts_.find(emoji);
    if (it == counts_.end() && counts_.size() >= kMaxDifferent) return false;
    ++counts_[emoji];
    return true;
  }

  std::map<std::string, std::int64_t> take() { return std::exchange(counts_, {}); }

 private:
  std::map<std::string, std::int64_t> counts_;
};

}  // namespace parley::meeting
