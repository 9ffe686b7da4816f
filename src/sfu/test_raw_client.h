#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/assert.h"
#include "base/overloaded.h"
#include "net/address.h"
#include "peer/negotiation/negotiation.h"
#include "peer/transport.h"
#include "rtp/arrival_log.h"
#include "rtp/extension_values.h"
#include "rtp/packet.h"
#include "rtp/packet_writer.h"
#include "rtp/rtcp/message.h"
#include "sdp/parse.h"
#include "sfu/answer.h"

namespace parley::sfu {

// For tests and benches: a participant who sends just the packets that he is told to, without any
// of a browser's manners, and keeps none that come.
class RawClient {
 public:
  struct Options {
    bool microphone = false;
    std::size_t camera = 0;  // Encodings.
    std::size_t audio_slots = 0;
    std::size_t video_slots = 1;
    bool tells_arrivals = false;  // Transport-wide feedback.
    // Whether its first section of video offers dependency descriptors, by this id.
    bool describes_dependencies = false;
  };
  static constexpr std::uint8_t kDependencyDescriptorId = 14;

  RawClient(const Options& options, net::SocketAddress where, net::SocketAddress of_server,
            std::shared_ptr<const dtls::Certificate> with, Random& random, srtp::Provider& provider)
      : address(where),
        server(of_server),
        certificate(std::move(with)),
        transport({.ice = {.controlling = true}, .certificate = certificate}, random, provider),
        tells_arrivals_(options.tells_arrivals),
        describes_dependencies_(options.describes_dependencies),
        negotiation_({}, random) {
    using peer::MediaKind;
    if (options.microphone)
      add(MediaKind::kAudio, {.direction = sdp::Direction::kSendOnly}, Source::kMicrophone);
    if (options.camera > 0) add(MediaKind::kVideo, sending(options.camera), Source::kCamera);
    for (std::size_t i = 0; i < options.audio_slots; ++i) {
      add(MediaKind::kAudio, {.direction = sdp::Direction::kRecvOnly}, {});
    }
    for (std::size_t i = 0; i < options.video_slots; ++i) {
      add(MediaKind::kVideo, {.direction = sdp::Direction::kRecvOnly}, {});
    }
  }

  Offer offer(Time now) {
    transport.ice().add_local_candidate(now, ice::Candidate::host(address));
    const ice::Credentials& ours = transport.ice().local_credentials();
    const dtls::Fingerprint& fingerprint = certificate->fingerprint();
    const auto made = negotiation_.create_offer(
        {.ice_ufrag = ours.ufrag,
         .ice_pwd = ours.pwd,
         .fingerprint = {std::string(to_string(fingerprint.algorithm)), fingerprint.bytes}});
    PARLEY_ASSERT(made && negotiation_.set_local(peer::SdpType::kOffer));
    Offer offer{.sdp = sdp::to_string(*made)};
    if (describes_dependencies_) {
      const auto at = offer.sdp.find("a=extmap:", offer.sdp.find("m=video"));
      offer.sdp.insert(at, "a=extmap:" + std::to_string(kDependencyDescriptorId) + " " +
                               std::string(uri_of(rtp::Extension::kDependencyDescriptor)) + "\r\n");
    }
    for (const auto& [id, source] : sources_) {
      if (source) offer.sources[negotiation_.find(id)->mid] = *source;
    }
    return offer;
  }

  void take_answer(Time now, const std::string& text, const dtls::Fingerprint& of_server) {
    auto answer = sdp::parse(text);
    PARLEY_ASSERT(answer.has_value());
    const sdp::MediaSection& first = answer->sections.front();
    transport.ice().set_remote(now, {.ufrag = first.ice_ufrag, .pwd = first.ice_pwd}, true);
    transport.ice().add_remote_candidate(now, ice::Candidate::host(server));
    transport.start_dtls(now, dtls::Role::kClient, {of_server});
    PARLEY_ASSERT(negotiation_.set_remote(peer::SdpType::kAnswer, *std::move(answer)).has_value());
    agreements = negotiation_.agreements();
  }

