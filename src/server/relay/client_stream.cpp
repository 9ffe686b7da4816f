#include "server/relay/client_stream.h"

#include <utility>

#include "server/relay/client_streams.h"

namespace parley::server {

ClientStream::ClientStream(ClientStreams& owner, tls::Handover connection, const net::Path& path,
                           std::uint64_t id)
    : owner_(owner),
      path_(path),
      id_(id),
      framer_(owner.config_.max_message),
      stream_(owner.loop_, std::move(connection), *this, {.max_queued = owner.config_.max_queued}),
      idle_(owner.loop_, [this] { check_idle(); }),
      unused_since_(owner.loop_.now()) {
  idle_.arm(unused_since_ + owner_.config_.stranger_timeout);
}

bool ClientStream::is_used() const {
  return joined_ != nullptr || finishing_ || owner_.handler_.is_served(path_);
}

void ClientStream::join(Joined& joined) {
  joined_ = &joined;
  is_behind_ = false;  // It paces us from now on.
  const std::vector<std::uint8_t> rest = framer_.take_rest();
  if (!rest.empty()) joined.on_client_data(rest);
}

void ClientStream::finish() {
  joined_ = nullptr;
  finishing_ = true;
  stream_.close_after_sending();
  idle_.arm(owner_.loop_.now() + owner_.config_.linger);
}

void ClientStream::on_data(Bytes data) {
  if (joined_ != nullptr) return joined_->on_client_data(data);
  framer_.append(data);
  read_packets();
}

// A packet may join the stream: what follows it is no packet any more.
void ClientStream::read_packets() {
  io::Lifeline::Guard guard(lifeline_);
  while (!finishing_ && joined_ == nullptr && !is_behind_) {
    const auto packet = framer_.next();
    if (!packet) return owner_.end(*this, owner_.counters_.closed_malformed);
    if (!*packet) return;
    owner_.handler_.on_stream_packet(path_, **packet);
    if (!guard.alive()) return;
    if (joined_ == nullptr && stream_.queued() > owner_.config_.max_queued_answers) {
      is_behind_ = true;
      stream_.pause_reading();
      owner_.loop_.at_turn_end(*this);
    }
  }
}

// At the turn's end all may have been taken, after which nothing more is told; else on_drained()
// is.
void ClientStream::pace() {
  if (!is_behind_ || finishing_ || stream_.queued() > owner_.config_.max_queued_answers) return;
  is_behind_ = false;
  stream_.resume_reading();
  read_packets();
}

void ClientStream::on_drained() {
  if (joined_ != nullptr) return joined_->on_client_drained();
  pace();
}

void ClientStream::on_secured() {
  ++owner_.counters_.secured;
}

void ClientStream::on_tls_failed(std::string_view) {
  ++owner_.counters_.closed_tls;
  finish();
}

void ClientStream::on_ended(io::StreamEnd why) {
  if (why == io::StreamEnd::kSlowReader) ++owner_.counters_.closed_slow;
  owner_.remove(*this);
}

// A client with an allocation may be silent: that ends by itself. Of a stranger it does not matter
// what comes: it would be cheap to keep a stream by a byte now and then.
void ClientStream::check_idle() {
  if (finishing_) return owner_.remove(*this);
  const Time now = owner_.loop_.now();
  if (is_used()) unused_since_ = now;
  const Time due = unused_since_ + owner_.config_.stranger_timeout;
  if (due > now) return idle_.arm(due);
  owner_.end(*this, owner_.counters_.closed_idle);
}

}  // namespace parley::server
