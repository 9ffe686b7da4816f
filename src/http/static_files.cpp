#include "http/static_files.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "http/content_coding.h"
#include "http/server.h"
#include "http/text.h"

namespace parley::http {
namespace {

constexpr std::string_view kForever = "public, max-age=31536000, immutable";
constexpr std::string_view kAskAgain = "no-cache";

bool is_page(const StaticFile& file) {
  return file.content_type.starts_with("text/html");
}

// Forms differ in their bytes, so each has an ETag of its own: "abc" becomes "abc-gz".
std::string etag_of_form(std::string_view etag, std::string_view suffix) {
  PARLEY_ASSERT(etag.size() >= 2 && etag.front() == '"' && etag.back() == '"');
  return std::string(etag.substr(0, etag.size() - 1)).append(suffix).append("\"");
}

// RFC 9110, 13.1.2: the comparison is weak.
bool none_match(const Request& request, std::string_view etag) {
  const auto known = request.header("If-None-Match");
  if (!known) return true;
  bool matches = trim(*known) == "*";
  for_each_element(*known, [&](std::string_view candidate) {
    if (candidate.starts_with("W/")) candidate.remove_prefix(2);
    matches = matches || candidate == etag;
  });
  return !matches;
}

// Browsers say so when they go to a page; programs, and the page's own requests, do not.
bool reads_html(const Request& request) {
  bool reads = false;
  for_each_element(request.header("Accept").value_or(""), [&](std::string_view element) {
    reads = reads || equals_ignoring_case(split(element, ';').first, "text/html");
  });
  return reads;
}

}  // namespace

StaticFiles::StaticFiles(std::span<const StaticFile> files, StaticFilesConfig config)
    : config_(std::move(config)) {
  for (const StaticFile& file : files) {
    Entry entry{.file = file};
    entry.identity = {.etag = std::string(file.etag), .body = SharedBytes(file.identity)};
    if (!file.gzip.empty()) {
      entry.gzip = {
          .coding = "gzip", .etag = etag_of_form(file.etag, "-gz"), .body = SharedBytes(file.gzip)};
    }
    if (!file.brotli.empty()) {
      entry.brotli = {
          .coding = "br", .etag = etag_of_form(file.etag, "-br"), .body = SharedBytes(file.brotli)};
    }
    entries_.push_back(std::move(entry));
  }
  std::ranges::sort(entries_, {}, [](const Entry& entry) { return entry.file.path; });
}

void StaticFiles::add_to(Server& server) const {
  for (const Entry& entry : entries_) {
    server.route(Method::kGet, entry.file.path,
                 [this, &entry](const Request& request, Responder responder) {
                   responder.send(respond_with(entry, request));
                 });
  }
  for (const std::string& pattern : config_.app_paths) {
    server.route(Method::kGet, pattern, [this](const Request& request, Responder responder) {
      responder.send(respond(request, config_.app_page));
    });
  }
  server.route_lost([this](const Request& request) { return respond_lost(request); });
}

Response StaticFiles::respond(const Request& request, std::string_view path) const {
  const Entry* const entry = find(path);
  if (entry == nullptr) return Response::problem(404, "Not Found", "there is no such file");
  return respond_with(*entry, request);
}

Response StaticFiles::respond_lost(const Request& request) const {
  const Entry* const app = find(config_.app_page);
  if (app == nullptr || !reads_html(request)) {
    return Response::problem(404, "Not Found", "nothing is served here");
  }
  return respond_with(*app, request, 404);
}

const StaticFiles::Entry* StaticFiles::find(std::string_view path) const {
  const auto it = std::ranges::lower_bound(entries_, path, {},
                                           [](const Entry& entry) { return entry.file.path; });
  return it == entries_.end() || it->file.path != path ? nullptr : &*it;
}

const StaticFiles::Form& StaticFiles::choose_form(const Entry& entry,
                                                  const Request& request) const {
  const auto accepted = request.header("Accept-Encoding");
  switch (
      choose_coding(accepted.value_or(""), !entry.gzip.body.empty(), !entry.brotli.body.empty())) {
    case ContentCoding::kIdentity: return entry.identity;
    case ContentCoding::kGzip: return entry.gzip;
    case ContentCoding::kBrotli: return entry.brotli;
  }
  std::unreachable();
}

Response StaticFiles::respond_with(const Entry& entry, const Request& request, int status) const {
  const StaticFile& file = entry.file;
  const Form& form = choose_form(entry, request);
  Response response{.status = status};
  response.headers.reserve(10);
  response.with("ETag", form.etag).with("Cache-Control", file.immutable ? kForever : kAskAgain);
  if (!entry.gzip.body.empty() || !entry.brotli.body.empty()) {
    response.with("Vary", "Accept-Encoding");
  }
  if (is_page(file)) {
    response.with("Content-Security-Policy", config_.content_security_policy)
        .with("Referrer-Policy", "same-origin")
        .with("Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self)")
        .with("Cross-Origin-Opener-Policy", "same-origin");
  }
  response.with("X-Content-Type-Options", "nosniff");
  if (status == 200 && !none_match(request, form.etag)) {
    response.status = 304;
    return response;
  }
  response.with("Content-Type", file.content_type);
  if (!form.coding.empty()) response.with("Content-Encoding", form.coding);
  response.body = form.body;
  return response;
}

}  // namespace parley::http
