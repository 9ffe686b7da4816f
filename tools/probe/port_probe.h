#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/sans_io.h"
#include "base/time.h"
#include "net/address.h"
#include "net/packet_framer.h"
#include "probe/question.h"
#include "probe/report.h"

namespace parley::probe {

// Asks the media ports of one address of a server, all at once, whether they answer a Binding
// request: by UDP, and by TCP as ICE has it, each packet after its length (RFC 6544 and 4571).
// Sans-IO: the owner has one UDP socket, and a connection to each port.
class PortProbe {
 public:
  struct Config {
    std::vector<net::SocketAddress> ports = {};
    Duration patience = std::chrono::seconds{3};  // With all of them together.
  };

  // `port` stands for a place in Config::ports, below.
  struct Connected {
    std::size_t port = 0;
  };
  struct Datagram {
    net::SocketAddress from = {};
    Bytes packet = {};  // Borrowed.
  };
  struct Data {
    std::size_t port = 0;
    Bytes bytes = {};  // Of its stream; borrowed.
  };
  struct Broken {
    std::size_t port = 0;
    std::string problem = {};  // A sentence.
  };
  using Input = std::variant<Connected, Datagram, Data, Broken>;

  struct Connect {
    std::size_t port = 0;
  };
  struct SendDatagram {
    net::SocketAddress to = {};
    std::vector<std::uint8_t> packet = {};
  };
  struct SendData {
    std::size_t port = 0;
    std::vector<std::uint8_t> bytes = {};
  };
  struct Done {};
  using Output = std::variant<Connect, SendDatagram, SendData, Done>;

  // `random` outlives it.
  PortProbe(Config config, Random& random);

  void start(Time now);
  void handle_input(Time now, Input input);
  void handle_timeout(Time now);
  std::optional<Output> poll_output();
  Time next_deadline() const { return std::min(again_at_, give_up_at_); }

  // Two of each port: by UDP, and by TCP.
  std::vector<PortReport> result() const;

 private:
  struct Stream {
    Question question;
    net::PacketFramer framer = {};
    std::string problem = {};

    bool is_settled() const { return question.answer() || !problem.empty(); }
  };

  void ask_again(Time now);
  void settle();
  void on(Time now, const Connected& connected);
  void on(Time now, const Datagram& datagram);
  void on(Time now, const Data& data);
  void on(Time now, const Broken& broken);

  Config config_;
  Random* random_;
  std::vector<Question> datagrams_;  // Of each port,
  std::vector<Stream> streams_;      // and the same by TCP.
  Time again_at_ = kNever;
  Time give_up_at_ = kNever;
  std::deque<Output> outputs_;
};

static_assert(SansIo<PortProbe>);

}  // namespace parley::probe
