// Whatever somebody offers is answered in a way that fits it, or refused in a sentence.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

#include "base/assert.h"
#include "base/bytes.h"
#include "sdp/negotiation.h"
#include "sdp/parse.h"
#include "sfu/answer.h"

namespace {

using namespace parley;
using namespace parley::sfu;

// A source for each section that could have one.
Offer offer_of(std::string text) {
  Offer offer{.sdp = std::move(text)};
  const auto parsed = sdp::parse(offer.sdp);
  if (!parsed) return offer;
  std::size_t audio = 0;
  std::size_t video = 0;
  for (const sdp::MediaSection& section : parsed->sections) {
    if (section.kind == sdp::MediaKind::kAudio && audio < 2) {
      offer.sources[section.mid] = audio++ == 0 ? Source::kMicrophone : Source::kScreenAudio;
    } else if (section.kind == sdp::MediaKind::kVideo && video < 2) {
      offer.sources[section.mid] = video++ == 0 ? Source::kCamera : Source::kScreen;
    }
  }
  return offer;
}

void check(const Offer& offer, const Agreed& agreed, const AnswerLimits& limits) {
  const auto offered = sdp::parse(offer.sdp);
  const auto answered = sdp::parse(agreed.answer);
  PARLEY_ASSERT(offered && answered);
  PARLEY_ASSERT(answered->sections.size() == offered->sections.size());
  PARLEY_ASSERT(agreed.slots.size() <= limits.max_slots && agreed.sends.size() <= kSources);
  std::set<rtp::Ssrc> ssrcs;
  for (const Downlink::SlotConfig& slot : agreed.slots) {
    PARLEY_ASSERT(ssrcs.insert(slot.stream.ssrc).second);
    PARLEY_ASSERT(!slot.stream.codecs.empty());
  }
  for (const Uplink::Section& section : agreed.sends) {
    PARLEY_ASSERT(section.agreement.receives && !section.agreement.sends);
    PARLEY_ASSERT(section.agreement.receive_rids.size() <= limits.max_encodings);
  }
}

rtp::Ssrc ssrc_of(const Downlink::SlotConfig& slot) {
  return slot.stream.ssrc;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  SeededRandom random(1);
  const AnswerLimits limits;
  const peer::TransportParameters ours{
      .ice_ufrag = "ourufrag",
      .ice_pwd = "ourpasswordourpassword00",
      .ice_lite = true,
      .fingerprint = {.algorithm = "sha-256", .bytes = std::vector<std::uint8_t>(32, 7)}};
  const Offer offer = offer_of(std::string(as_text({data, size})));
  const auto agreed = answer(offer, ours, {ice::Candidate::host({})}, limits, random);
  if (!agreed) {
    PARLEY_ASSERT(agreed.error().ends_with('.'));
    return 0;
  }
  check(offer, *agreed, limits);
  // The same once more, as if the answer had been lost: its streams are those of before.
  const auto again = answer(offer, ours, {}, limits, random, &*agreed);
  PARLEY_ASSERT(again && std::ranges::equal(again->slots, agreed->slots, {}, ssrc_of, ssrc_of));
  return 0;
}
