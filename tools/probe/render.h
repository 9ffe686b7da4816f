#pragma once

#include <string>

#include "base/json.h"
#include "probe/report.h"
#include "probe/verdict.h"

namespace parley::probe {

// For people: what was found out, as a table, and the verdict with what to do.
std::string render_table(const Report& report, const Verdict& verdict);

// For programs: docs/operating.md describes it. Members are added, never changed.
Json render_json(const Report& report, const Verdict& verdict);

}  // namespace parley::probe
