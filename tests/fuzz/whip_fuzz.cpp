// What a program may send by WHIP and WHEP: its offer, and what its PATCH brings.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "base/bytes.h"
#include "sdp/parse.h"
#include "server/whip/program_offer.h"
#include "server/whip/sdp_fragment.h"

namespace parley::server {
namespace {

void check_offer(ProgramKind kind, std::string_view sdp, ProgramOffer::Shows shows) {
  const auto offer = ProgramOffer::parse(kind, sdp, shows);
  if (!offer) {
    PARLEY_ASSERT(!offer.error().empty());
    return;
  }
  const auto parsed = sdp::parse(offer->sdp);
  PARLEY_ASSERT(parsed.has_value());
  const bool publishes = kind == ProgramKind::kPublisher;
  for (const sdp::MediaSection& section : parsed->sections) {
    const bool media =
        section.kind == sdp::MediaKind::kAudio || section.kind == sdp::MediaKind::kVideo;
    if (!media || section.is_rejected()) continue;
    PARLEY_ASSERT(!(publishes ? sdp::receives(section.direction) : sdp::sends(section.direction)));
  }
  PARLEY_ASSERT(offer->pictures <= parsed->sections.size());
  PARLEY_ASSERT(!publishes || offer->pictures == 0);
}

}  // namespace
}  // namespace parley::server

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley::server;
  const std::string_view text = parley::as_text({data, size});
  check_offer(ProgramKind::kPublisher, text, ProgramOffer::Shows::kCamera);
  check_offer(ProgramKind::kPublisher, text, ProgramOffer::Shows::kScreen);
  check_offer(ProgramKind::kPlayer, text, ProgramOffer::Shows::kCamera);
  (void)as_program_answer(ProgramKind::kPlayer, text, text);
  (void)fragment_of(text);
  const auto fragment = SdpFragment::parse(text);
  if (fragment && !fragment->ufrag.empty()) {
    PARLEY_ASSERT(credentials_of(with_credentials(text, *fragment)) == *fragment);
  }
  return 0;
}
