#include "tls/server_link.h"

#include <array>
#include <string_view>
#include <utility>

#include "tls/stream.h"

namespace parley::tls {
namespace {

using io::ServerStreams;

constexpr std::array kTurnAlone{kTurn};

class ServerLink final : public ServerStreams::Link, private Stream::Handler {
 public:
  ServerLink(io::EventLoop& loop, io::Fd fd, const net::SocketAddress& server,
             std::unique_ptr<Session> session, std::size_t max_queued,
             ServerStreams::LinkHandler& handler)
      : handler_(handler),
        stream_(loop, fd.release(), server, std::move(session), *this, {.max_queued = max_queued}) {
  }

  void send(Bytes bytes) override { stream_.send(SharedBytes(bytes)); }

 private:
  void on_secured() override { handler_.on_open(); }
  void on_data(Bytes data) override { handler_.on_data(data); }
  void on_tls_failed(std::string_view) override { handler_.on_closed(); }
  void on_ended(io::StreamEnd) override { handler_.on_closed(); }

  ServerStreams::LinkHandler& handler_;
  Stream stream_;
};

}  // namespace

std::function<std::unique_ptr<ServerStreams::Link>(io::EventLoop&, io::Fd,
                                                   const net::SocketAddress&, const std::string&,
                                                   ServerStreams::LinkHandler&)>
secure_by(std::shared_ptr<const Context> context, std::size_t max_queued) {
  return [context = std::move(context), max_queued](
             io::EventLoop& loop, io::Fd fd, const net::SocketAddress& server,
             const std::string& name, ServerStreams::LinkHandler& handler) {
    return std::make_unique<ServerLink>(loop, std::move(fd), server,
                                        Session::connect(*context, name, kTurnAlone), max_queued,
                                        handler);
  };
}

}  // namespace parley::tls
