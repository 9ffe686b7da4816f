// What may come to an ICE agent: datagrams of a peer who knows the passwords, of one who does not,
// and bytes; in any order, over any path, with time going by. And the text of candidates.
//
// The agents must hold, stay within their limits and send no more than a fair answer.
#include <cstdint>
#include <string>
#include <variant>

#include "base/assert.h"
#include "base/random.h"
#include "ice/agent.h"
#include "stun/integrity.h"
#include "stun/message_builder.h"

namespace parley::ice {
namespace {

using stun::Attribute;

void check_candidate(std::string_view text) {
  const auto candidate = Candidate::parse(text);
  if (!candidate) return;
  PARLEY_ASSERT(candidate->foundation.size() <= 32);
  const auto again = Candidate::parse(candidate->to_string());
  PARLEY_ASSERT(again.has_value());
  PARLEY_ASSERT(again->to_string() == candidate->to_string());
}

const Credentials kPeer{"peer", std::string(22, 'p')};

// Steps of an agent's life, as the bytes say.
class Life {
 public:
  Life(bool lite, bool controlling)
      : agent_({.controlling = controlling,
                .lite = lite,
                .limits = {.local_candidates = 6,
                           .remote_candidates = 6,
                           .unresolved_names = 2,
                           .pairs = 8,
                           .lite_paths = 3}},
               random_) {
    for (std::uint8_t host = 1; host <= 2; ++host) {
      agent_.add_local_candidate(now_, Candidate::host(local(host)));
    }
    agent_.add_local_candidate(now_, Candidate::tcp_host(local(1), TcpType::kPassive));
    agent_.add_local_candidate(now_, Candidate::tcp_host(local(1), TcpType::kActive));
    const turn::Login login{"ada", "lovelace"};
    agent_.gather(now_, {remote(200)},
                  {{.address = remote(201), .login = login, .url = "turn:a"},
                   {.protocol = RelayProtocol::kTcp, .address = remote(201), .login = login}});
    drain_outputs();
  }

  void play(Bytes script) {
    ByteReader reader(script);
    for (int steps = 0; steps < 40 && !reader.at_end(); ++steps) {
      step(reader);
      drain_outputs();
      check_limits();
    }
  }

 private:
  static net::SocketAddress local(std::uint8_t host) {
    return {net::IpAddress::v4({10, 0, 0, host}), 5000};
  }
  static net::SocketAddress remote(std::uint8_t which) {
    return {net::IpAddress::v4({192, 0, 2, static_cast<std::uint8_t>(which / 8 + 1)}),
            static_cast<std::uint16_t>(which + 1)};
  }
  static net::Path path(std::uint8_t byte) {
    return {(byte & 0x80) != 0 ? net::Transport::kTcp : net::Transport::kUdp,
            local((byte & 0x40) != 0 ? 2 : 1), remote(byte & 0x3F)};
  }

  void step(ByteReader& reader) {
    const std::uint8_t what = reader.u8();
    const std::uint8_t more = reader.u8();
    switch (what % 20) {
      case 0:
        return handle(path(more),
                      reader.bytes(std::min<std::size_t>(reader.u8(), reader.remaining())));
      case 1: return handle(path(more), request(reader.u8(), reader.u8()));
      case 2: return handle(path(more), mutated(request(reader.u8(), reader.u8()), reader));
      case 3: return answer(reader.u8(), path(more), false);
      case 4: return answer(reader.u8(), path(more), true);
      case 5: return pass(std::chrono::milliseconds(more));
      case 6: return pass(std::chrono::seconds(more));
      case 7: return agent_.set_remote(now_, kPeer, (more & 1) != 0);
      case 8: return add_remote(more);
      case 9: return agent_.remove_local(now_, local(more % 3));
      case 10: return agent_.add_local_candidate(now_, Candidate::host(local(more % 9)));
      case 11: return agent_.restart(now_);
      case 12: return agent_.tcp_connected(now_, connecting_, path(more));
      case 13: return agent_.tcp_closed(now_, (more & 1) != 0 ? connecting_ : path(more));
      case 15: return from_server(more & 1, reader);
      case 16: return answer_relay(reader.u8(), reader.u8());
      case 17: return agent_.server_connected(now_, {more % 4u});
      case 18: return agent_.server_closed(now_, {more % 4u});
      case 14: return agent_.name_resolved(now_, "n.local", local(more).ip);
      default: return agent_.end_of_remote_candidates(now_);
    }
  }

