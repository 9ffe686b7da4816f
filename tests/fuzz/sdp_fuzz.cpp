// Whatever a peer says in SDP: what parses is bounded, prints to what parses to the same, and can
// be answered; the answer is one that we would accept.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "base/bytes.h"
#include "sdp/negotiation.h"
#include "sdp/parse.h"

namespace parley::sdp {
namespace {

Codec make_codec(std::uint8_t type, std::string name, std::vector<FormatParameter> parameters) {
  return {.payload_type = type,
          .name = std::move(name),
          .clock_rate = 90'000,
          .parameters = std::move(parameters),
          .feedback = {"nack", "nack pli"}};
}

const Capabilities& capabilities() {
  static const Capabilities kOurs{
      .codecs = {make_codec(96, "VP8", {}),
                 make_codec(97, "rtx", {{"apt", "96"}}),
                 make_codec(98, "H264", {{"profile-level-id", "42e01f"}}),
                 make_codec(99, "VP9", {}),
                 {.payload_type = 111, .name = "opus", .clock_rate = 48'000, .channels = 2}},
      .extensions = {"urn:ietf:params:rtp-hdrext:sdes:mid",
                     "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"},
      .max_send_layers = 3};
  return kOurs;
}

SessionDescription make_answer(const SessionDescription& offer) {
  SessionDescription answer;
  for (const MediaSection& section : offer.sections) {
    answer.sections.push_back(section.is_data_channel()
                                  ? answer_data_channel(section, 5'000, 262'144)
                                  : answer_section(section, capabilities()));
    answer.sections.back().setup = answer_setup(section.setup, Setup::kPassive);
  }
  answer.bundles = answer_bundles(offer, answer.sections);
  return answer;
}

void check_answerable(const SessionDescription& offer) {
  const SessionDescription answer = make_answer(offer);
  (void)check_answer(offer, answer);
  PARLEY_ASSERT(check_successor(offer, answer).has_value());
  PARLEY_ASSERT(parse(to_string(answer)).has_value());
  ExtensionIds ids;
  for (std::size_t i = 0; i < offer.sections.size(); ++i) {
    ids.learn(offer.sections[i].extensions);
    PARLEY_ASSERT(common_codecs(capabilities().codecs, offer.sections[i].codecs).size() >=
                      answer.sections[i].codecs.size() ||
                  answer.sections[i].is_rejected());
    agreed_receive_layers(answer.sections[i], offer.sections[i]);
    agreed_send_layers(answer.sections[i], offer.sections[i]);
  }
}

}  // namespace
}  // namespace parley::sdp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  const auto description = sdp::parse(as_text({data, size}));
  if (!description) {
    sdp::to_string(description.error());
    return 0;
  }
  const auto again = sdp::parse(sdp::to_string(*description));
  PARLEY_ASSERT(again.has_value());
  PARLEY_ASSERT(*again == *description);
  sdp::check_answerable(*description);
  return 0;
}
