#pragma once

#include <string>
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

  static http::Response refusal();

 private:
  std::vector<std::string> allowed_;
};

}  // namespace parley::server
