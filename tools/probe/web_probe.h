#pragma once

#include <functional>
#include <string_view>

#include "probe/options.h"
#include "probe/report.h"
#include "probe/url.h"

namespace parley::probe {

using Progress = std::function<void(std::string_view step)>;

// The name, the page, its certificate, its signalling, and what the server says of itself. Waits.
void probe_web(const WebUrl& url, const Options& options, const Progress& progress, Report& report);

}  // namespace parley::probe
