#include "ice/candidate.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace parley::ice {
namespace {

constexpr std::uint16_t kDiscardPort = 9;  // RFC 6544, 4.1.
constexpr std::uint32_t kMaxPriority = 0x7FFFFFFF;
constexpr std::size_t kMaxFoundation = 32;
constexpr std::size_t kMaxName = 253;

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_ice_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '-' || c == '_';  // The last two as old browsers wrote them.
}

bool is_name_char(char c) {
  return is_ice_char(c) || c == '.';
}

// Reads the words of a line; running off its end is sticky.
class WordReader {
 public:
  explicit WordReader(std::string_view text) : rest_(text) { skip_spaces(); }

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  void fail() { ok_ = false; }

  std::string_view word() {
    if (rest_.empty()) ok_ = false;
    const std::string_view word = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(word.size());
    skip_spaces();
    return word;
  }

  template <class Number>
  Number number(Number min, Number max) {
    const std::string_view digits = word();
    Number value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size() || value < min ||
        value > max) {
      ok_ = false;
    }
    return value;
  }

 private:
  void skip_spaces() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  std::string_view rest_;
  bool ok_ = true;
};

std::optional<net::Transport> parse_transport(std::string_view text) {
  if (equal_ignoring_case(text, "udp")) return net::Transport::kUdp;
  if (equal_ignoring_case(text, "tcp")) return net::Transport::kTcp;
  return std::nullopt;
}

template <class Enum>
std::optional<Enum> parse_enum(std::string_view text, std::initializer_list<Enum> values) {
  for (const Enum value : values) {
    if (equal_ignoring_case(text, to_string(value))) return value;
  }
  return std::nullopt;
}

std::optional<CandidateType> parse_type(std::string_view text) {
  return parse_enum(text, {CandidateType::kHost, CandidateType::kServerReflexive,
                           CandidateType::kPeerReflexive, CandidateType::kRelayed});
}

std::optional<TcpType> parse_tcp_type(std::string_view text) {
  return parse_enum(text, {TcpType::kActive, TcpType::kPassive, TcpType::kSimultaneousOpen});
}

bool is_mdns_name(std::string_view text) {
  return text.size() > 6 && text.size() <= kMaxName && text.ends_with(".local") &&
         std::ranges::all_of(text, is_name_char);
}

// The extensions, in pairs of name and value. A related address that is hidden or a name is none.
void read_extensions(WordReader& reader, Candidate& candidate) {
  std::optional<net::IpAddress> related_ip;
  while (reader.ok() && !reader.at_end()) {
    const std::string_view name = reader.word();
    if (name == "raddr") {
      related_ip = net::IpAddress::parse(reader.word());
    } else if (name == "rport") {
      const auto port = reader.number<std::uint16_t>(0, 0xFFFF);
      if (related_ip) candidate.related = net::SocketAddress{.ip = *related_ip, .port = port};
    } else if (name == "tcptype") {
      candidate.tcp_type = parse_tcp_type(reader.word());
    } else if (name == "ufrag") {
      candidate.ufrag = reader.word();
    } else {
      reader.word();
    }
  }
}

constexpr std::uint32_t type_preference(CandidateType type, net::Transport transport) {
  const bool udp = transport == net::Transport::kUdp;
  switch (type) {
    case CandidateType::kHost: return udp ? 126 : 90;
    case CandidateType::kPeerReflexive: return udp ? 110 : 80;
    case CandidateType::kServerReflexive: return udp ? 100 : 70;
    case CandidateType::kRelayed: return udp ? 2 : 0;
  }
  std::unreachable();
}

// RFC 6544, 4.2: what is likely to get through first.
constexpr std::uint32_t direction_preference(CandidateType type, TcpType tcp_type) {
  const bool direct = type == CandidateType::kHost || type == CandidateType::kRelayed;
  switch (tcp_type) {
    case TcpType::kActive: return direct ? 6 : 4;
    case TcpType::kPassive: return direct ? 4 : 2;
    case TcpType::kSimultaneousOpen: return direct ? 2 : 6;
  }
  std::unreachable();
}

}  // namespace

Candidate Candidate::host(const net::SocketAddress& address) {
  return {.address = address, .base = address};
}

Candidate Candidate::tcp_host(const net::SocketAddress& address, TcpType tcp_type) {
  const bool active = tcp_type == TcpType::kActive;
  return {.transport = net::Transport::kTcp,
          .tcp_type = tcp_type,
          .address = {.ip = address.ip, .port = active ? kDiscardPort : address.port},
          .base = {.ip = address.ip, .port = active ? std::uint16_t{0} : address.port}};
}

Candidate Candidate::relayed(const net::SocketAddress& address, const net::SocketAddress& mapped,
                             RelayProtocol protocol) {
  return {.type = CandidateType::kRelayed,
          .address = address,
          .related = mapped,
          .base = address,
          .relay_protocol = protocol};
}

