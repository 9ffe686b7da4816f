#include "peer/media/stream_router.h"

#include <algorithm>

#include "base/bytes.h"

namespace parley::peer {
namespace {

constexpr rtp::Extension kKnown[] = {rtp::Extension::kMid, rtp::Extension::kRid,
                                     rtp::Extension::kRepairedRid};

}  // namespace

void StreamRouter::configure(const std::vector<Agreement>& agreements) {
  sections_.clear();
  extensions_ = {};
  for (const Agreement& agreement : agreements) {
    Section& section = sections_.emplace_back();
    section.transceiver = agreement.transceiver;
    section.mid = agreement.mid;
    section.receives = agreement.receives;
    section.rids = agreement.receive_rids;
    section.sources = agreement.remote_sources;
    for (const sdp::Codec& codec : agreement.receive_codecs) {
      section.payload_types[rtp::PayloadType{codec.payload_type}] = codec.is_rtx();
    }
    for (const rtp::Extension extension : kKnown) {  // The same in all sections of a bundle.
      const auto id = agreement.receive_extensions.id_of(extension);
      if (id) extensions_.set(extension, *id);
    }
  }
  std::erase_if(
      bound_, [&](const auto& bound) { return find_section(bound.second.transceiver) == nullptr; });
  std::erase_if(order_, [&](rtp::Ssrc ssrc) { return !bound_.contains(ssrc); });
}

std::optional<StreamRouter::Route> StreamRouter::route(const rtp::PacketView& packet) {
  auto route = by_extensions(packet);
  if (route) {
    bind(packet.ssrc(), *route);
  } else if (const auto it = bound_.find(packet.ssrc()); it != bound_.end()) {
    route = it->second;
  } else {
    route = by_description(packet);
    if (!route) route = by_payload_type(packet);
    if (route) bind(packet.ssrc(), *route);
  }
  if (!route) return {};
  const Section* const section = find_section(route->transceiver);
  if (section == nullptr || !section->receives) return {};
  const auto type = section->payload_types.find(packet.payload_type());
  if (type == section->payload_types.end()) return {};
  route->repair = type->second;
  return route;
}

// One of them is enough where the other was learnt before, or is not needed.
std::optional<StreamRouter::Route> StreamRouter::by_extensions(
    const rtp::PacketView& packet) const {
  const auto mid = text(packet, rtp::Extension::kMid);
  auto rid = text(packet, rtp::Extension::kRepairedRid);
  if (!rid) rid = text(packet, rtp::Extension::kRid);
  if (!mid && !rid) return {};
  const auto known = bound_.find(packet.ssrc());
  const Section* section = nullptr;
  if (mid) {
    section = find_section(*mid);
  } else if (known != bound_.end()) {
    section = find_section(known->second.transceiver);
  }
  if (section == nullptr) return {};
  if (section->rids.empty()) return Route{.transceiver = section->transceiver};
  if (rid && std::ranges::find(section->rids, *rid) != section->rids.end()) {
    return Route{.transceiver = section->transceiver, .rid = std::string(*rid)};
  }
  return {};
}

std::optional<StreamRouter::Route> StreamRouter::by_description(
    const rtp::PacketView& packet) const {
  for (const Section& section : sections_) {
    for (const Agreement::RemoteSource& source : section.sources) {
      if (source.media != packet.ssrc() && source.rtx != packet.ssrc()) continue;
      if (section.rids.empty()) return Route{.transceiver = section.transceiver};
      // Which rid it has, only packets tell; a repair has that of its stream.
      const auto known = bound_.find(source.media);
      if (source.rtx == packet.ssrc() && known != bound_.end()) return known->second;
    }
  }
  return {};
}

std::optional<StreamRouter::Route> StreamRouter::by_payload_type(
    const rtp::PacketView& packet) const {
  const auto has_it = [&](const Section& section) {
    return section.receives && section.payload_types.contains(packet.payload_type());
  };
  const auto it = std::ranges::find_if(sections_, has_it);
  if (it == sections_.end() || !it->rids.empty()) return {};
  if (std::find_if(it + 1, sections_.end(), has_it) != sections_.end()) return {};
  return Route{.transceiver = it->transceiver};
}

const StreamRouter::Section* StreamRouter::find_section(TransceiverId id) const {
  const auto it = std::ranges::find(sections_, id, &Section::transceiver);
  return it == sections_.end() ? nullptr : &*it;
}

const StreamRouter::Section* StreamRouter::find_section(std::string_view mid) const {
  const auto it = std::ranges::find(sections_, mid, &Section::mid);
  return it == sections_.end() ? nullptr : &*it;
}

std::optional<std::string_view> StreamRouter::text(const rtp::PacketView& packet,
                                                   rtp::Extension extension) const {
  const auto id = extensions_.id_of(extension);
  const auto value = id ? packet.find_extension(*id) : std::nullopt;
  if (!value || value->empty()) return {};
  return as_text(*value);
}

void StreamRouter::bind(rtp::Ssrc ssrc, const Route& route) {
  const auto [it, is_new] = bound_.try_emplace(ssrc, route);
  if (!is_new) {
    if (it->second != route) it->second = route;
    return;
  }
  order_.push_back(ssrc);
  if (bound_.size() <= max_streams_) return;
  bound_.erase(order_.front());
  order_.pop_front();
}

}  // namespace parley::peer
