#include "server/relay/peer_stream.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/shared_bytes.h"

namespace parley::server {
namespace {

constexpr Duration kPace = std::chrono::milliseconds{10};
constexpr std::size_t kPiece = 4096;  // Less than any quota holds.

}  // namespace

PeerStreams::PeerStream::PeerStream(PeerStreams& owner, turn::ConnectionId id,
                                    const net::SocketAddress& peer)
    : owner_(owner), id_(id), peer_(peer), timer_(owner.loop_, [this] { on_due(); }) {}

void PeerStreams::PeerStream::connect(const net::SocketAddress& local) {
  connector_ = std::make_unique<io::TcpConnector>(
      owner_.loop_, local, peer_, turn::kConnectTimeout,
      [this](io::Fd fd) { on_connected(std::move(fd)); }, io::kConnectorBesideListener);
}

void PeerStreams::PeerStream::on_connected(io::Fd fd) {
  if (!fd.is_open()) return owner_.handler_.on_peer_failed(id_);
  fd_ = std::move(fd);
  owner_.handler_.on_peer_connected(id_);
}

void PeerStreams::PeerStream::join(ClientStream& client) {
  connector_.reset();
  client_ = &client;
  io::TcpStream::Handler& handler = *this;
  stream_ = std::make_unique<io::TcpStream>(
      owner_.loop_, fd_.release(), peer_, handler,
      io::TcpStream::Limits{.max_queued = owner_.config_.max_queued});
  client.join(*this);
}

bool PeerStreams::PeerStream::close() {
  if (closing_) return true;
  closing_ = true;
  if (ClientStream* const client = std::exchange(client_, nullptr)) client->finish();
  if (stream_ == nullptr || !stream_->is_open()) return false;
  stream_->close_after_sending();
  timer_.arm(owner_.loop_.now() + owner_.config_.linger);
  return true;
}

void PeerStreams::PeerStream::on_data(Bytes data) {
  owner_.counters_.bytes_to_clients += data.size();
  client_->send(data);
  passed_on(data.size());
}

void PeerStreams::PeerStream::on_client_data(Bytes data) {
  owner_.counters_.bytes_to_peers += data.size();
  stream_->send(SharedBytes(data));
  passed_on(data.size());
}

void PeerStreams::PeerStream::on_ended(io::StreamEnd) {
  if (closing_) {
    owner_.streams_.erase(id_);
  } else {
    owner_.handler_.on_peer_closed(id_);
  }
}

void PeerStreams::PeerStream::on_due() {
  if (closing_) {
    owner_.streams_.erase(id_);
  } else {
    pace();
  }
}

// What is queued now may all have been taken at the turn's end, after which nothing more is told.
void PeerStreams::PeerStream::passed_on(std::size_t bytes) {
  owed_ += bytes;
  pace();
  owner_.loop_.at_turn_end(*this);
}

void PeerStreams::PeerStream::on_turn_end() {
  pace();
}

// Each end is read only as fast as the other takes it, and as the quotas allow.
void PeerStreams::PeerStream::pace() {
  if (client_ == nullptr) return;
  while (owed_ > 0) {
    const std::size_t piece = std::min(owed_, kPiece);
    if (!owner_.handler_.take_bandwidth(id_, piece)) break;
    owed_ -= piece;
  }
  const std::size_t most = owner_.config_.max_queued_joined;
  const bool hold_client = owed_ > 0 || stream_->queued() > most;
  const bool hold_peer = owed_ > 0 || client_->queued() > most;
  hold_client ? client_->pause_reading() : client_->resume_reading();
  hold_peer ? stream_->pause_reading() : stream_->resume_reading();
  if (hold_client || hold_peer) timer_.arm(owner_.loop_.now() + kPace);
}

}  // namespace parley::server
