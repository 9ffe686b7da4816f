#include "server/relay/client_stream.h"

#include <utility>

#include "server/relay/client_streams.h"

namespace parley::server {

ClientStream::ClientStream(ClientStreams& owner, tls::Handover connection, const net::Path& path)
    : owner_(owner),
      path_(path),
      framer_(owner.config_.max_message),
      stream_(owner.loop_, std::move(connection), *this, {.max_queued = owner.config_.max_queued}),
      idle_(owner.loop_, [this] { check_idle(); }),
      last_heard_(owner.loop_.now()) {
  idle_.arm(last_heard_ + owner_.config_.idle_timeout);
}

void ClientStream::join(Joined& joined) {
  joined_ = &joined;
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
  last_heard_ = owner_.loop_.now();
  if (joined_ != nullptr) return joined_->on_client_data(data);
  framer_.append(data);
  read_packets();
}

// A packet may join the stream: what follows it is no packet any more.
void ClientStream::read_packets() {
  io::Lifeline::Guard guard(lifeline_);
  while (!finishing_ && joined_ == nullptr) {
    const auto packet = framer_.next();
    if (!packet) return owner_.end(*this, owner_.counters_.closed_malformed);
    if (!*packet) return;
    owner_.handler_.on_stream_packet(path_, **packet);
    if (!guard.alive()) return;
  }
}

void ClientStream::on_drained() {
  if (joined_ != nullptr) joined_->on_client_drained();
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

// A client with an allocation may be silent: that ends by itself.
void ClientStream::check_idle() {
  if (finishing_) return owner_.remove(*this);
  const Time now = owner_.loop_.now();
  const bool is_used = joined_ != nullptr || owner_.handler_.is_served(path_);
  if (is_used) last_heard_ = now;
  const Time due = last_heard_ + owner_.config_.idle_timeout;
  if (due > now) return idle_.arm(due);
  owner_.end(*this, owner_.counters_.closed_idle);
}

}  // namespace parley::server
