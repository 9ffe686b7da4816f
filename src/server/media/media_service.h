#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "io/event_loop.h"
#include "io/turn_end.h"
#include "io/udp.h"
#include "net/address.h"
#include "net/datagram_batch.h"
#include "server/latencies.h"
#include "server/media/ice_streams.h"
#include "server/media/media_calls.h"
#include "server/media/media_config.h"
#include "server/media/media_counters.h"
#include "server/media/steering.h"
#include "server/port_sharer.h"
#include "sfu/node.h"
#include "srtp/provider.h"
#include "stun/binding_server.h"

namespace parley::server {

// One worker's media on its loop: an sfu::Node, its port, and time for it. What the functions mean
// is said at MediaWorkers.
//
// Whoever asks at the port by a plain STUN Binding request, one without a USERNAME, is told which
// address it is seen under: who asks at the STUN port from the same socket learns what kind of NAT
// it is behind (RFC 5780, 4.3). All else is the node's.
class MediaService final : private io::UdpSocket::Handler,
                           private IceStreams::Handler,
                           private io::TurnEnd,
                           public PortSharer {
 public:
  using Listening = std::expected<net::SocketAddress, std::string>;

  // How one worker reaches the others, and the control thread. Called on the worker's thread.
  struct Others {
    std::move_only_function<void(std::vector<MediaNotice>)> tell = {};
    std::move_only_function<void(unsigned worker, const net::Path& path, Bytes datagram)> pass_on =
        {};
    std::move_only_function<void(unsigned worker, IceHandover connection)> hand_over = {};
    // Of a room that is on both, to a worker or a mixer. Returns how many packets had to be
    // dropped.
    std::move_only_function<std::size_t(std::size_t worker, sfu::RelayBatch batch)> relay = {};
  };

  // `loop` and `random` outlive it. It is the worker of that index.
  MediaService(io::EventLoop& loop, MediaConfig config, unsigned index, Random& random);
  ~MediaService();

  // A port of its own, for UDP and TCP. The error is for the operator.
  Listening listen(const net::SocketAddress& address);
  void stop_listening();
  // Or a socket that the relay has, which tells us what is not for it.
  void share(io::UdpSocket& socket) { shared_udp_ = &socket; }

  // From now on there are rooms. `candidates` are those of the port.
  void serve(std::shared_ptr<const dtls::Certificate> certificate,
             std::vector<ice::Candidate> candidates, Others others);
  // Before those whom `others` reach are gone: nothing is told to them any more.
  void stop();

  void carry_out(MediaCall call);
  void adopt(IceHandover connection) { streams_.adopt(std::move(connection)); }

  // Of a port that all workers share: on which worker is whom.
  void steer(std::string ufrag, unsigned worker) { steering_.set(std::move(ufrag), worker); }
  void forget(std::string_view ufrag) { steering_.forget(ufrag); }
  void on_relayed(std::size_t worker, sfu::RelayBatch batch);
  void on_passed_on(const net::Path& path, std::span<std::uint8_t> datagram);

  // PortSharer
  bool on_shared_datagram(const net::Path& path, std::span<std::uint8_t> datagram) override;

  MediaCounters counters(std::span<const sfu::RoomId> rooms = {}) const;

 private:
  // io::UdpSocket::Handler
  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override;
  // IceStreams::Handler
  void on_stream_packet(const net::Path& path, std::span<std::uint8_t> packet) override;
  void on_stream_closed(const net::Path& path) override;
  std::optional<unsigned> worker_of(Bytes first_packet) override;
  void on_hand_over(unsigned worker, IceHandover connection) override;
  // io::TurnEnd
  void on_turn_end() override;

  std::expected<void, std::string> open_udp(const net::SocketAddress& address);
  std::expected<void, std::string> add_udp(const net::SocketAddress& address);
  void handle(const net::Path& path, std::span<std::uint8_t> datagram);
  void answer_binding(const net::Path& path, Bytes request);
  void on_due();

  void call(media_call::Connect& connect);
  void call(media_call::Disconnect& disconnect);
  void call(media_call::CloseRoom& close);
  void call(media_call::LinkRoom& link);
  void call(media_call::Permit& permit);
  void call(media_call::SetView& set);
  void call(media_call::SetOneStream& set);

  // What the node has to send and to say.
  bool send_batches();  // Whether all has left.
  void drain();
  void on(sfu::Node::Transmit& output);
  void on(sfu::Node::Relay& output);
  void on(sfu::Node::CloseTcp& output) { streams_.close(output.path); }
  template <class Notice>
  void on(Notice& notice) {  // What the control thread wants to know.
    notices_.emplace_back(std::move(notice));
  }
  void send(const net::Path& path, Bytes packet);

  io::EventLoop& loop_;
  const MediaConfig config_;
  Random& random_;
  stun::BindingServer binding_;
  IceStreams streams_;
  Steering steering_;
  std::uint16_t port_ = 0;
  // Of a port of its own: of IPv4 and of IPv6 one each where it is open to both, which is faster.
  std::vector<std::unique_ptr<io::UdpSocket>> own_udp_;
  io::UdpSocket* shared_udp_ = nullptr;
  std::unique_ptr<srtp::Provider> provider_;
  std::optional<sfu::Node> node_;
  Others others_;
  net::DatagramBatch batch_;
  std::vector<MediaNotice> notices_;  // Of this turn.
  Latencies turns_;
  std::uint64_t passed_on_ = 0;
  std::uint64_t relay_dropped_ = 0;
  io::Timer timer_;
};

}  // namespace parley::server
