#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "peer/negotiation/agreement.h"
#include "rtp/extension_map.h"
#include "rtp/packet.h"

namespace parley::peer {

// Finds out whose a packet is that comes in: by its MID and RID, then by what was learnt of its
// SSRC, by what the peer's description declares, and at last by a payload type that only one
// section has (RFC 9143, 9.2; RFC 8852).
class StreamRouter {
 public:
  struct Route {
    TransceiverId transceiver = {};
    std::string rid = {};  // Empty where the section has one stream.
    bool repair = false;   // RTX, of that stream.

    friend bool operator==(const Route&, const Route&) = default;
  };

  explicit StreamRouter(std::size_t max_streams) : max_streams_(max_streams) {}

  // What is in force from now on. What was learnt of sections that are gone is forgotten.
  void configure(const std::vector<Agreement>& agreements);

  // Nothing: nobody can say, or the section does not receive.
  std::optional<Route> route(const rtp::PacketView& packet);

 private:
  struct Section {
    TransceiverId transceiver = {};
    std::string mid = {};
    bool receives = false;
    std::vector<std::string> rids = {};
    std::vector<Agreement::RemoteSource> sources = {};
    std::map<rtp::PayloadType, bool> payload_types = {};  // Whether it is RTX.
  };

  const Section* find_section(TransceiverId id) const;
  const Section* find_section(std::string_view mid) const;
  // Within the packet.
  std::optional<std::string_view> text(const rtp::PacketView& packet,
                                       rtp::Extension extension) const;
  std::optional<Route> by_extensions(const rtp::PacketView& packet) const;
  std::optional<Route> by_description(const rtp::PacketView& packet) const;
  std::optional<Route> by_payload_type(const rtp::PacketView& packet) const;
  void bind(rtp::Ssrc ssrc, const Route& route);

  std::size_t max_streams_;
  rtp::ExtensionMap extensions_;
  std::vector<Section> sections_;
  std::map<rtp::Ssrc, Route> bound_;  // Never more than max_streams_.
  std::deque<rtp::Ssrc> order_;       // The keys of `bound_`, the oldest first.
};

}  // namespace parley::peer
