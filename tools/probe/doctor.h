#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "probe/report.h"

namespace parley::probe {

// Reads the answer of GET /api/doctor (docs/api.md). The error is half a sentence.
std::expected<Doctor, std::string> parse_doctor(std::string_view body);

}  // namespace parley::probe