  void handle(const net::Path& from, Bytes datagram) {
    const std::size_t before = sent_;
    agent_.handle_input(now_, {from, datagram});
    drain_outputs();
    PARLEY_ASSERT(sent_ - before <= 5);  // An answer, a check, questions: no flood.
  }

  // What stands in the script, as if a TURN server said it.
  void from_server(bool by_stream, ByteReader& reader) {
    const Bytes bytes = reader.bytes(std::min<std::size_t>(reader.u8(), reader.remaining()));
    hand_in({bytes.begin(), bytes.end()}, by_stream);
  }

  void hand_in(std::vector<std::uint8_t> packet, bool by_stream) {
    if (by_stream) {
      agent_.server_data(now_, last_stream_, packet);
      for (int i = 0; i < 100; ++i) {
        const auto arrived = agent_.next_relayed(now_, last_stream_);
        if (!arrived) break;
        agent_.handle_input(now_, {arrived->path, arrived->payload});
      }
      return;
    }
    const net::Path path{net::Transport::kUdp, local(1), remote(201)};
    if (const auto arrived = agent_.unwrap(now_, {path, packet})) {
      agent_.handle_input(now_, {arrived->path, arrived->payload});
    }
  }

  // To the last request of a TURN client: a challenge, an error, or what looks like a success.
  void answer_relay(std::uint8_t flags, std::uint8_t code) {
    const bool by_stream = (flags & 1) != 0;
    const auto request = stun::MessageView::parse(by_stream ? last_to_stream_ : last_to_server_);
    if (!request) return;
    const bool success = (flags & 2) != 0;
    stun::MessageBuilder message(success ? stun::Class::kSuccess : stun::Class::kError, *request);
    if (success) {
      message.add_xor_address(Attribute::kXorRelayedAddress, remote(code));
      message.add_xor_address(Attribute::kXorMappedAddress, local(code));
      message.add_u32(Attribute::kLifetime, code * 10u);
    } else {
      constexpr stun::ErrorCode kCodes[] = {
          stun::ErrorCode::kUnauthenticated, stun::ErrorCode::kStaleNonce,
          stun::ErrorCode::kTryAlternate, stun::ErrorCode::kAllocationQuotaReached};
      message.add_error(kCodes[code % 4], "");
      message.add_text(Attribute::kRealm, "r");
      message.add_text(Attribute::kNonce, "n");
      if ((flags & 4) != 0) {
        message.add_address(Attribute::kAlternateServer, remote(code));
        message.add_text(Attribute::kAlternateDomain, code % 2 == 0 ? "turn.example" : "-");
      }
    }
    const auto key = stun::long_term_key_md5("ada", "r", "lovelace");
    if ((flags & 8) == 0) message.add_integrity(key);
    hand_in(message.take(), by_stream);
  }

  // A check of the peer's, in order or with something wrong about it.
  std::vector<std::uint8_t> request(std::uint8_t flags, std::uint8_t number) {
    stun::MessageBuilder check(stun::Class::kRequest, stun::Method::kBinding, {number});
    const Credentials& ours = agent_.local_credentials();
    if ((flags & 1) == 0) check.add_text(Attribute::kUsername, ours.ufrag + ":peer");
    if ((flags & 2) == 0) check.add_u32(Attribute::kPriority, number * 1000u);
    if ((flags & 4) != 0) check.add_flag(Attribute::kUseCandidate);
    if ((flags & 8) != 0) check.add_u64(Attribute::kIceControlling, number);
    if ((flags & 16) != 0) check.add_u64(Attribute::kIceControlled, ~std::uint64_t{0} - number);
    if ((flags & 32) == 0) check.add_integrity(as_bytes(ours.pwd));
    if ((flags & 64) == 0) check.add_fingerprint();
    return check.take();
  }

