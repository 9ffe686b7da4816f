// What a server may tell `parley probe`, and what a user may type.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "probe/doctor.h"
#include "probe/payload.h"
#include "probe/url.h"

using namespace parley;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  if (const auto url = probe::parse_web_url(as_text(bytes))) {
    PARLEY_ASSERT(probe::parse_web_url(url->to_string()) == url);
  }
  if (const auto server = probe::parse_ice_url(as_text(bytes))) {
    PARLEY_ASSERT(!server->host.empty() && server->port != 0);
  }
  if (const auto doctor = probe::parse_doctor(as_text(bytes))) {
    for (const auto& server : doctor->servers) PARLEY_ASSERT(!server.host.empty());
  }
  if (const auto payload = probe::read_payload(bytes)) {
    PARLEY_ASSERT(probe::read_payload(probe::write_payload(payload->kind, payload->number, size)) ==
                  payload);
  }
  return 0;
}
