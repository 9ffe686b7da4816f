// A handshake between two of our ends over a path that does what the input says: it delivers,
// drops, repeats and damages datagrams, and injects some of its own. Nothing may come of it but a
// connection with the same keys at both ends, or an end for good.
//
// First byte: the MTU. Then steps of one byte and its operands, see Path::step().
#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/assert.h"
#include "base/overloaded.h"
#include "base/random.h"
#include "base/sans_io.h"
#include "dtls/connection.h"

namespace parley::dtls {
namespace {

using Datagrams = std::deque<std::vector<std::uint8_t>>;

constexpr std::size_t kMaxSteps = 64;

// Made once: a key costs more than a handshake.
const std::shared_ptr<const Certificate>& certificate() {
  static const auto kCertificate = [] {
    SeededRandom random(1);
    return Certificate::make(crypto::WallTime{std::chrono::days{20'000}}, random);
  }();
  return kCertificate;
}

struct End {
  End(Role role, std::size_t mtu)
      : connection({.certificate = certificate(),
                    .role = role,
                    .peer_fingerprints = {certificate()->fingerprint()},
                    .mtu = mtu}) {}

  void take_outputs() {
    drain(connection, [&](Connection::Output output) {
      PARLEY_ASSERT(!ended);
      std::visit(
          overloaded{
              [&](Connection::Transmit& transmit) {
                PARLEY_ASSERT(!transmit.datagram.empty());
                sent.push_back(std::move(transmit.datagram));
              },
              [&](Connection::Connected& connected) {
                PARLEY_ASSERT(!keys && connected.srtp);
                keys = std::move(connected.srtp);
              },
              [&](Connection::Data& data) { PARLEY_ASSERT(keys && as_text(data.bytes) == "data"); },
              [&](Connection::Closed&) { ended = true; },
              [&](Connection::Failed&) { ended = true; },
          },
          output);
    });
    PARLEY_ASSERT(!ended || connection.next_deadline() == kNever);
  }

  Connection connection;
  Datagrams sent;
  std::optional<SrtpExport> keys;
  bool ended = false;
};

class Path {
 public:
  explicit Path(ByteReader input)
      : input_(input),
        mtu_(256 + input_.u8() * 4u),
        client_(Role::kClient, mtu_),
        server_(Role::kServer, mtu_) {}

  void run() {
    client_.connection.start(now_);
    client_.take_outputs();
    for (std::size_t i = 0; i < kMaxSteps && !input_.at_end(); ++i) step(input_.u8());
    if (client_.keys && server_.keys) PARLEY_ASSERT(client_.keys == server_.keys);
  }

 private:
  void step(std::uint8_t what) {
    const bool to_server = (what & 1) != 0;
    End& from = to_server ? client_ : server_;
    End& to = to_server ? server_ : client_;
    switch (what >> 1 & 7) {
      case 0:
      case 1: return deliver(to, take(from));
      case 2: take(from); return;
      case 3:
        if (!from.sent.empty()) deliver(to, from.sent.front());
        return;
      case 4: return deliver(to, damaged(take(from)));
      case 5: return inject(to);
      case 6: return wait(to);
      default: static_cast<void>(from.connection.send(now_, as_bytes("data"))); from.take_outputs();
    }
  }

  static std::vector<std::uint8_t> take(End& from) {
    if (from.sent.empty()) return {};
    std::vector<std::uint8_t> datagram = std::move(from.sent.front());
    from.sent.pop_front();
    return datagram;
  }

  std::vector<std::uint8_t> damaged(std::vector<std::uint8_t> datagram) {
    const std::size_t place = input_.u16();
    const std::uint8_t mask = input_.u8();
    if (place < datagram.size()) {
      datagram[place] ^= mask;
    } else {
      datagram.resize(datagram.size() / 2);
    }
    return datagram;
  }

  void inject(End& to) {
    const Bytes raw = input_.bytes(std::min<std::size_t>(input_.u8(), input_.remaining()));
    deliver(to, {raw.begin(), raw.end()});
  }

  void wait(End& end) {
    if (end.connection.next_deadline() == kNever) return;
    now_ = std::max(now_, end.connection.next_deadline());
    end.connection.handle_timeout(now_);
    end.take_outputs();
  }

  void deliver(End& to, const std::vector<std::uint8_t>& datagram) {
    to.connection.handle_input(now_, {datagram});
    to.take_outputs();
  }

  ByteReader input_;
  std::size_t mtu_;
  Time now_{std::chrono::hours{1}};
  End client_;
  End server_;
};

}  // namespace
}  // namespace parley::dtls

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  parley::dtls::Path(parley::ByteReader({data, size})).run();
  return 0;
}
