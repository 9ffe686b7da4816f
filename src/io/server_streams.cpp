#include "io/server_streams.h"

#include <utility>

#include "base/shared_bytes.h"

namespace parley::io {
namespace {

// Plain TCP.
class TcpLink final : public ServerStreams::Link, private TcpStream::Handler {
 public:
  TcpLink(EventLoop& loop, Fd fd, const net::SocketAddress& server, std::size_t max_queued,
          ServerStreams::LinkHandler& handler)
      : handler_(handler), stream_(loop, fd.release(), server, *this, {.max_queued = max_queued}) {}

  void send(Bytes bytes) override { stream_.send(SharedBytes(bytes)); }

 private:
  void on_data(Bytes data) override { handler_.on_data(data); }
  void on_ended(StreamEnd) override { handler_.on_closed(); }

  ServerStreams::LinkHandler& handler_;
  TcpStream stream_;
};

net::SocketAddress anywhere(const net::IpAddress& like) {
  return {like.is_v4() ? net::IpAddress::v4({}) : net::IpAddress::v6({}), 0};
}

}  // namespace

class ServerStreams::Stream final : private LinkHandler {
 public:
  Stream(ServerStreams& owner, Id id, const net::SocketAddress& server, bool tls, std::string name)
      : owner_(owner), id_(id), server_(server), tls_(tls), name_(std::move(name)) {
    connector_ = std::make_unique<TcpConnector>(owner.loop_, anywhere(server.ip), server,
                                                owner.config_.connect_limit,
                                                [this](Fd fd) { on_connect_done(std::move(fd)); });
  }

  void send(Bytes bytes) {
    if (link_) link_->send(bytes);
  }

 private:
  void on_connect_done(Fd fd) {
    const auto done = std::move(connector_);  // The caller: kept until we return.
    if (!fd.is_open() || (tls_ && !owner_.config_.secure)) return owner_.tell_closed(id_);
    if (tls_) {
      link_ = owner_.config_.secure(owner_.loop_, std::move(fd), server_,
                                    name_.empty() ? server_.ip.to_string() : name_, *this);
      return;
    }
    LinkHandler& handler = *this;
    link_ = std::make_unique<TcpLink>(owner_.loop_, std::move(fd), server_,
                                      owner_.config_.max_queued, handler);
    on_open();
  }

  void on_open() override { owner_.tell_connected(id_); }
  void on_data(Bytes bytes) override { owner_.handler_.on_server_data(id_, bytes); }
  void on_closed() override { owner_.tell_closed(id_); }

  ServerStreams& owner_;
  Id id_;
  net::SocketAddress server_;
  bool tls_;
  std::string name_;
  std::unique_ptr<TcpConnector> connector_;
  std::unique_ptr<Link> link_;
};

ServerStreams::ServerStreams(EventLoop& loop, Handler& handler, Config config)
    : loop_(loop), handler_(handler), config_(std::move(config)) {}

ServerStreams::~ServerStreams() = default;

void ServerStreams::connect(Id id, const net::SocketAddress& server, bool tls,
                            const std::string& name) {
  streams_[id] = std::make_unique<Stream>(*this, id, server, tls, name);
}

void ServerStreams::send(Id id, Bytes bytes) {
  const auto stream = streams_.find(id);
  if (stream != streams_.end()) stream->second->send(bytes);
}

void ServerStreams::close(Id id) {
  streams_.erase(id);
}

void ServerStreams::tell_closed(Id id) {
  const auto gone = streams_.extract(id);  // The caller: kept until we return.
  handler_.on_server_closed(id);
}

}  // namespace parley::io
