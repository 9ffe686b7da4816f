#pragma once

#include <span>

#include "http/static_files.h"

namespace parley::server {

// The files of the web app, which live as long as the program. Defined by a source file that
// tools/embed_web.py writes during the build; where the web app was not built, one plain page.
std::span<const http::StaticFile> embedded_web();

}  // namespace parley::server
