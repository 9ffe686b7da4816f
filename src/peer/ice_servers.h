#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "ice/relay_server.h"
#include "net/address.h"
#include "peer/error.h"

namespace parley::peer {

// RTCIceServer.
struct IceServer {
  std::vector<std::string> urls = {};  // "turn:example.org:3478?transport=udp"
  std::string username = {};
  std::string credential = {};

  friend bool operator==(const IceServer&, const IceServer&) = default;
};

// What one of its URLs says (RFC 7064 and 7065).
struct IceServerUrl {
  bool is_turn = false;  // Else STUN, over UDP.
  ice::RelayProtocol protocol = ice::RelayProtocol::kUdp;
  std::string host = {};  // A name or an address, without brackets.
  std::uint16_t port = 0;

  // The error is for people.
  static std::expected<IceServerUrl, std::string> parse(std::string_view url);

  friend bool operator==(const IceServerUrl&, const IceServerUrl&) = default;
};

// The servers of a configuration, of which some may be known by name alone, until it is resolved.
class IceServers {
 public:
  struct Problem {
    std::string url = {};
    std::string reason = {};
  };

  explicit IceServers(const std::vector<IceServer>& servers);

  // To be resolved yet.
  const std::vector<std::string>& names() const { return names_; }
  // Of its addresses the first of each family is taken. What cannot be used for want of one.
  std::vector<Problem> resolve(std::string_view name, const std::vector<net::IpAddress>& addresses);
  // URLs that say nothing.
  const std::vector<Problem>& problems() const { return problems_; }

  const std::vector<net::SocketAddress>& stun() const { return stun_; }
  const std::vector<ice::RelayServer>& relays() const { return relays_; }

 private:
  struct Named {
    IceServerUrl url = {};
    std::string text = {};
    turn::Login login = {};
  };

  void add(const Named& server, const net::IpAddress& ip);

  std::vector<Named> named_;  // Those that wait for their names.
  std::vector<std::string> names_;
  std::vector<Problem> problems_;
  std::vector<net::SocketAddress> stun_;
  std::vector<ice::RelayServer> relays_;
};

}  // namespace parley::peer
