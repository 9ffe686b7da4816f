#pragma once

#include <expected>
#include <string>

#include "probe/options.h"
#include "probe/report.h"
#include "probe/web_probe.h"

namespace parley::probe {

// Tries all that there is to try, one after the other. The error is a sentence: what was asked
// makes no sense.
std::expected<Report, std::string> examine(const Options& options, const Progress& progress);

// `parley probe`: examines, prints, and returns the exit status (Verdict::Status).
int run(const Options& options);

}  // namespace parley::probe
