#pragma once

#include <string_view>

#include "base/bytes.h"

namespace parley::http {

// One file that is served from memory. It borrows everything, and is meant to live in the program's
// read-only data.
struct StaticFile {
  std::string_view path = {};  // "/assets/index-B3kX9_dQ.js"
  std::string_view content_type = {};
  std::string_view etag = {};  // Quoted, of the identity form.
  Bytes identity = {};
  Bytes gzip = {};         // Empty where compression gains too little.
  Bytes brotli = {};       // The same.
  bool immutable = false;  // Its name changes with its contents: caches may keep it for ever.
};

}  // namespace parley::http
