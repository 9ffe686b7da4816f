#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "net/address.h"
#include "probe/report.h"

namespace parley::probe {

// One GET over HTTP/1.1, without proxies and redirects: it is about this network.
struct HttpRequest {
  std::string url = {};
  std::vector<std::string> headers = {};  // "Name: value".
  std::string ca_file = {};               // Empty: those whom this computer trusts.
  bool verify = true;                     // The certificate.
  bool upgrade = false;                   // Only the status is wanted: 101 has no end.
};

struct HttpAnswer {
  enum class Failure : std::uint8_t { kNone, kConnect, kTimeout, kCertificate, kOther };

  Failure failure = Failure::kNone;
  std::string problem = {};                 // Half a sentence, where it has failed.
  int status = 0;                           // 0: there was no answer.
  std::string body = {};                    // At most a megabyte.
  std::optional<Duration> round_trip = {};  // The time that a TCP connection took.
  std::optional<net::IpAddress> remote = {};
  std::optional<Certificate> certificate = {};
};

// Waits for it, at most ten seconds.
HttpAnswer get(const HttpRequest& request);

}  // namespace parley::probe
