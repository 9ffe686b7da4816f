#pragma once

#include <cstdint>
#include <string_view>

namespace parley::http {

enum class ContentCoding : std::uint8_t { kIdentity, kGzip, kBrotli };

// The best coding that the client takes and we have (RFC 9110, 12.5.3). Where it likes several as
// well, the smaller wins; where it forbids all, identity is sent all the same, as the RFC allows.
ContentCoding choose_coding(std::string_view accept_encoding, bool has_gzip, bool has_brotli);

}  // namespace parley::http
