#include "http/content_coding.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "http/text.h"

namespace parley::http {
namespace {

// In thousandths: "q=0.8" is 800 (RFC 9110, 12.4.2). A weight that cannot be read counts as zero.
int parse_weight(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto [parameter, rest] = split(parameters, ';');
    const auto [name, value] = split(parameter, '=');
    parameters = rest;
    if (!equals_ignoring_case(name, "q")) continue;
    double weight = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), weight,
                                              std::chars_format::fixed);
    if (error != std::errc{} || end != value.data() + value.size()) return 0;
    return static_cast<int>(std::clamp(weight, 0.0, 1.0) * 1000);
  }
  return 1000;
}

}  // namespace

ContentCoding choose_coding(std::string_view accept_encoding, bool has_gzip, bool has_brotli) {
  std::optional<int> identity, gzip, brotli, any;
  for_each_element(accept_encoding, [&](std::string_view element) {
    const auto [coding, parameters] = split(element, ';');
    const int weight = parse_weight(parameters);
    if (equals_ignoring_case(coding, "identity")) identity = weight;
    if (equals_ignoring_case(coding, "gzip") || equals_ignoring_case(coding, "x-gzip")) {
      gzip = weight;
    }
    if (equals_ignoring_case(coding, "br")) brotli = weight;
    if (coding == "*") any = weight;
  });
  const int brotli_weight = has_brotli ? brotli.value_or(any.value_or(0)) : 0;
  const int gzip_weight = has_gzip ? gzip.value_or(any.value_or(0)) : 0;
  // Unlisted, identity is acceptable, but nobody's first wish.
  const int identity_weight = identity.value_or(0);
  const int best = std::max({brotli_weight, gzip_weight, identity_weight});
  if (best > 0 && brotli_weight == best) return ContentCoding::kBrotli;
  if (best > 0 && gzip_weight == best) return ContentCoding::kGzip;
  return ContentCoding::kIdentity;
}

}  // namespace parley::http
