#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "io/event_loop.h"
#include "io/lifeline.h"
#include "io/turn_end.h"
#include "net/path.h"
#include "tls/stream.h"
#include "turn/stream_framer.h"

namespace parley::server {

class ClientStreams;

// One client over TCP or TLS: packets, until it is joined to a peer's connection; then bytes.
class ClientStream final : private tls::Stream::Handler, private io::TurnEnd {
 public:
  // The other end of a join.
  class Joined {
   public:
    virtual void on_client_data(Bytes data) = 0;
    virtual void on_client_drained() = 0;  // As io::TcpStream's.

   protected:
    ~Joined() = default;
  };

  // `id` is higher than that of any that came before.
  ClientStream(ClientStreams& owner, tls::Handover connection, const net::Path& path,
               std::uint64_t id);

  const net::Path& path() const { return path_; }
  std::uint64_t id() const { return id_; }
  // Else it is a stranger's, who is here for a time.
  bool is_used() const;
  bool is_open() const { return stream_.is_open(); }
  std::size_t queued() const { return stream_.queued(); }
  void send(Bytes bytes) { stream_.send(SharedBytes(bytes)); }

  // From now on `joined` is given the bytes, those that had come before at once. It lives until
  // finish().
  void join(Joined& joined);
  void pause_reading() { stream_.pause_reading(); }
  void resume_reading() { stream_.resume_reading(); }
  void finish();  // Closes it once all is sent; nothing is told any more but its end.

 private:
  void on_data(Bytes data) override;
  void on_drained() override;
  void on_secured() override;
  void on_tls_failed(std::string_view problem) override;
  void on_ended(io::StreamEnd why) override;

  // io::TurnEnd
  void on_turn_end() override { pace(); }

  void read_packets();
  void pace();
  void check_idle();

  ClientStreams& owner_;
  net::Path path_;
  std::uint64_t id_;
  turn::StreamFramer framer_;
  tls::Stream stream_;
  io::Timer idle_;
  Time unused_since_;
  Joined* joined_ = nullptr;
  bool finishing_ = false;
  bool is_behind_ = false;  // With reading our answers: nothing more is read from it.
  io::Lifeline lifeline_;
};

}  // namespace parley::server
