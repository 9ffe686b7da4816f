// The engine of a peer connection: each part's outputs become inputs of another, or events.
#include <algorithm>
#include <utility>

#include "peer/peer_connection.h"

namespace parley::peer {

void PeerConnection::handle_input(Time now, Datagram datagram) {
  if (!transport_) return;  // Nobody knows our credentials yet.
  transport_->handle_input(now, datagram);
  pump(now);
}

void PeerConnection::handle_timeout(Time now) {
  if (transport_ && transport_->next_deadline() <= now) transport_->handle_timeout(now);
  if (data_channels_.next_deadline() <= now) data_channels_.handle_timeout(now);
  if (media_.next_deadline() <= now) media_.handle_timeout(now);
  pump(now);
}

std::optional<PeerConnection::Output> PeerConnection::poll_output() {
  if (outputs_.empty()) return {};
  Output output = std::move(outputs_.front());
  outputs_.pop_front();
  return output;
}

Time PeerConnection::next_deadline() const {
  const Time transport = transport_ ? transport_->next_deadline() : kNever;
  return std::min({transport, data_channels_.next_deadline(), media_.next_deadline()});
}

void PeerConnection::close(Time now) {
  if (closed_) return;
  media_.close(now);
  data_channels_.abort(now, "closed");
  pump(now);
  if (transport_) transport_->close(now);
  pump(now);
  closed_ = true;
  negotiation_.close();
  ice_state_ = ice::State::kClosed;
  dtls_state_ = DtlsState::kClosed;
  connection_state_ = ConnectionState::kClosed;
  std::erase_if(outputs_, [](const Output& each) {
    return !std::holds_alternative<Transmit>(each) && !std::holds_alternative<ToServer>(each) &&
           !std::holds_alternative<CloseServer>(each);
  });
}

// Until none of them has anything for another.
void PeerConnection::pump(Time now) {
  while (pump_transport(now) | pump_data_channels(now) | pump_media(now)) {
  }
}

bool PeerConnection::pump_transport(Time now) {
  bool any = false;
  while (transport_) {
    auto output = transport_->poll_output();
    if (!output) break;
    any = true;
    std::visit([&](auto& event) { on(now, std::move(event)); }, *output);
  }
  return any;
}

bool PeerConnection::pump_data_channels(Time now) {
  bool any = false;
  while (auto output = data_channels_.poll_output()) {
    any = true;
    std::visit([&](auto& event) { on(now, std::move(event)); }, *output);
  }
  return any;
}

bool PeerConnection::pump_media(Time now) {
  bool any = false;
  while (auto output = media_.poll_output()) {
    any = true;
    std::visit([&](auto& event) { on(now, std::move(event)); }, *output);
  }
  return any;
}

// --- What the transport says ---

void PeerConnection::on(Time now, Transport::RtpReceived event) {
  media_.handle_rtp(now, event.packet);
}

void PeerConnection::on(Time now, Transport::RtcpReceived event) {
  media_.handle_rtcp(now, event.packet);
}

void PeerConnection::on(Time now, Transport::DataReceived event) {
  data_channels_.handle_input(now, {event.packet});
}

void PeerConnection::on(Time now, Transport::Connected) {
  dtls_state_ = DtlsState::kConnected;
  media_.start(now);
  begin_data_channels(now);
  update_connection_state();
}

// The peer has said goodbye, or we have.
void PeerConnection::on(Time now, Transport::Closed) {
  dtls_state_ = DtlsState::kClosed;
  data_channels_.abort(now, "the connection was closed");
  update_connection_state();
}

void PeerConnection::on(Time now, Transport::Failed) {
  dtls_state_ = DtlsState::kFailed;
  data_channels_.abort(now, "the connection has failed");
  update_connection_state();
}

void PeerConnection::on(Time, ice::StateChanged event) {
  ice_state_ = event.state;
  outputs_.push_back(IceConnectionStateChanged{event.state});
  update_connection_state();
}

void PeerConnection::on(Time now, ice::Selected) {
  if (dtls_state_ == DtlsState::kNew) {
    dtls_state_ = DtlsState::kConnecting;
    update_connection_state();
  } else {
    media_.handle_route_change(now);
  }
}

void PeerConnection::on(Time, ice::CandidateFound event) {
  if (found_.size() >= configuration_.max_candidates) return;
  found_.push_back(std::move(event.candidate));
  tell_candidates();
}

void PeerConnection::on(Time, ice::ServerFailed event) {
  outputs_.push_back(IceCandidateError{
      .url = std::move(event.url),
      .address = event.base == net::SocketAddress{} ? std::nullopt : std::optional(event.base),
      .error_code = event.code,
      .error_text = std::move(event.reason)});
}

void PeerConnection::on(Time, ice::GatheringComplete) {
  if (gathering_state_ == GatheringState::kComplete) return;
  if (!ice_servers_.names().empty()) return;  // It is said again when they are resolved.
  tell_candidates();
  outputs_.push_back(IceCandidateFound{{.mid = transport_mid()}});  // There are no more.
  gathering_state_ = GatheringState::kComplete;
  outputs_.push_back(IceGatheringStateChanged{gathering_state_});
}

// Not before a local description says what they are candidates for.
void PeerConnection::tell_candidates() {
  if (!may_tell_candidates_) return;
  for (; told_candidates_ < found_.size(); ++told_candidates_) {
    outputs_.push_back(
        IceCandidateFound{{.candidate = found_[told_candidates_].to_string(),
                           .mid = transport_mid(),
                           .username_fragment = transport_->ice().local_credentials().ufrag}});
  }
}

std::string PeerConnection::transport_mid() const {
  const sdp::SessionDescription* const local = negotiation_.local();
  if (local == nullptr) return {};
  const auto it = std::ranges::find_if(
      local->sections, [](const sdp::MediaSection& each) { return !each.is_rejected(); });
  return it == local->sections.end() ? std::string() : it->mid;
}

// W3C WebRTC, 4.3.3; with only one of each.
void PeerConnection::update_connection_state() {
  const auto state = [&] {
    if (ice_state_ == ice::State::kFailed || dtls_state_ == DtlsState::kFailed) {
      return ConnectionState::kFailed;
    }
    if (ice_state_ == ice::State::kDisconnected || dtls_state_ == DtlsState::kClosed) {
      return ConnectionState::kDisconnected;
    }
    if (ice_state_ == ice::State::kNew && dtls_state_ == DtlsState::kNew) {
      return ConnectionState::kNew;
    }
    const bool has_path =
        ice_state_ == ice::State::kConnected || ice_state_ == ice::State::kCompleted;
    return has_path && dtls_state_ == DtlsState::kConnected ? ConnectionState::kConnected
                                                            : ConnectionState::kConnecting;
  }();
  if (closed_ || state == connection_state_) return;
  connection_state_ = state;
  outputs_.push_back(ConnectionStateChanged{state});
}

// --- What the data channels say ---

void PeerConnection::on(Time now, sctp::DataChannels::Transmit event) {
  if (transport_) transport_->send_data(now, event.packet);
}

void PeerConnection::on(Time, sctp::DataChannels::Connected) {}

void PeerConnection::on(Time, sctp::DataChannels::ChannelAnnounced event) {
  ++channels_opened_;
  channels_.push_back(event.channel);
  outputs_.push_back(DataChannelAnnounced{event.channel, std::move(event.options)});
}

void PeerConnection::on(Time, sctp::DataChannels::ChannelOpened event) {
  ++channels_opened_;
  outputs_.push_back(event);
}

void PeerConnection::on(Time, sctp::DataChannels::ChannelClosed event) {
  ++channels_closed_;
  std::erase(channels_, event.channel);
  outputs_.push_back(event);
}

void PeerConnection::on(Time, sctp::DataChannels::Closed) {}

// --- What the media says ---

void PeerConnection::on(Time, MediaSession::SendRtp event) {
  if (transport_) transport_->send_rtp(event.packet);
}

void PeerConnection::on(Time, MediaSession::SendRtcp event) {
  if (transport_) transport_->send_rtcp(event.packet);
}

}  // namespace parley::peer
