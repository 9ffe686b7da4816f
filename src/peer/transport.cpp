#include "peer/transport.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "srtp/master_key.h"
#include "srtp/profile.h"

namespace parley::peer {

using dtls::Connection;

namespace {

std::optional<srtp::MasterKey> master_key(const dtls::SrtpExport& keys,
                                          const dtls::SrtpExport::MasterKey& of) {
  const auto profile = srtp::find_profile(keys.profile);
  if (!profile) return std::nullopt;
  return srtp::MasterKey::make(*profile, of.key, of.salt);
}

}  // namespace

Transport::Transport(Config config, Random& random, srtp::Provider& provider)
    : config_(std::move(config)), provider_(&provider), ice_(config_.ice, random) {
  PARLEY_ASSERT(config_.certificate != nullptr);
}

// --- In

void Transport::handle_input(Time now, Datagram datagram) {
  PARLEY_ASSERT(!has_borrowed_);  // poll_output() was not called to its end.
  const auto arrived = ice_.unwrap(now, {.path = datagram.path, .payload = datagram.payload});
  if (!arrived) return pump(now);
  handle_packet(now, {.path = arrived->path, .payload = arrived->payload});
}

void Transport::server_data(Time now, ice::ServerStream stream, Bytes bytes) {
  PARLEY_ASSERT(!has_borrowed_);
  ice_.server_data(now, stream, bytes);
  while (const auto next = ice_.next_relayed(now, stream)) {
    auto& packet = arrived_.emplace_back(next->payload.begin(), next->payload.end());
    handle_packet(now, {.path = next->path, .payload = packet});
  }
  pump(now);
}

void Transport::handle_packet(Time now, const Datagram& datagram) {
  const net::Protocol protocol = net::protocol_of(datagram.payload);
  if (protocol == net::Protocol::kStun) {
    ice_.handle_input(now, {.path = datagram.path, .payload = datagram.payload});
    return pump(now);
  }
  if (protocol != net::Protocol::kDtls && protocol != net::Protocol::kRtp &&
      protocol != net::Protocol::kRtcp) {
    drop(datagram.path, Drop::kUnknownProtocol);
    return;
  }
  if (!ice_.is_validated(datagram.path)) {
    drop(datagram.path, Drop::kNotValidated);
    return;
  }
  ++counters_.packets_received;
  counters_.bytes_received += datagram.payload.size();
  if (protocol == net::Protocol::kDtls) return handle_dtls(now, datagram);
  handle_media(datagram, protocol);
}

void Transport::handle_dtls(Time now, const Datagram& datagram) {
  dtls_path_ = datagram.path;
  if (dtls_) {
    dtls_->handle_input(now, {datagram.payload});
    return pump(now);
  }
  if (early_.size() == config_.max_early_datagrams) {
    drop(datagram.path, Drop::kEarlyDtls);
  } else {
    early_.emplace_back(datagram.payload.begin(), datagram.payload.end());
  }
}

void Transport::handle_media(const Datagram& datagram, net::Protocol protocol) {
  if (!receiver_) {
    drop(datagram.path, Drop::kNoKeys);
    return;
  }
  const bool is_rtp = protocol == net::Protocol::kRtp;
  const auto packet = is_rtp ? receiver_->unprotect_rtp(datagram.payload)
                             : receiver_->unprotect_rtcp(datagram.payload);
  if (!packet) {
    drop(datagram.path, Drop::kUnprotected);
    return;
  }
  has_borrowed_ = true;
  if (is_rtp) {
    outputs_.push_back(RtpReceived{*packet});
  } else {
    outputs_.push_back(RtcpReceived{*packet});
  }
}

void Transport::handle_timeout(Time now) {
  if (ice_.next_deadline() <= now) ice_.handle_timeout(now);
  if (dtls_ && dtls_->next_deadline() <= now) dtls_->handle_timeout(now);
  pump(now);
}

std::optional<Transport::Output> Transport::poll_output() {
  // Its owner may have told the agent something since.
  if (outputs_.empty()) take_from(ice_);
  if (outputs_.empty()) {
    has_borrowed_ = false;
    arrived_.clear();
    return std::nullopt;
  }
  Output output = std::move(outputs_.front());
  outputs_.pop_front();
  return output;
}

Time Transport::next_deadline() const {
  if (handshake_due_) return kAtOnce;
  return std::min(ice_.next_deadline(), dtls_ ? dtls_->next_deadline() : kNever);
}

// Takes what the protocols have to say, and begins the handshake once there is a path for it.
void Transport::pump(Time now) {
  take_from(ice_);
  if (!dtls_) return;
  if (std::exchange(handshake_due_, false)) dtls_->start(now);
  take_from(*dtls_);
}

void Transport::take_from(auto& engine) {
  drain(engine, [&](auto output) {
    std::visit([&](auto&& event) { on(std::move(event)); }, std::move(output));
  });
}

void Transport::on(ice::Selected event) {
  ++counters_.path_changes;
  path_ = event.path;
  if (dtls_) {
    handshake_due_ = dtls_->state() == Connection::State::kNew;
    dtls_->set_round_trip_time(ice_.round_trip_time().value_or(Duration::zero()));
  }
  outputs_.push_back(std::move(event));
}

void Transport::on(ice::StateChanged event) {
  if (event.state == ice::State::kFailed || event.state == ice::State::kClosed) path_.reset();
  outputs_.push_back(event);
}

void Transport::on(ice::Refused event) {
  outputs_.push_back(Refused{event.path, to_string(event.reason)});
}

// --- DTLS

void Transport::start_dtls(Time now, dtls::Role role,
                           std::vector<dtls::Fingerprint> peer_fingerprints) {
  if (dtls_) return;
  dtls_.emplace(dtls::Config{.certificate = config_.certificate,
                             .role = role,
                             .peer_fingerprints = std::move(peer_fingerprints),
                             .srtp = config_.media,
                             .mtu = config_.mtu});
  handshake_due_ = path_.has_value();
  pump(now);
  for (const auto& datagram : std::exchange(early_, {})) dtls_->handle_input(now, {datagram});
  pump(now);
}

// A server may be asked before ICE has selected the path: it answers where it was asked.
void Transport::on(Connection::Transmit event) {
  const std::optional<net::Path>& path = path_ ? path_ : dtls_path_;
  if (!path) {
    drop({}, Drop::kNotConnected);
    return;
  }
  count_sent(event.datagram.size());
  if (const std::size_t room = ice_.room_for(*path)) {
    event.datagram.insert(event.datagram.begin(), room, std::uint8_t{0});
  }
  transmit(*path, std::move(event.datagram));
}

void Transport::on(Connection::Connected event) {
  if (event.srtp) {
    const bool is_client = dtls_->role() == dtls::Role::kClient;
    const auto ours = master_key(*event.srtp, is_client ? event.srtp->client : event.srtp->server);
    const auto theirs =
        master_key(*event.srtp, is_client ? event.srtp->server : event.srtp->client);
    PARLEY_ASSERT(ours && theirs);  // We offer no profile that srtp/ does not know.
    sender_.emplace(*provider_, *ours, config_.streams);
    receiver_.emplace(*provider_, *theirs, config_.streams);
  }
  connected_ = true;
  outputs_.push_back(Connected{});
}

void Transport::on(Connection::Data event) {
  outputs_.push_back(DataReceived{std::move(event.bytes)});
}

void Transport::on(Connection::Closed event) {
  ended_ = true;
  outputs_.push_back(Closed{event.by_peer});
}

void Transport::on(Connection::Failed event) {
  ended_ = true;
  outputs_.push_back(Failed{event.reason});
}

// --- Out

bool Transport::send_rtp(Bytes packet) {
  if (!is_connected() || !path_ || !sender_) return drop({}, Drop::kNotConnected);
  const std::size_t room = ice_.room_for(*path_);
  std::vector<std::uint8_t> out(room + packet.size() + srtp::kMaxRtpOverhead);
  const auto size = sender_->protect_rtp(packet, std::span(out).subspan(room));
  return send(std::move(out), room, size);
}

bool Transport::send_rtcp(Bytes packet) {
  if (!is_connected() || !path_ || !sender_) return drop({}, Drop::kNotConnected);
  const std::size_t room = ice_.room_for(*path_);
  std::vector<std::uint8_t> out(room + packet.size() + srtp::kMaxRtcpOverhead);
  const auto size = sender_->protect_rtcp(packet, std::span(out).subspan(room));
  return send(std::move(out), room, size);
}

bool Transport::send(std::vector<std::uint8_t> out, std::size_t room,
                     const std::expected<std::size_t, srtp::Error>& size) {
  if (!size) return drop(*path_, Drop::kRefusedBySrtp);
  out.resize(room + *size);
  count_sent(*size);
  return transmit(*path_, std::move(out));
}

// To the peer itself, or to the TURN server that is to pass it on.
bool Transport::transmit(const net::Path& path, std::vector<std::uint8_t> packet) {
  auto output = ice_.wrap(path, std::move(packet));
  if (!output) return drop(path, Drop::kRefusedByRelay);
  if (auto* const direct = std::get_if<ice::Transmit>(&*output)) {
    outputs_.push_back(std::move(*direct));
  } else if (auto* const stream = std::get_if<ice::ToServer>(&*output)) {
    outputs_.push_back(std::move(*stream));
  }
  return true;
}

bool Transport::send_data(Time now, Bytes packet) {
  if (!is_connected() || !path_) return drop({}, Drop::kNotConnected);
  const bool sent = dtls_->send(now, packet).has_value();
  if (!sent) drop(*path_, Drop::kRefusedByDtls);
  pump(now);
  return sent;
}

void Transport::close(Time now) {
  if (dtls_) dtls_->close(now);
  pump(now);
  ended_ = true;
  ice_.close(now);
  pump(now);
}

void Transport::count_sent(std::size_t bytes) {
  ++counters_.packets_sent;
  counters_.bytes_sent += bytes;
}

bool Transport::drop(const net::Path& path, Drop reason) {
  std::uint64_t& count = counters_.dropped[std::to_underlying(reason)];
  if (count++ == 0) outputs_.push_back(Refused{path, to_string(reason)});
  return false;
}

}  // namespace parley::peer
