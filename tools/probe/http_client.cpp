#include "probe/http_client.h"

#include <curl/curl.h>

#include <ctime>
#include <memory>
#include <string_view>

namespace parley::probe {
namespace {

constexpr long kConnectTimeout = 5;  // Seconds.
constexpr long kTimeout = 10;
constexpr std::size_t kMaxBody = 1 << 20;

struct Handle {
  Handle() : curl(curl_easy_init()) {}
  ~Handle() {
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  CURL* curl;
  curl_slist* headers = nullptr;
  HttpAnswer answer = {};
  bool upgrade = false;
  char problem[CURL_ERROR_SIZE] = {};
};

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& handle = *static_cast<Handle*>(user);
  if (handle.answer.body.size() + size > kMaxBody) return 0;
  handle.answer.body.append(data, size);
  return size;
}

// After an upgrade comes another protocol; there is nothing in it for us.
std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) {
  const std::string_view line(data, size);
  const bool is_end = line == "\r\n" || line == "\n";
  auto& handle = *static_cast<Handle*>(user);
  long status = 0;
  curl_easy_getinfo(handle.curl, CURLINFO_RESPONSE_CODE, &status);
  return handle.upgrade && is_end && status == 101 ? 0 : size;
}

HttpAnswer::Failure failure_of(CURLcode code) {
  using enum HttpAnswer::Failure;
  switch (code) {
    case CURLE_OK: return kNone;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT: return kConnect;
    case CURLE_OPERATION_TIMEDOUT: return kTimeout;
    case CURLE_PEER_FAILED_VERIFICATION: return kCertificate;
    default: return kOther;
  }
}

std::string_view field(const curl_slist* fields, std::string_view name) {
  for (; fields != nullptr; fields = fields->next) {
    const std::string_view line(fields->data);
    if (line.starts_with(name) && line.substr(name.size()).starts_with(":")) {
      return line.substr(name.size() + 1);
    }
  }
  return {};
}

std::optional<Certificate> certificate_of(CURL* curl) {
  curl_certinfo* chain = nullptr;
  curl_easy_getinfo(curl, CURLINFO_CERTINFO, &chain);
  if (chain == nullptr || chain->num_of_certs == 0) return std::nullopt;
  Certificate certificate;
  certificate.subject = field(chain->certinfo[0], "Subject");
  certificate.issuer = field(chain->certinfo[0], "Issuer");
  certificate.self_signed = certificate.subject == certificate.issuer;
  const std::string expires(field(chain->certinfo[0], "Expire date"));
  const std::time_t end = curl_getdate(expires.c_str(), nullptr);
  certificate.days_left = (end - std::time(nullptr)) / (24 * 60 * 60);
  return certificate;
}

void prepare(Handle& handle, const HttpRequest& request) {
  CURL* curl = handle.curl;
  handle.upgrade = request.upgrade;
  for (const std::string& header : request.headers) {
    handle.headers = curl_slist_append(handle.headers, header.c_str());
  }
  const long verify = request.verify ? 1 : 0;
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, handle.headers);
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectTimeout);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, kTimeout);
  curl_easy_setopt(curl, CURLOPT_CERTINFO, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, verify);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2 * verify);
  if (!request.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, request.ca_file.c_str());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, handle.problem);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &handle);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &handle);
}

void read_facts(Handle& handle) {
  long status = 0;
  curl_easy_getinfo(handle.curl, CURLINFO_RESPONSE_CODE, &status);
  handle.answer.status = static_cast<int>(status);
  curl_off_t named = 0;
  curl_off_t connected = 0;
  curl_easy_getinfo(handle.curl, CURLINFO_NAMELOOKUP_TIME_T, &named);
  curl_easy_getinfo(handle.curl, CURLINFO_CONNECT_TIME_T, &connected);
  if (connected > 0) handle.answer.round_trip = Duration(connected - named);
  const char* remote = nullptr;
  curl_easy_getinfo(handle.curl, CURLINFO_PRIMARY_IP, &remote);
  if (remote != nullptr) handle.answer.remote = net::IpAddress::parse(remote);
  handle.answer.certificate = certificate_of(handle.curl);
}

}  // namespace

HttpAnswer get(const HttpRequest& request) {
  Handle handle;
  prepare(handle, request);
  const CURLcode code = curl_easy_perform(handle.curl);
  read_facts(handle);
  if (code != CURLE_OK && handle.answer.status != 101) {
    handle.answer.failure = failure_of(code);
    handle.answer.problem = handle.problem[0] != '\0' ? handle.problem : curl_easy_strerror(code);
  }
  return std::move(handle.answer);
}

}  // namespace parley::probe
