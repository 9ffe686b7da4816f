#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/shared_bytes.h"
#include "io/event_loop.h"
#include "io/fd.h"
#include "io/lifeline.h"
#include "io/tcp.h"
#include "net/address.h"
#include "tls/session.h"

namespace parley::tls {

// A connection on its way from one owner to another, and maybe from one thread to another: nothing
// in it is shared.
struct Handover {
  io::Fd fd = {};
  net::SocketAddress peer = {};
  std::unique_ptr<Session> session = {};    // Null: plain TCP.
  std::vector<std::uint8_t> received = {};  // Plain text that the new owner has to hear first.
  std::vector<std::uint8_t> unsent = {};    // Bytes for the wire that the kernel did not yet take.
};

// A TCP connection, with TLS on it or without: plain text in, plain text out, and for its owner no
// difference. Otherwise as io::TcpStream.
class Stream final : private io::TcpStream::Handler, private io::TurnEnd {
 public:
  // on_data() is given plain text. on_ended(kClosedByPeer) is told for TLS's own close as well; who
  // needs to know whether the stream was cut off asks session()->state().
  class Handler : public io::TcpStream::Handler {
   public:
    // TLS is agreed on: session()->protocol() is known. Not told of plain TCP.
    virtual void on_secured() {}
    // No TLS, or none that both speak, or a certificate that is not believed, or a damaged record.
    // `problem` as Session::problem(). The alert is on its way, nothing is taken or sent any more;
    // on_ended() follows once the peer has closed, unless the stream is destroyed, here or at a
    // deadline.
    virtual void on_tls_failed(std::string_view problem) = 0;

   protected:
    ~Handler() = default;
  };

  // Takes over a connected (or connecting), non-blocking socket. `session` is null for plain TCP.
  Stream(io::EventLoop& loop, int fd, net::SocketAddress peer, std::unique_ptr<Session> session,
         Handler& handler, io::TcpStream::Limits limits);
  // What had been received is told at the end of this turn, before anything else.
  Stream(io::EventLoop& loop, Handover handover, Handler& handler, io::TcpStream::Limits limits);

  // Gives the connection away: no more is told, and this object can only be destroyed. Not inside a
  // call of the handler (there may be more to tell), and not after send().
  Handover release();

  // As io::TcpStream's. What is sent before TLS is agreed on waits for it.
  void send(Bytes header, SharedBytes payload);
  void send(SharedBytes payload) { send({}, std::move(payload)); }
  std::size_t queued() const { return tcp_.queued() + early_.size(); }
  const net::SocketAddress& peer() const { return tcp_.peer(); }
  bool is_open() const { return tcp_.is_open(); }
  void pause_reading();
  void resume_reading();
  void close_after_sending();  // Says so by TLS, too.
  void close();

  const Session* session() const { return session_.get(); }

 private:
  // io::TcpStream::Handler
  void on_data(Bytes data) override;
  void on_drained() override { handler_.on_drained(); }
  void on_ended(io::StreamEnd end) override;
  // io::TurnEnd
  void on_turn_end() override;

  void keep(Bytes header, Bytes payload);
  void send_encrypted();
  void secure();
  void tell(Bytes plain);
  bool tell_received();
  void settle(Session::State before);
  void end_by_peer();
  void finish();

  io::EventLoop& loop_;
  Handler& handler_;
  io::TcpStream tcp_;
  std::unique_ptr<Session> session_;
  std::size_t max_early_;
  std::vector<std::uint8_t> early_;     // To be sent once the handshake is done.
  std::vector<std::uint8_t> received_;  // To be told at the turn's end.
  io::Lifeline lifeline_;
  bool paused_ = false;
  bool closing_ = false;         // By its owner; nothing more is told to it.
  bool closed_by_peer_ = false;  // By TLS; told after received_.
  bool too_early_ = false;       // More than max_early_; told at the turn's end.
};

}  // namespace parley::tls
