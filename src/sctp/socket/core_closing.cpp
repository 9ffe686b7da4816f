#include <algorithm>
#include <utility>

#include "sctp/packet/big_endian.h"
#include "sctp/socket/core.h"

namespace parley::sctp {

namespace {

constexpr std::size_t kMaxReason = 256;

}  // namespace

void Association::Core::shutdown(Time now) {
  begin(now);
  switch (state_) {
    case State::kListening:
    case State::kCookieWait: close(CloseReason::kShutdown, ""); break;
    case State::kCookieEchoed: shutdown_wanted_ = true; break;
    case State::kEstablished:
      state_ = State::kShutdownPending;
      advance_shutdown(now);
      break;
    default: break;
  }
}

void Association::Core::abort(Time now, std::string_view reason) {
  begin(now);
  const Bytes text = as_bytes(reason.substr(0, kMaxReason));
  abort_for(ErrorCause::kUserInitiatedAbort, text, CloseReason::kAborted, std::string(reason));
  collect();
}

// RFC 9260, 9.2: when all that was queued is acknowledged.
void Association::Core::advance_shutdown(Time now) {
  if (!connection_ || !connection_->sender.is_drained()) return;
  const Duration rto = connection_->sender.timeout().timeout();
  if (state_ == State::kShutdownPending) {
    state_ = State::kShutdownSent;
    send_shutdown();
    retry_.start(now, rto);
  } else if (state_ == State::kShutdownReceived) {
    state_ = State::kShutdownAckSent;
    add_control(ChunkType::kShutdownAck, 0, {});
    retry_.start(now, rto);
  }
}

void Association::Core::send_shutdown() {
  ByteWriter value;
  value.u32(connection_->receiver.cumulative_tsn());
  add_control(ChunkType::kShutdown, 0, value.take());
}

void Association::Core::handle_shutdown(Time now, const ChunkView& chunk) {
  if (chunk.value.size() < 4) {
    ++counters_.dropped_malformed;
    return;
  }
  connection_->sender.handle_cumulative_tsn(now, load_u32(chunk.value.data()));
  switch (state_) {
    case State::kEstablished:
    case State::kShutdownPending: state_ = State::kShutdownReceived; break;
    case State::kShutdownSent:  // Both at once.
      state_ = State::kShutdownAckSent;
      add_control(ChunkType::kShutdownAck, 0, {});
      retry_.start(now, connection_->sender.timeout().timeout());
      break;
    case State::kShutdownAckSent: add_control(ChunkType::kShutdownAck, 0, {}); break;
    default: break;
  }
}

void Association::Core::handle_shutdown_ack() {
  if (state_ != State::kShutdownSent && state_ != State::kShutdownAckSent) return;
  send_alone(connection_->peer_tag, ChunkType::kShutdownComplete, 0, {});
  close(CloseReason::kShutdown, "");
}

void Association::Core::handle_abort(const ChunkView& chunk) {
  close(CloseReason::kAbortedByPeer, describe_causes(chunk.value));
}

// T1-init, T1-cookie and T2-shutdown: what is not answered is sent again (RFC 9260, 5.1 and 9.2).
void Association::Core::handle_retry_timeout(Time now) {
  retry_.poll(now, config_.rto_max);
  if (retry_.expirations() > config_.max_init_retransmissions) {
    close(CloseReason::kTimeout, "the peer does not answer");
    return;
  }
  switch (state_) {
    case State::kCookieWait: send_init(); break;
    case State::kCookieEchoed: send_cookie_echo(); break;
    case State::kShutdownSent: send_shutdown(); break;
    case State::kShutdownAckSent: add_control(ChunkType::kShutdownAck, 0, {}); break;
    default: retry_.stop(); break;
  }
}

void Association::Core::close(CloseReason reason, std::string text) {
  if (state_ == State::kClosed) return;
  if (connection_) collect();  // What has arrived before comes before.
  state_ = State::kClosed;
  retry_.stop();
  control_.clear();
  outputs_.emplace_back(Closed{.reason = reason, .text = std::move(text)});
}

void Association::Core::abort_for(ErrorCause cause, Bytes information, CloseReason reason,
                                  std::string text) {
  if (state_ == State::kClosed) return;
  if (connection_) {
    ByteWriter value;
    write_to(value, cause, information);
    send_alone(connection_->peer_tag, ChunkType::kAbort, 0, value.view());
  }
  close(reason, std::move(text));
}

}  // namespace parley::sctp
