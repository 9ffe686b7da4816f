#include "server/arrival.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace parley::server {
namespace {

// We send nothing but the handshake.
constexpr std::size_t kMaxQueued = 64 << 10;

}  // namespace

FrontDoor::Arrival::Arrival(FrontDoor& door, std::uint64_t id, io::Fd fd,
                            const net::SocketAddress& peer)
    : door_(door), id_(id), peer_(peer), since_(door.loop_.now()), fd_(std::move(fd)) {
  door_.loop_.watch(fd_.get(), *this);
}

FrontDoor::Arrival::~Arrival() {
  if (fd_.is_open()) door_.loop_.unwatch(fd_.get(), *this);
}

void FrontDoor::Arrival::on_ready(io::Readiness readiness) {
  if (spoken_) return;
  std::array<std::uint8_t, net::kFirstBytes> begin;
  const ssize_t size = ::recv(fd_.get(), begin.data(), begin.size(), MSG_PEEK | MSG_DONTWAIT);
  const bool comes_later = size < 0 && (errno == EAGAIN || errno == EINTR);
  if (size == 0 || (size < 0 && !comes_later)) return give_up();
  const std::size_t seen = size < 0 ? 0 : static_cast<std::size_t>(size);
  const net::Spoken spoken = net::spoken_in(Bytes(begin).first(seen));
  if (spoken != net::Spoken::kNotYetKnown) return decide(spoken);
  if (readiness.hang_up) give_up();  // And no more will come.
}

void FrontDoor::Arrival::on_secured() {
  const std::string_view protocol = stream_->session()->protocol();
  if (protocol == tls::kHttp) {
    decide(net::Spoken::kHttp);
  } else if (!protocol.empty()) {
    decide(net::Spoken::kStun);
  }
}

void FrontDoor::Arrival::on_data(Bytes plain) {
  received_.insert(received_.end(), plain.begin(), plain.end());
  const net::Spoken spoken = net::spoken_in(received_);
  if (!spoken_ && spoken != net::Spoken::kNotYetKnown) decide(spoken);
}

// The client should hear why; it leaves by itself, or when its time is over.
void FrontDoor::Arrival::on_tls_failed(std::string_view) {
  ++door_.counters_.tls_failures;
  has_failed_ = true;
}

void FrontDoor::Arrival::on_ended(io::StreamEnd) {
  give_up();
}

// Not at once: whoever told us has to return first. And the end of the stream waits until then.
void FrontDoor::Arrival::decide(net::Spoken spoken) {
  spoken_ = spoken;
  if (stream_ != nullptr) stream_->pause_reading();
  door_.loop_.at_turn_end(*this);
}

void FrontDoor::Arrival::on_turn_end() {
  if (*spoken_ == net::Spoken::kTls && stream_ == nullptr) return start_tls();
  leave();
}

void FrontDoor::Arrival::start_tls() {
  spoken_.reset();
  door_.loop_.unwatch(fd_.get(), *this);
  tls::Handover accepted{.fd = std::move(fd_),
                         .peer = peer_,
                         .session = tls::Session::accept(*door_.certificate_, tls::kAllProtocols)};
  tls::Stream::Handler& told = *this;
  stream_ = std::make_unique<tls::Stream>(door_.loop_, std::move(accepted), told,
                                          io::TcpStream::Limits{.max_queued = kMaxQueued});
}

void FrontDoor::Arrival::leave() {
  tls::Handover handover{.peer = peer_};
  if (stream_ == nullptr) {
    door_.loop_.unwatch(fd_.get(), *this);
    handover.fd = std::move(fd_);
  } else {
    handover = stream_->release();
    handover.received.insert(handover.received.begin(), received_.begin(), received_.end());
  }
  FrontDoor& door = door_;
  const net::Spoken spoken = *spoken_;
  door.remove(id_);
  door.hand_over(spoken, std::move(handover));
}

void FrontDoor::Arrival::give_up() {
  if (!has_failed_) ++door_.counters_.gone;
  door_.remove(id_);
}

}  // namespace parley::server
