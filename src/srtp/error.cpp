#include "srtp/error.h"

namespace parley::srtp {

std::string_view to_string(Error error) {
  switch (error) {
    case Error::kTruncated: return "truncated";
    case Error::kMalformed: return "malformed";
    case Error::kBadTag: return "bad tag";
    case Error::kReplayed: return "replayed";
    case Error::kTooOld: return "too old";
    case Error::kIndexExhausted: return "index exhausted";
    case Error::kTooManyStreams: return "too many streams";
    case Error::kOutputTooSmall: return "output too small";
  }
  return "unknown";
}

}  // namespace parley::srtp