  void handle_input(Time now, std::span<std::uint8_t> datagram) {
    transport.handle_input(now,
                           {.path = {.local = address, .remote = server}, .payload = datagram});
  }
  void handle_timeout(Time now) {
    if (transport.next_deadline() <= now) transport.handle_timeout(now);
    while (auto feedback = arrivals_.poll(now)) {
      ByteWriter writer;
      feedback->sender = rtp::Ssrc{1};
      rtp::rtcp::write_to(writer, *feedback);
      transport.send_rtcp(writer.view());
    }
  }
  Time next_deadline() const {
    return std::min(transport.next_deadline(), arrivals_.next_deadline());
  }
  void drain(Time now, auto&& transmit) {
    while (auto output = transport.poll_output()) {
      std::visit(overloaded{[&](peer::Transport::Transmit& event) { transmit(event); },
                            [&](peer::Transport::RtpReceived& event) {
                              ++packets;
                              if (tells_arrivals_) note_arrival(now, event.packet);
                            },
                            [&](peer::Transport::RtcpReceived& event) { note_rtcp(event.packet); },
                            [](auto&) {}},
                 *output);
    }
  }

  // Of the section that shows `source`.
  const peer::Agreement& sending(Source source) const {
    for (const auto& [id, shows] : sources_) {
      if (shows == source) return find(id);
    }
    PARLEY_ASSERT(false);
  }
  const peer::Agreement& slot(std::size_t index) const {
    for (const auto& [id, shows] : sources_) {
      if (!shows && index-- == 0) return find(id);
    }
    PARLEY_ASSERT(false);
  }

  net::SocketAddress address;
  net::SocketAddress server;
  std::shared_ptr<const dtls::Certificate> certificate;
  peer::Transport transport;
  std::vector<peer::Agreement> agreements;
  std::uint64_t packets = 0;
  std::uint64_t rtcp = 0;
  std::uint64_t key_frames_asked = 0;

 private:
  void add(peer::MediaKind kind, peer::TransceiverInit init, std::optional<Source> source) {
    const auto id = negotiation_.add_transceiver(kind, std::move(init));
    PARLEY_ASSERT(id.has_value());
    sources_[*id] = source;
  }
  static peer::TransceiverInit sending(std::size_t encodings) {
    constexpr std::string_view kRids[] = {"q", "h", "f"};
    peer::TransceiverInit init{.direction = sdp::Direction::kSendOnly};
    for (std::size_t i = 0; encodings > 1 && i < encodings; ++i) {
      init.encodings.push_back({.rid = std::string(kRids[i])});
    }
    return init;
  }
  void note_rtcp(Bytes packet) {
    ++rtcp;
    const auto messages = rtp::rtcp::parse(packet);
    PARLEY_ASSERT(messages.has_value());
    key_frames_asked += static_cast<std::uint64_t>(
        std::ranges::count_if(*messages, [](const rtp::rtcp::Message& message) {
          return std::holds_alternative<rtp::rtcp::PictureLossIndication>(message);
        }));
  }
  void note_arrival(Time now, Bytes packet) {
    const auto view = rtp::PacketView::parse(packet);
    const auto id = slot(0).receive_extensions.id_of(rtp::Extension::kTransportSequenceNumber);
    const auto value = view && id ? view->find_extension(*id) : std::nullopt;
    const auto number = value ? rtp::read_transport_sequence_number(*value) : std::nullopt;
    if (number) arrivals_.handle_packet(now, *number);
  }
  const peer::Agreement& find(peer::TransceiverId id) const {
    for (const peer::Agreement& agreement : agreements) {
      if (agreement.transceiver == id) return agreement;
    }
    PARLEY_ASSERT(false);
  }

  bool tells_arrivals_;
  bool describes_dependencies_;
  rtp::ArrivalLog arrivals_;
  peer::Negotiation negotiation_;
  std::map<peer::TransceiverId, std::optional<Source>> sources_;
};

}  // namespace parley::sfu
