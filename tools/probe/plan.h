#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "net/address.h"
#include "probe/report.h"
#include "turn/login.h"

namespace parley::probe {

// One way to one address, to be tried.
struct Attempt {
  Way way = Way::kUdp;
  net::SocketAddress server = {};
  std::string name = {};  // Of the host, for its certificate.
  std::optional<turn::Login> login = {};
  std::vector<net::SocketAddress> other_ports = {};  // Of the same address, that answer STUN.
  bool announced = true;
  std::string problem = {};  // The name stands for no address: there is nothing to try.
};

// Of what the name stands for; the error is half a sentence.
using Resolve =
    std::function<std::expected<std::vector<net::IpAddress>, std::string>(const std::string&)>;

// What there is to try: each way that the server announces, to one address of each family; and STUN
// at the address that the web page came from, where that is another.
std::vector<Attempt> plan(const Web& web, const std::optional<Doctor>& doctor,
                          const Resolve& resolve);

// The media ports of each address at which meetings find them. With a single port that is the one.
std::vector<std::vector<net::SocketAddress>> media_ports(const Doctor& doctor);

}  // namespace parley::probe