std::expected<Candidate, CandidateError> Candidate::parse(std::string_view text) {
  if (text.starts_with("a=")) text.remove_prefix(2);
  if (text.starts_with("candidate:")) text.remove_prefix(10);
  while (text.ends_with('\r') || text.ends_with('\n')) text.remove_suffix(1);
  WordReader reader(text);
  Candidate candidate;
  candidate.foundation = reader.word();
  candidate.component = reader.number<std::uint16_t>(1, 256);
  const auto transport = parse_transport(reader.word());
  candidate.priority = reader.number<std::uint32_t>(1, kMaxPriority);
  const std::string_view host = reader.word();
  candidate.address.port = reader.number<std::uint16_t>(0, 0xFFFF);
  if (reader.word() != "typ") reader.fail();
  const auto type = parse_type(reader.word());
  read_extensions(reader, candidate);

  if (!reader.ok() || candidate.foundation.size() > kMaxFoundation ||
      !std::ranges::all_of(candidate.foundation, is_ice_char)) {
    return std::unexpected(CandidateError::kMalformed);
  }
  if (!transport) return std::unexpected(CandidateError::kUnknownTransport);
  if (!type) return std::unexpected(CandidateError::kUnknownType);
  candidate.transport = *transport;
  candidate.type = *type;
  if (*transport == net::Transport::kUdp) candidate.tcp_type.reset();
  if (*transport == net::Transport::kTcp && !candidate.tcp_type) {
    return std::unexpected(CandidateError::kMalformed);
  }
  if (const auto ip = net::IpAddress::parse(host)) {
    candidate.address.ip = *ip;
  } else if (is_mdns_name(host)) {
    candidate.mdns_name = host;
  } else {
    return std::unexpected(CandidateError::kUnsupportedAddress);
  }
  return candidate;
}

std::string Candidate::to_string() const {
  return "candidate:" + attribute_value();
}

std::string Candidate::attribute_value() const {
  std::string text = fmt::format(
      "{} {} {} {} {} {} typ {}", foundation, component, net::to_string(transport), priority,
      mdns_name.empty() ? address.ip.to_string() : mdns_name, address.port, ice::to_string(type));
  if (type != CandidateType::kHost) {
    const net::SocketAddress from = related.value_or(net::SocketAddress{});
    text += fmt::format(" raddr {} rport {}", from.ip.to_string(), from.port);
  }
  if (tcp_type) text += fmt::format(" tcptype {}", ice::to_string(*tcp_type));
  if (!ufrag.empty()) text += fmt::format(" ufrag {}", ufrag);
  return text;
}

std::uint32_t candidate_priority(CandidateType type, net::Transport transport,
                                 std::optional<TcpType> tcp_type, std::uint16_t local_preference) {
  std::uint32_t preference = local_preference;
  if (tcp_type) {
    const std::uint32_t below_best = std::min(0xFFFFu - local_preference, 0x1FFFu);
    preference = direction_preference(type, *tcp_type) << 13 | (0x1FFF - below_best);
  }
  constexpr std::uint32_t kComponent = 1;
  return type_preference(type, transport) << 24 | preference << 8 | (256 - kComponent);
}

std::uint64_t pair_priority(std::uint32_t controlling, std::uint32_t controlled) {
  const std::uint64_t low = std::min(controlling, controlled);
  const std::uint64_t high = std::max(controlling, controlled);
  return (low << 32) + 2 * high + (controlling > controlled ? 1 : 0);
}

std::string_view to_string(CandidateType type) {
  switch (type) {
    case CandidateType::kHost: return "host";
    case CandidateType::kServerReflexive: return "srflx";
    case CandidateType::kPeerReflexive: return "prflx";
    case CandidateType::kRelayed: return "relay";
  }
  std::unreachable();
}

std::string_view to_string(TcpType type) {
  switch (type) {
    case TcpType::kActive: return "active";
    case TcpType::kPassive: return "passive";
    case TcpType::kSimultaneousOpen: return "so";
  }
  std::unreachable();
}

std::string_view to_string(RelayProtocol protocol) {
  switch (protocol) {
    case RelayProtocol::kUdp: return "udp";
    case RelayProtocol::kTcp: return "tcp";
    case RelayProtocol::kTls: return "tls";
  }
  std::unreachable();
}

std::string_view to_string(CandidateError error) {
  switch (error) {
    case CandidateError::kMalformed: return "malformed candidate";
    case CandidateError::kUnknownTransport: return "candidate of an unknown transport";
    case CandidateError::kUnknownType: return "candidate of an unknown type";
    case CandidateError::kUnsupportedAddress: return "candidate with a host name";
  }
  std::unreachable();
}

}  // namespace parley::ice
