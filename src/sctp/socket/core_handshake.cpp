#include <algorithm>
#include <utility>

#include "sctp/socket/core.h"

namespace parley::sctp {

void Association::Core::connect(Time now) {
  if (state_ != State::kListening) return;
  begin(now);
  local_tag_ = new_tag();
  local_initial_tsn_ = random_.u32();
  state_ = State::kCookieWait;
  retry_.start(now, config_.rto_initial);
  send_init();
}

Init Association::Core::describe_us(std::uint32_t tag, std::uint32_t initial_tsn) const {
  return {
      .initiate_tag = tag,
      .receive_window = static_cast<std::uint32_t>(config_.receive_buffer),
      .outbound_streams = config_.max_outgoing_streams,
      .inbound_streams = config_.max_incoming_streams,
      .initial_tsn = initial_tsn,
      .capabilities = {
          .partial_reliability = true, .re_config = true, .zero_checksum = config_.zero_checksum}};
}

// Zero is no tag (RFC 9260, 5.3.1).
std::uint32_t Association::Core::new_tag() {
  return std::max(random_.u32(), 1U);
}

void Association::Core::send_init() {
  send_alone(0, ChunkType::kInit, 0, describe_us(local_tag_, local_initial_tsn_).write());
}

// RFC 9260, 5.1.3, 5.2.1 and 5.2.2: an INIT changes nothing here. All that there would be to
// remember goes into the cookie.
void Association::Core::handle_init(Time now, const ChunkView& chunk) {
  const auto init = Init::parse(chunk.value);
  if (!init) {
    ++counters_.dropped_malformed;
    return;
  }
  if (state_ == State::kShutdownAckSent) {  // 9.2
    add_control(ChunkType::kShutdownAck, 0, {});
    return;
  }
  // In the middle of our own attempt it is the peer's attempt at the same association.
  const bool collides = state_ == State::kCookieWait || state_ == State::kCookieEchoed;
  StateCookie cookie{
      .local_tag = collides ? local_tag_ : new_tag(),
      .peer_tag = init->initiate_tag,
      .local_initial_tsn = collides ? local_initial_tsn_ : random_.u32(),
      .peer_initial_tsn = init->initial_tsn,
      .peer_window = init->receive_window,
      .outgoing_streams = std::min(config_.max_outgoing_streams, init->inbound_streams),
      .incoming_streams = std::min(config_.max_incoming_streams, init->outbound_streams),
      .peer = init->capabilities,
      .made = now};
  if (connection_) {
    cookie.local_tie_tag = local_tag_;
    cookie.peer_tie_tag = connection_->peer_tag;
  }
  Init ack = describe_us(cookie.local_tag, cookie.local_initial_tsn);
  // Who does not say that for itself has no use for it from us, and may be one that drops a packet
  // with a parameter that it does not know, our INIT too: then its own INIT is the way (Pion's SCTP
  // 1.8.6).
  ack.capabilities.zero_checksum &= init->capabilities.zero_checksum;
  const auto sealed = cookie.seal(cookie_key_);
  ack.state_cookie = sealed;
  ack.unrecognized = init->unrecognized;
  send_alone(init->initiate_tag, ChunkType::kInitAck, 0, ack.write());
}

void Association::Core::handle_init_ack(Time now, const ChunkView& chunk) {
  if (state_ != State::kCookieWait) return;
  const auto ack = Init::parse(chunk.value);
  if (!ack || ack->state_cookie.empty() || ack->state_cookie.size() > config_.mtu / 2) {
    ++counters_.dropped_malformed;
    return;
  }
  connection_.emplace(
      *this,
      StateCookie{.peer_tag = ack->initiate_tag,
                  .local_initial_tsn = local_initial_tsn_,
                  .peer_initial_tsn = ack->initial_tsn,
                  .peer_window = ack->receive_window,
                  .outgoing_streams = std::min(config_.max_outgoing_streams, ack->inbound_streams),
                  .incoming_streams = std::min(config_.max_incoming_streams, ack->outbound_streams),
                  .peer = ack->capabilities});
  connection_->sender.begin_burst();
  cookie_.assign(ack->state_cookie.begin(), ack->state_cookie.end());
  state_ = State::kCookieEchoed;
  retry_.start(now, config_.rto_initial);
  send_cookie_echo();
}

void Association::Core::send_cookie_echo() {
  control_.clear();
  add_control(ChunkType::kCookieEcho, 0, cookie_);
}

// False where it was not taken: then what else is in the packet does not count either.
bool Association::Core::handle_cookie_echo(Time now, const PacketView& packet,
                                           const ChunkView& chunk) {
  const auto cookie = StateCookie::open(chunk.value, cookie_key_);
  if (!cookie || packet.header().verification_tag != cookie->local_tag) {
    ++counters_.dropped_bad_cookie;
    return false;
  }
  const bool known =
      connection_ && cookie->local_tag == local_tag_ && cookie->peer_tag == connection_->peer_tag;
  const Duration age = now - cookie->made;
  if (age > config_.cookie_lifetime && !known) {
    ++counters_.dropped_bad_cookie;
    ByteWriter staleness;
    staleness.u32(static_cast<std::uint32_t>((age - config_.cookie_lifetime).count()));
    ByteWriter cause;
    write_to(cause, ErrorCause::kStaleCookie, staleness.view());
    send_alone(cookie->peer_tag, ChunkType::kError, 0, cause.view());
    return false;
  }
  if (!accept_cookie(now, *cookie)) {
    ++counters_.dropped_bad_cookie;
    return false;
  }
  add_control(ChunkType::kCookieAck, 0, {});
  return true;
}

// RFC 9260, 5.2.4, table 12. What is not in it is old and has no effect.
bool Association::Core::accept_cookie(Time now, const StateCookie& cookie) {
  if (state_ == State::kListening) {
    adopt(cookie);
    establish(now);
    return true;
  }
  const bool same_local = cookie.local_tag == local_tag_;
  const bool same_peer = connection_ && cookie.peer_tag == connection_->peer_tag;
  if (same_local && same_peer) {  // D: both connected, or the peer has not heard our COOKIE ACK.
    if (state_ == State::kCookieEchoed) establish(now);
    return true;
  }
  const bool ties_match = connection_ && cookie.local_tie_tag == local_tag_ &&
                          cookie.peer_tie_tag == connection_->peer_tag;
  // B: the peer connects anew while we connect; A: it does so later.
  if (!same_local && (same_peer || !ties_match)) return false;
  if (state_ == State::kShutdownAckSent) return false;
  const bool was_up = connection_ && state_ != State::kCookieEchoed;
  const bool shuts_down = was_up && state_ != State::kEstablished;
  adopt(cookie);
  if (!was_up) {
    establish(now);
    return true;
  }
  ++counters_.peer_restarts;
  outputs_.emplace_back(PeerRestarted{});
  retry_.stop();
  connection_->heartbeats.start(now, config_.rto_initial);
  state_ = shuts_down ? State::kShutdownPending : State::kEstablished;
  return true;
}

// The numbers that the cookie agrees on are those of the connection from now on.
void Association::Core::adopt(const StateCookie& cookie) {
  if (connection_) queue_.restart();
  control_.clear();
  local_tag_ = cookie.local_tag;
  local_initial_tsn_ = cookie.local_initial_tsn;
  connection_.emplace(*this, cookie);
  connection_->sender.begin_burst();
}

void Association::Core::establish(Time now) {
  state_ = State::kEstablished;
  retry_.stop();
  cookie_.clear();
  std::erase_if(control_, [](const ControlChunk& c) { return c.type == ChunkType::kCookieEcho; });
  connection_->last_heard = now;
  connection_->heartbeats.start(now, config_.rto_initial);
  connection_->sender.begin_burst();
  outputs_.emplace_back(Connected{.outgoing_streams = connection_->outgoing_streams,
                                  .incoming_streams = connection_->incoming_streams});
  if (shutdown_wanted_) shutdown(now);
}

void Association::Core::handle_cookie_ack(Time now) {
  if (state_ == State::kCookieEchoed) establish(now);
}

}  // namespace parley::sctp
