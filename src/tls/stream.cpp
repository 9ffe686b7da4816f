#include "tls/stream.h"

#include <array>
#include <utility>

#include "base/assert.h"

namespace parley::tls {

Stream::Stream(io::EventLoop& loop, int fd, net::SocketAddress peer,
               std::unique_ptr<Session> session, Handler& handler, io::TcpStream::Limits limits)
    : loop_(loop),
      handler_(handler),
      tcp_(loop, fd, peer, *this, limits),
      session_(std::move(session)),
      max_early_(limits.max_queued) {
  send_encrypted();  // A client's first words.
}

Stream::Stream(io::EventLoop& loop, Handover handover, Handler& handler,
               io::TcpStream::Limits limits)
    : loop_(loop),
      handler_(handler),
      tcp_(loop, handover.fd.release(), handover.peer, *this, limits),
      session_(std::move(handover.session)),
      max_early_(limits.max_queued),
      received_(std::move(handover.received)) {
  if (!handover.unsent.empty()) tcp_.send(SharedBytes(Bytes(handover.unsent)));
  send_encrypted();
  if (!received_.empty()) loop_.at_turn_end(*this);
}

Handover Stream::release() {
  PARLEY_ASSERT(early_.empty());
  Handover handover{.peer = tcp_.peer(),
                    .session = std::move(session_),
                    .received = std::exchange(received_, {})};
  auto [fd, unsent] = tcp_.release();
  handover.fd = std::move(fd);
  handover.unsent = std::move(unsent);
  return handover;
}

void Stream::send(Bytes header, SharedBytes payload) {
  if (!is_open() || closing_) return;
  if (session_ == nullptr) return tcp_.send(header, std::move(payload));
  if (session_->state() == Session::State::kHandshake) return keep(header, payload.bytes());
  const std::array<Bytes, 2> parts = {header, payload.bytes()};
  session_->write(parts);
  send_encrypted();
}

// Past the limit nothing is added, as the stream would be of no use with a gap in it.
void Stream::keep(Bytes header, Bytes payload) {
  if (early_.size() > max_early_) too_early_ = true;
  if (too_early_) return loop_.at_turn_end(*this);
  early_.insert(early_.end(), header.begin(), header.end());
  early_.insert(early_.end(), payload.begin(), payload.end());
}

void Stream::send_encrypted() {
  if (session_ == nullptr) return;
  if (SharedBytes output = session_->take_output(); !output.empty()) tcp_.send(std::move(output));
}

void Stream::resume_reading() {
  paused_ = false;
  if (received_.empty() && !closed_by_peer_) {
    tcp_.resume_reading();
  } else if (is_open()) {
    loop_.at_turn_end(*this);
  }
}

void Stream::pause_reading() {
  paused_ = true;
  tcp_.pause_reading();
}

void Stream::close_after_sending() {
  if (!is_open() || std::exchange(closing_, true)) return;
  received_.clear();
  if (early_.empty()) finish();
}

// All has been said.
void Stream::finish() {
  if (session_ != nullptr) session_->close();
  send_encrypted();
  tcp_.close_after_sending();
}

void Stream::close() {
  closing_ = true;
  received_.clear();
  tcp_.close();
}

void Stream::on_data(Bytes data) {
  io::Lifeline::Guard guard(lifeline_);
  if (!tell_received()) return;
  if (session_ == nullptr) return tell(data);
  const Session::State before = session_->state();
  session_->handle_input(data);
  if (before == Session::State::kHandshake && session_->state() == Session::State::kOpen) {
    secure();
    if (!guard.alive()) return;
  }
  std::array<std::uint8_t, Session::kMaxRecord> buffer;
  for (Bytes plain; !(plain = session_->read(buffer)).empty();) {
    tell(plain);
    if (!guard.alive()) return;
  }
  if (is_open()) settle(before);
}

void Stream::secure() {
  if (const auto early = std::exchange(early_, {}); !early.empty()) {
    const std::array<Bytes, 1> parts = {early};
    session_->write(parts);
  }
  send_encrypted();
  if (closing_) return finish();
  handler_.on_secured();
}

void Stream::tell(Bytes plain) {
  if (!is_open() || closing_) return;
  if (paused_) {
    received_.insert(received_.end(), plain.begin(), plain.end());
  } else {
    handler_.on_data(plain);
  }
}

// What was received before; false if there is no going on after it.
bool Stream::tell_received() {
  if (received_.empty() || paused_) return true;
  io::Lifeline::Guard guard(lifeline_);
  const std::vector<std::uint8_t> received = std::exchange(received_, {});
  tell(received);
  return guard.alive() && is_open();
}

// What the session has come to, now that all of it has been read.
void Stream::settle(Session::State before) {
  send_encrypted();
  const Session::State now = session_->state();
  if (now == before) return;
  if (now == Session::State::kFailed) {
    closing_ = true;
    tcp_.close_after_sending();
    handler_.on_tls_failed(session_->problem());
  } else if (now == Session::State::kClosed) {
    end_by_peer();
  }
}

// After what the owner has not yet wanted to hear.
void Stream::end_by_peer() {
  closed_by_peer_ = true;
  if (paused_ || !received_.empty()) return;
  tcp_.close();
  handler_.on_ended(io::StreamEnd::kClosedByPeer);
}

void Stream::on_ended(io::StreamEnd end) {
  io::Lifeline::Guard guard(lifeline_);
  const bool told_all = received_.empty() || paused_;
  const std::vector<std::uint8_t> received = std::exchange(received_, {});
  if (!told_all) handler_.on_data(received);
  if (guard.alive() && (told_all || !closing_)) handler_.on_ended(end);
}

void Stream::on_turn_end() {
  if (too_early_) {
    tcp_.close();
    return handler_.on_ended(io::StreamEnd::kSlowReader);
  }
  if (paused_ || !tell_received() || paused_) return;
  if (closed_by_peer_) return end_by_peer();
  tcp_.resume_reading();
}

}  // namespace parley::tls
