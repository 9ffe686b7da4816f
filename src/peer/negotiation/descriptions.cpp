// The offers and answers that a negotiation makes.
#include <algorithm>
#include <utility>

#include "peer/negotiation/negotiation.h"
#include "rtp/identifiers.h"

namespace parley::peer {
namespace {

std::unexpected<Error> fail(Error::Kind kind, std::string message) {
  return std::unexpected(Error{kind, std::move(message)});
}

}  // namespace

std::expected<sdp::SessionDescription, Error> Negotiation::create_offer(
    const TransportParameters& ours) {
  if (state_ != SignalingState::kStable && state_ != SignalingState::kHaveLocalOffer) {
    return fail(Error::Kind::kInvalidState, "an offer has to wait for the answer to another");
  }
  created_slots_ = slots_for_offer();
  sdp::SessionDescription offer;
  std::vector<std::string> bundle;
  for (std::size_t i = 0; i < created_slots_.size(); ++i) {
    const Slot& slot = created_slots_[i];
    if (slot.data) {
      offer.sections.push_back(offer_data_section(slot));
    } else if (slot.transceiver && !find(*slot.transceiver)->stopped) {
      offer.sections.push_back(offer_section(*find(*slot.transceiver), slot));
    } else {  // It had a use once, or has it until this is agreed on.
      offer.sections.push_back(reject_section(current_local_->sections[i]));
      continue;
    }
    bundle.push_back(slot.mid);
  }
  if (offer.sections.empty()) {
    return fail(Error::Kind::kOperation, "there is nothing to offer: no track, no data channel");
  }
  if (!bundle.empty()) offer.bundles.push_back(std::move(bundle));
  add_transport(offer, ours, sdp::Setup::kActpass);
  created_ = offer;
  created_type_ = SdpType::kOffer;
  return offer;
}

std::expected<sdp::SessionDescription, Error> Negotiation::create_answer(
    const TransportParameters& ours) {
  if (state_ != SignalingState::kHaveRemoteOffer) {
    return fail(Error::Kind::kInvalidState, "there is no offer to answer");
  }
  const sdp::SessionDescription& offer = *pending_remote_;
  sdp::SessionDescription answer;
  for (std::size_t i = 0; i < offer.sections.size(); ++i) {
    answer.sections.push_back(answer_section(offer.sections[i], i));
  }
  answer.bundles = answer_bundles(offer, answer.sections);
  const sdp::MediaSection* const theirs = remote_transport();
  const auto setup = answer_setup(theirs == nullptr ? std::nullopt : theirs->setup,
                                  setup_.value_or(config_.preferred_setup));
  if (!setup) return fail(Error::Kind::kInvalidAccess, "the offer's a=setup is holdconn");
  add_transport(answer, ours, *setup);
  created_ = answer;
  created_type_ = SdpType::kAnswer;
  return answer;
}

// The slots that there are; new transceivers take those that were rejected, then new ones.
std::vector<Negotiation::Slot> Negotiation::slots_for_offer() {
  std::vector<Slot> slots = settled_slots_;
  const auto take_slot = [&]() -> Slot& {
    for (std::size_t i = 0; i < settled_slots_.size(); ++i) {
      const bool was_rejected = !settled_slots_[i].transceiver && !settled_slots_[i].data;
      if (was_rejected && !slots[i].transceiver && !slots[i].data) return slots[i];
    }
    return slots.emplace_back();
  };
  for (const Transceiver& transceiver : transceivers_) {
    const bool has_slot =
        std::ranges::find(slots, std::optional(transceiver.id), &Slot::transceiver) != slots.end();
    if (!has_slot && !transceiver.stopped) {
      take_slot() = {.mid = next_mid(), .transceiver = transceiver.id};
    }
  }
  if (wants_data_ && std::ranges::none_of(slots, &Slot::data)) {
    take_slot() = {.mid = next_mid(), .data = true};
  }
  return slots;
}

std::string Negotiation::next_mid() {
  const auto is_used = [&](const std::string& mid) {
    return (current_local_ && current_local_->find(mid) != nullptr) ||
           std::ranges::find(settled_slots_, mid, &Slot::mid) != settled_slots_.end();
  };
  std::string mid = std::to_string(next_mid_++);
  while (is_used(mid)) mid = std::to_string(next_mid_++);
  return mid;
}

sdp::MediaSection Negotiation::offer_section(const Transceiver& transceiver, const Slot& slot) {
  sdp::MediaSection section;
  section.kind = transceiver.kind;
  section.mid = slot.mid;
  section.direction = transceiver.direction;
  section.codecs = payload_types_.assign(transceiver.codecs);
  for (const std::string_view uri : extensions_of(transceiver.kind)) {
    if (const auto id = extension_ids_.id_for(uri))
      section.extensions.push_back({*id, std::string(uri)});
  }
  section.extmap_allow_mixed = true;
  section.rtcp_mux = true;
  section.rtcp_rsize = true;
  sdp::Simulcast simulcast;
  if (sends(section.direction) && transceiver.is_simulcast()) {
    for (const Encoding& encoding : transceiver.encodings) {
      section.rids.push_back({.id = encoding.rid, .send = true});
      simulcast.send.push_back({{.rid = encoding.rid}});
    }
  }
  if (receives(section.direction)) {
    for (const std::string& rid : transceiver.receive_rids) {
      section.rids.push_back({.id = rid, .send = false});
      simulcast.recv.push_back({{.rid = rid}});
    }
  }
  if (!section.rids.empty()) section.simulcast = std::move(simulcast);
  add_sending(section, transceiver);
  return section;
}

sdp::MediaSection Negotiation::offer_data_section(const Slot& slot) const {
  sdp::MediaSection section;
  section.kind = MediaKind::kApplication;
  section.protocol = "UDP/DTLS/SCTP";
  section.formats = {"webrtc-datachannel"};
  section.mid = slot.mid;
  section.sctp_port = config_.sctp_port;
  section.max_message_size = config_.max_message_size;
  return section;
}

sdp::MediaSection Negotiation::answer_section(const sdp::MediaSection& offered, std::size_t index) {
  if (!is_bundled(*pending_remote_, offered)) return reject_section(offered);
  if (offered.is_data_channel()) {
    if (offered.sctp_port.value_or(config_.sctp_port) != config_.sctp_port) {
      return reject_section(offered);
    }
    return answer_data_channel(offered, config_.sctp_port, config_.max_message_size);
  }
  const auto id = slots_[index].transceiver;
  const Transceiver* const transceiver = id ? find(*id) : nullptr;
  if (transceiver == nullptr || transceiver->stopped) return reject_section(offered);
  sdp::MediaSection answer = sdp::answer_section(
      offered,
      {.codecs = transceiver->codecs,
       .extensions = extensions_of(transceiver->kind),
       .direction = transceiver->direction,
       .max_receive_layers = config_.media.max_receive_layers,
       .max_send_layers = transceiver->is_simulcast() ? transceiver->encodings.size() : 0});
  if (!answer.is_rejected()) add_sending(answer, *transceiver);
  return answer;
}

// Names our track and its SSRCs. Those of a simulcast are told apart by their rids alone.
void Negotiation::add_sending(sdp::MediaSection& section, const Transceiver& transceiver) const {
  if (!sends(section.direction)) return;
  for (const std::string& stream : transceiver.streams) {
    section.msids.push_back({stream, transceiver.track});
  }
  if (section.msids.empty()) section.msids.push_back({"-", transceiver.track});
  if (section.simulcast && !section.simulcast->send.empty()) return;
  const auto media = static_cast<std::uint32_t>(transceiver.ssrcs.front().media);
  const auto rtx = static_cast<std::uint32_t>(transceiver.ssrcs.front().rtx);
  section.sources.push_back({.ssrc = media, .cname = cname_});
  if (std::ranges::none_of(section.codecs, &sdp::Codec::is_rtx)) return;
  section.sources.push_back({.ssrc = rtx, .cname = cname_});
  section.source_groups.push_back({"FID", {media, rtx}});
}

void Negotiation::add_transport(sdp::SessionDescription& description,
                                const TransportParameters& ours, sdp::Setup setup) {
  description.origin.session_id = session_id_;
  description.origin.version = ++version_;
  description.ice_lite = ours.ice_lite;
  for (sdp::MediaSection& section : description.sections) {
    if (section.is_rejected()) continue;
    section.ice_ufrag = ours.ice_ufrag;
    section.ice_pwd = ours.ice_pwd;
    section.ice_options = {"trickle"};
    section.fingerprints = {ours.fingerprint};
    section.setup = setup;
  }
}

std::vector<std::string_view> Negotiation::extensions_of(MediaKind kind) {
  return kind == MediaKind::kAudio ? audio_extensions() : video_extensions();
}

}  // namespace parley::peer
