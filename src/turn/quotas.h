#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/data_rate.h"
#include "base/time.h"
#include "net/address.h"

namespace parley::turn {

struct QuotaLimits {
  std::size_t allocations = 20;  // An address kept by RESERVATION-TOKEN is one.
  std::size_t permissions = 400;
  DataRate bandwidth = DataRate::mbps(50);  // Both directions together.
};

// How much one user, and one address (of IPv6 a /64), may have of the server. An entry lives only
// as long as something is held by it, so their number is bounded by that of the allocations.
class Quotas {
 public:
  struct Config {
    QuotaLimits user = {};
    // An office, or a carrier's NAT, shares one address.
    QuotaLimits address = {
        .allocations = 400, .permissions = 8000, .bandwidth = DataRate::mbps(400)};
    Duration burst = std::chrono::milliseconds{500};  // Of bandwidth, taken at once after a rest.
  };

  class Share;

  // What one allocation draws on; given back by end(). Stays where it is while it is held.
  struct Lease {
    Share* user = nullptr;
    Share* address = nullptr;
  };

  Quotas() : Quotas(Config()) {}
  explicit Quotas(const Config& config) : config_(config) {}

  // For one allocation; empty if either has too many (486).
  Lease begin(std::string_view user, const net::IpAddress& address);
  void end(Lease lease);

  bool take_permissions(Lease lease, std::size_t count);
  void give_back_permissions(Lease lease, std::size_t count);
  // False: this packet is too much, and is to be dropped.
  bool take_bandwidth(Time now, Lease lease, std::size_t bytes);

  std::size_t shares() const { return users_.size() + addresses_.size(); }

 private:
  Config config_;
  std::unordered_map<std::string, Share> users_;
  std::unordered_map<std::string, Share> addresses_;  // By the bytes of the address or /64.
};

class Quotas::Share {
 private:
  friend class Quotas;

  bool has_bandwidth(Time now, DataRate rate, Duration burst, DataSize size);

  const std::string* key = nullptr;  // Its own, in the map.
  std::size_t allocations = 0;
  std::size_t permissions = 0;
  DataSize tokens = {};
  Time filled_at = kAtOnce;  // Never yet.
};

}  // namespace parley::turn
