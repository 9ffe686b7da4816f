#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace parley::server {

// Which pages may talk to us (RFC 6454). A browser names the page's origin; whoever names none is
// no browser, and no page can make it do things behind a person's back.
class OriginPolicy {
 public:
  // `allowed` besides our own origin; "*" for any.
  explicit OriginPolicy(std::vector<std::string> allowed) : allowed_(std::move(allowed)) {}

  bool allows(const http::Request& request) const;

  // The same for a request that changes something. Browsers name the origin of those always, so one
  // that brings a cookie and no origin is refused; and where any page may connect, that does not
  // mean that any page may act for whoever is logged in.
  bool allows_change(const http::Request& request) const;

  static http::Response refusal();

 private:
  bool lists(std::string_view origin) const;

  std::vector<std::string> allowed_;
};

}  // namespace parley::server
