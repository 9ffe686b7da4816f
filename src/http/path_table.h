#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace parley::http {

using PathParameters = std::vector<std::pair<std::string_view, std::string_view>>;

// Finds what was filed under the most specific pattern that matches a path. A pattern is a path;
// "{name}" matches one segment that is not empty, and a "*" at its end matches any rest. A plain
// path beats any pattern; of two patterns the one whose first difference is the plainer wins.
template <class T>
class PathTable {
 public:
  // The value under that pattern, made if there is none.
  T& at(std::string_view pattern) {
    PARLEY_ASSERT(pattern.starts_with('/'));
    if (pattern.find_first_of("{*") == std::string_view::npos) {
      return plain_.try_emplace(std::string(pattern)).first->second;
    }
    const auto it = std::ranges::find(
        patterns_, pattern, [](const auto& entry) -> std::string_view { return entry->text; });
    if (it != patterns_.end()) return (*it)->value;
    auto entry = std::make_unique<Pattern>(std::string(pattern));
    T& value = entry->value;
    patterns_.insert(std::ranges::upper_bound(patterns_, rank(pattern), {},
                                              [](const auto& other) { return rank(other->text); }),
                     std::move(entry));
    return value;
  }

  // Null where nothing matches. The parameters borrow `path`, and their names this table.
  T* find(std::string_view path, PathParameters& parameters) {
    parameters.clear();
    if (const auto it = plain_.find(path); it != plain_.end()) return &it->second;
    for (const auto& pattern : patterns_) {
      if (matches(pattern->text, path, parameters)) return &pattern->value;
      parameters.clear();
    }
    return nullptr;
  }

 private:
  struct Pattern {
    explicit Pattern(std::string pattern) : text(std::move(pattern)) {}
    std::string text;
    T value = {};
  };

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  // Plain characters before a parameter before "*", at the first place where two patterns differ.
  static std::string rank(std::string_view pattern) {
    std::string key;
    while (!pattern.empty()) {
      const char c = pattern.front();
      key.push_back(c == '*' ? '\xFF' : c == '{' ? '\xFE' : c);
      pattern.remove_prefix(c == '{' ? std::min(pattern.find('}'), pattern.size() - 1) + 1 : 1);
    }
    return key;
  }

  static bool matches(std::string_view pattern, std::string_view path, PathParameters& parameters) {
    while (!pattern.empty()) {
      if (pattern == "*") return true;
      if (pattern.front() == '{') {
        const auto end = std::min(path.find('/'), path.size());
        if (end == 0) return false;
        const auto close = pattern.find('}');
        PARLEY_ASSERT(close != std::string_view::npos);
        parameters.emplace_back(pattern.substr(1, close - 1), path.substr(0, end));
        pattern.remove_prefix(close + 1);
        path.remove_prefix(end);
      } else {
        if (path.empty() || path.front() != pattern.front()) return false;
        pattern.remove_prefix(1);
        path.remove_prefix(1);
      }
    }
    return path.empty();
  }

  std::unordered_map<std::string, T, Hash, std::equal_to<>> plain_;
  std::vector<std::unique_ptr<Pattern>> patterns_;  // The most specific first.
};

}  // namespace parley::http
