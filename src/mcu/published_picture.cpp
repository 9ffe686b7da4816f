#include "mcu/published_picture.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "rtp/ntp_time.h"
#include "rtp/packet_writer.h"

namespace parley::mcu {
namespace {

constexpr std::uint8_t kPayloadType = 96;
constexpr std::size_t kMaxPayload = 1'150;  // So that a packet of a receiver's fits its path.
constexpr Duration kClockInterval = std::chrono::seconds{1};
constexpr std::array<std::string_view, 3> kRids = {"q", "h", "f"};

sdp::Codec codec_of(codec::Format format) {
  sdp::Codec codec{
      .payload_type = kPayloadType, .name = "VP8", .clock_rate = 90'000, .feedback = {"nack pli"}};
  if (format == codec::Format::kH264) {
    codec.name = "H264";
    codec.parameters = {{"level-asymmetry-allowed", "1"},
                        {"packetization-mode", "1"},
                        {"profile-level-id", "42e01f"}};
  }
  return codec;
}

}  // namespace

PublishedPicture::PublishedPicture(Config config, RoomLinks& links, Random& random)
    : config_(std::move(config)),
      links_(links),
      first_timestamp_(random.u32()),
      rates_(config_.rates) {
  PARLEY_ASSERT(config_.qualities.size() <= kRids.size());
  for (std::size_t i = 0; i < config_.qualities.size(); ++i) {
    encodings_.push_back(
        {.ssrc = rtp::Ssrc{random.u32()},
         .next_number = static_cast<std::uint16_t>(random.u32()),
         .packetizer = codec::Packetizer(static_cast<std::uint16_t>(random.u32() & 0x7FFF))});
  }
}

void PublishedPicture::publish(sfu::NodeId node) {
  if (find(node) != nullptr) return;
  const sfu::EncodingSet all = (sfu::EncodingSet{1} << encodings_.size()) - 1;
  nodes_.push_back({.id = node, .needs = config_.spare ? 0 : all});
  links_.tell(node, config_.id, track());
  links_.tell(node, config_.id, told_rates());
}

void PublishedPicture::leave() {
  for (const Node& node : nodes_) links_.tell(node.id, config_.id, sfu::relay::Gone{});
}

PublishedPicture::Node* PublishedPicture::find(sfu::NodeId node) {
  const auto found = std::ranges::find(nodes_, node, &Node::id);
  return found == nodes_.end() ? nullptr : &*found;
}

bool PublishedPicture::handle_needs(sfu::NodeId from, sfu::EncodingSet needs) {
  Node* const node = find(from);
  if (node == nullptr) return false;
  node->needs = needs;
  if (needs == 0) node->budgets = {};  // Nobody watches it there.
  return true;
}

bool PublishedPicture::handle_budgets(Time now, sfu::NodeId from,
                                      const sfu::ViewerBudgets& budgets) {
  Node* const told = find(from);
  if (told == nullptr) return false;
  told->budgets = budgets;
  sfu::ViewerBudgets all;
  for (const Node& node : nodes_) all.add(node.budgets);
  if (!rates_.handle(now, all)) return false;
  tell_rates();
  return true;
}

void PublishedPicture::set_reduced(bool reduced) {
  if (std::exchange(reduced_, reduced) != reduced) tell_rates();
}

bool PublishedPicture::is_needed(std::size_t encoding) const {
  return std::ranges::any_of(nodes_,
                             [&](const Node& node) { return (node.needs >> encoding & 1) != 0; });
}

std::optional<std::size_t> PublishedPicture::find(rtp::Ssrc ssrc) const {
  const auto found = std::ranges::find(encodings_, ssrc, &Encoding::ssrc);
  if (found == encodings_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - encodings_.begin());
}

bool PublishedPicture::has_been_sent(sfu::NodeId node) const {
  const auto found = std::ranges::find(nodes_, node, &Node::id);
  return found != nodes_.end() && found->was_sent;
}

void PublishedPicture::send(const VideoMixer::Encoded& encoded) {
  const auto quality = std::ranges::find(config_.qualities, encoded.quality);
  if (quality == config_.qualities.end()) return;
  const auto index = static_cast<std::size_t>(quality - config_.qualities.begin());
  Encoding& encoding = encodings_[index];
  const auto payloads = encoding.packetizer.packetize(encoded.format, encoded.data, encoded.key,
                                                      kMaxPayload, encoded.temporal_layer);
  if (!payloads) return;
  for (const codec::Payload& payload : *payloads) {
    rtp::PacketWriter writer(
        {.marker = payload.last_of_frame,
         .payload_type = rtp::PayloadType{kPayloadType},
         .sequence_number = encoding.next_number++,
         .timestamp = first_timestamp_ + static_cast<std::uint32_t>(encoded.timestamp),
         .ssrc = encoding.ssrc});
    writer.set_payload(payload.bytes);
    const std::vector<std::uint8_t> bytes = writer.take();
    for (Node& node : nodes_) {
      if ((node.needs >> index & 1) == 0) continue;
      node.was_sent = true;
      links_.send(node.id, config_.id,
                  {.source = sfu::Source::kCamera, .encoding = static_cast<std::uint8_t>(index)},
                  bytes);
    }
  }
  tell_clock(index, encoded);
}

void PublishedPicture::tell_clock(std::size_t index, const VideoMixer::Encoded& encoded) {
  Encoding& encoding = encodings_[index];
  if (encoding.clock_told && encoded.captured < *encoding.clock_told + kClockInterval) return;
  encoding.clock_told = encoded.captured;
  for (const Node& node : nodes_) {
    links_.tell(node.id, config_.id,
                sfu::relay::Report{
                    .source = sfu::Source::kCamera,
                    .encoding = static_cast<std::uint8_t>(index),
                    .ntp = rtp::NtpTime::of(encoded.captured),
                    .timestamp = first_timestamp_ + static_cast<std::uint32_t>(encoded.timestamp)});
  }
}

sfu::relay::Track PublishedPicture::track() const {
  sfu::relay::Track track{.source = sfu::Source::kCamera,
                          .codecs = {codec_of(config_.format)},
                          .mix = sfu::Mix{.spare = config_.spare}};
  for (std::size_t i = 0; i < encodings_.size(); ++i) {
    track.encodings.push_back({.rid = std::string(kRids[i])});
  }
  return track;
}

void PublishedPicture::tell_rates() {
  for (const Node& node : nodes_) links_.tell(node.id, config_.id, told_rates());
}

sfu::relay::Rates PublishedPicture::told_rates() const {
  sfu::relay::Rates rates{.source = sfu::Source::kCamera, .reduced = reduced_};
  for (std::size_t i = 0; i < rates_.size(); ++i) {
    rates.now[i] = rates_.rate(i);
    rates.most[i] = rates_.most(i);
  }
  return rates;
}

}  // namespace parley::mcu
