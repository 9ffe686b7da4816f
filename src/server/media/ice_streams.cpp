#include "server/media/ice_streams.h"

#include <utility>

#include "base/shared_bytes.h"
#include "io/lifeline.h"
#include "net/packet_framer.h"

namespace parley::server {
namespace {

// Of a stream's first packet, a check: those of browsers have some 150 bytes.
constexpr std::size_t kMaxFirstPacket = 1'024;

}  // namespace

// One of them.
class IceStreams::Stream final : private io::TcpStream::Handler {
 public:
  Stream(IceStreams& owner, io::Fd fd, const net::Path& path)
      : owner_(owner),
        path_(path),
        stream_(owner.loop_, fd.release(), path.remote, *this,
                {.max_queued = owner.config_.max_queued}),
        idle_(owner.loop_, [this] { check_idle(); }),
        last_heard_(owner.loop_.now()) {
    idle_.arm(last_heard_ + owner_.config_.idle_timeout);
  }

  const net::Path& path() const { return path_; }

  void send(Bytes packet) {
    if (stream_.queued() > owner_.config_.max_queued_data) {
      ++owner_.counters_.dropped_full;
      return;
    }
    ++owner_.counters_.packets_out;
    owner_.counters_.bytes_out += packet.size();
    stream_.send(net::PacketFramer::header(packet.size()), SharedBytes(packet));
  }

  // All that has come; then it can only be destroyed.
  IceHandover release() {
    return {.fd = stream_.release().fd, .path = path_, .received = std::move(beginning_)};
  }

  // As if it had come.
  void hear(Bytes data) { on_data(data); }

 private:
  void on_data(Bytes data) override {
    last_heard_ = owner_.loop_.now();
    if (has_begun_) return read(data);
    beginning_.insert(beginning_.end(), data.begin(), data.end());
    const auto first = first_packet();
    if (!first) return;
    if (first->empty()) {
      ++owner_.counters_.closed_malformed;
      return owner_.end(path_);
    }
    if (const auto worker = owner_.handler_.worker_of(*first)) {
      return owner_.hand_over(*this, *worker);
    }
    has_begun_ = true;
    read(std::exchange(beginning_, {}));
  }

  // Nothing: it is not there yet. Empty: it is none of ours.
  std::optional<Bytes> first_packet() const {
    if (beginning_.size() < 2) return std::nullopt;
    const auto size = static_cast<std::size_t>(beginning_[0] << 8 | beginning_[1]);
    if (size == 0 || size > kMaxFirstPacket) return Bytes();
    if (beginning_.size() < 2 + size) return std::nullopt;
    return Bytes(beginning_).subspan(2, size);
  }

  void read(Bytes data) {
    framer_.append(data);
    while (const auto packet = framer_.next()) {
      ++owner_.counters_.packets_in;
      owner_.counters_.bytes_in += packet->size();
      owner_.handler_.on_stream_packet(path_, *packet);
    }
  }

  void on_ended(io::StreamEnd why) override {
    if (why == io::StreamEnd::kSlowReader) ++owner_.counters_.closed_slow;
    owner_.end(path_);
  }

  void check_idle() {
    const Time due = last_heard_ + owner_.config_.idle_timeout;
    if (due > owner_.loop_.now()) return idle_.arm(due);
    ++owner_.counters_.closed_idle;
    owner_.end(path_);
  }

  IceStreams& owner_;
  const net::Path path_;
  std::vector<std::uint8_t> beginning_;  // Until the first packet is complete.
  bool has_begun_ = false;
  net::PacketFramer framer_;
  io::TcpStream stream_;
  io::Timer idle_;
  Time last_heard_;
};

IceStreams::IceStreams(io::EventLoop& loop, const MediaConfig& config, Handler& handler)
    : loop_(loop), config_(config), handler_(handler) {}

IceStreams::~IceStreams() = default;

std::expected<net::SocketAddress, std::string> IceStreams::listen(
    const net::SocketAddress& address) {
  auto listener =
      io::TcpListener::listen(loop_, address, [this](int fd, const net::SocketAddress& peer) {
        adopt({.fd = io::Fd(fd),
               .path = {net::Transport::kTcp, listener_->address(), peer},
               .received = {}});
      });
  if (!listener) return std::unexpected(std::move(listener.error()));
  listener_ = *std::move(listener);
  return listener_->address();
}

void IceStreams::adopt(IceHandover connection) {
  const net::Path path = connection.path;
  if (streams_.contains(path) || !has_room_for(path.remote.ip)) return;
  ++counters_.accepted;
  streams_from_.add(path.remote.ip);
  Stream& stream =
      *streams_.emplace(path, std::make_unique<Stream>(*this, std::move(connection.fd), path))
           .first->second;
  if (!connection.received.empty()) stream.hear(connection.received);
}

bool IceStreams::has_room_for(const net::IpAddress& ip) {
  if (streams_.size() >= config_.max_streams) {
    ++counters_.refused_full;
    return false;
  }
  if (streams_from_.of(ip) < config_.max_streams_per_address) return true;
  ++counters_.refused_address;
  return false;
}

void IceStreams::send(const net::Path& path, Bytes packet) {
  const auto stream = streams_.find(path);
  if (stream == streams_.end()) {
    ++counters_.dropped_gone;
  } else {
    stream->second->send(packet);
  }
}

void IceStreams::close(const net::Path& path) {
  take(path);
}

void IceStreams::end(const net::Path& path) {
  const auto stream = take(path);  // It is who calls us.
  handler_.on_stream_closed(stream->path());
}

void IceStreams::hand_over(Stream& stream, unsigned worker) {
  ++counters_.handed_over;
  const auto kept = take(stream.path());
  handler_.on_hand_over(worker, kept->release());
}

std::unique_ptr<IceStreams::Stream> IceStreams::take(const net::Path& path) {
  auto taken = streams_.extract(path);
  if (taken.empty()) return nullptr;
  streams_from_.remove(path.remote.ip);
  return std::move(taken.mapped());
}

}  // namespace parley::server