  std::vector<std::uint8_t> mutated(std::vector<std::uint8_t> datagram, ByteReader& reader) {
    datagram[reader.u8() % datagram.size()] ^= reader.u8();
    return datagram;
  }

  // To the last request of the agent's: from where it went, or from elsewhere.
  void answer(std::uint8_t flags, net::Path from, bool from_there) {
    if (last_request_.payload.empty()) return;
    if (from_there) from = last_request_.path;
    const auto request = stun::MessageView::parse(last_request_.payload);
    const bool success = (flags & 1) == 0;
    stun::MessageBuilder message(success ? stun::Class::kSuccess : stun::Class::kError, *request);
    if ((flags & 2) == 0) message.add_xor_address(Attribute::kXorMappedAddress, remote(flags));
    if (!success) {
      message.add_error(
          (flags & 4) != 0 ? stun::ErrorCode::kRoleConflict : stun::ErrorCode::kBadRequest, "");
    }
    if ((flags & 8) == 0) message.add_integrity(as_bytes(kPeer.pwd));
    if ((flags & 16) == 0) message.add_fingerprint();
    agent_.handle_input(now_, {from, message.view()});
  }

  void pass(Duration duration) {
    const Time end = now_ + duration;
    for (int wakes = 0; wakes < 20 && agent_.next_deadline() <= end; ++wakes) {
      now_ = std::max(now_, agent_.next_deadline());
      agent_.handle_timeout(now_);
      drain_outputs();
    }
    now_ = end;
    agent_.handle_timeout(now_);
  }

  void add_remote(std::uint8_t which) {
    Candidate candidate = Candidate::host(remote(which & 0x3F));
    if ((which & 0x40) != 0) {
      candidate = Candidate::tcp_host(remote(which & 0x3F), TcpType::kPassive);
    }
    if ((which & 0x80) != 0) candidate.mdns_name = "n.local";
    candidate.priority = which * 100u + 1;
    candidate.foundation = std::to_string(which % 5);
    agent_.add_remote_candidate(now_, candidate);
  }

  void drain_outputs() {
    drain(agent_, [&](Output output) {
      if (auto* const transmit = std::get_if<Transmit>(&output)) {
        const auto message = stun::MessageView::parse(transmit->payload);
        if (transmit->path.remote == remote(201)) {
          if (message) last_to_server_ = transmit->payload;
          return;
        }
        ++sent_;
        PARLEY_ASSERT(message.has_value() || agent_.relays().size() > 0);
        if (message && message->message_class() == stun::Class::kRequest) {
          last_request_ = *transmit;
        }
      } else if (const auto* const asked = std::get_if<ConnectServer>(&output)) {
        last_stream_ = asked->stream;
      } else if (const auto* const said = std::get_if<ToServer>(&output)) {
        last_to_stream_ = said->bytes;
      } else if (const auto* const connect = std::get_if<ConnectTcp>(&output)) {
        connecting_ = connect->path;
      } else if (const auto* const selected = std::get_if<Selected>(&output)) {
        PARLEY_ASSERT(selected->path.local.port != 0);
      }
    });
  }

  void check_limits() const {
    PARLEY_ASSERT(agent_.local_candidates().size() <= 6);
    PARLEY_ASSERT(agent_.remote_candidates().size() <= 6);
    PARLEY_ASSERT(agent_.pairs().size() <= 8);
    if (const auto selected = agent_.selected()) PARLEY_ASSERT(agent_.is_validated(*selected));
  }

  SeededRandom random_{1};
  Time now_{std::chrono::hours{1}};
  Agent agent_;
  Transmit last_request_;
  std::vector<std::uint8_t> last_to_server_;
  std::vector<std::uint8_t> last_to_stream_;
  ServerStream last_stream_;
  net::Path connecting_;
  std::size_t sent_ = 0;
};

}  // namespace
}  // namespace parley::ice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  const Bytes input(data, size);
  if (input.empty()) return 0;
  const std::uint8_t kind = input[0] % 4;
  if (kind == 0) {
    ice::check_candidate(as_text(input.subspan(1)));
  } else {
    ice::Life(kind == 1, kind == 2).play(input.subspan(1));
  }
  return 0;
}
