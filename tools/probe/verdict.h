#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "probe/report.h"

namespace parley::probe {

// One thing that a report tells, in words for whoever has to mend it.
struct Finding {
  enum class Weight : std::uint8_t {
    kGood,
    kNote,       // Nothing is worse for it from here.
    kRestricts,  // Calls connect, but not at their best.
    kBreaks,     // Calls do not connect.
  };

  Weight weight = Weight::kGood;
  std::string sentence = {};
  std::vector<std::string> remedies = {};  // Lines to type or to write, or sentences.

  friend bool operator==(const Finding&, const Finding&) = default;
};

struct Verdict {
  // The program's exit status.
  enum class Status : std::uint8_t { kWorks = 0, kBroken = 1, kRestricted = 2 };

  Status status = Status::kWorks;
  std::string summary = {};            // One sentence.
  std::vector<Finding> findings = {};  // The worst first.
};

std::string_view to_string(Verdict::Status status);  // "works", "broken", "restricted".
std::string_view to_string(Finding::Weight weight);  // "good", "note", "restricts", "breaks".

Verdict judge(const Report& report);

// What ICE would gather here: "host", "srflx", "relay by UDP" and so on.
std::vector<std::string> candidate_types(const Report& report);

}  // namespace parley::probe
