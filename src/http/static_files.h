#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/shared_bytes.h"
#include "http/message.h"

namespace parley::http {

class Server;

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

struct StaticFilesConfig {
  // What pages may load and who may frame them. Styles are inline because the app's style library
  // writes them at run time; scripts never are.
  std::string content_security_policy =
      "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
      "img-src 'self' data: blob:; media-src 'self' data: blob: mediastream:; "
      "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
      "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  // Patterns at which the app itself answers: it reads the path in the browser.
  std::vector<std::string> app_paths = {"/", "/room/*"};
  std::string app_page = "/index.html";
};

// Serves files from memory: the smallest form that the client takes, "not modified" where it has
// the file already, and the fields that keep a page safe. Bodies are copied once, at the start, and
// shared by all responses.
class StaticFiles {
 public:
  explicit StaticFiles(std::span<const StaticFile> files, StaticFilesConfig config = {});
  StaticFiles(const StaticFiles&) = delete;
  StaticFiles& operator=(const StaticFiles&) = delete;

  // Adds a route for each file and app path, and answers who is lost. The server's routes refer to
  // this object from then on.
  void add_to(Server& server) const;

  // For paths that nothing is served at: whoever reads HTML gets the app with status 404, so that
  // it can say so and lead back; a program gets the plain problem.
  Response respond_lost(const Request& request) const;

  // 404 where there is no such file.
  Response respond(const Request& request, std::string_view path) const;

 private:
  struct Form {
    std::string_view coding = {};  // For Content-Encoding; empty for identity.
    std::string etag = {};
    SharedBytes body = {};
  };
  struct Entry {
    StaticFile file = {};
    Form identity = {};
    Form gzip = {};
    Form brotli = {};
  };

  const Form& choose_form(const Entry& entry, const Request& request) const;
  const Entry* find(std::string_view path) const;  // Null where there is no such file.
  Response respond_with(const Entry& entry, const Request& request, int status = 200) const;

  StaticFilesConfig config_;
  std::vector<Entry> entries_;  // Sorted by path.
};

}  // namespace parley::http
