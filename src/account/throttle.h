#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/random.h"
#include "base/time.h"
#include "net/address.h"
#include "net/rate_table.h"
#include "net/source_limiter.h"

namespace parley::account {

// How often somebody may try. `per_second` is what comes back in the long run.
struct ThrottleConfig {
  net::RateTable::Config logins_of_address = {.per_second = 1. / 5, .burst = 50, .keys = 16'384};
  // One address that guesses at one account does not lock its owner out elsewhere; many together
  // do, after a while: there is no telling them from the owner.
  net::RateTable::Config logins_to_account_from_address = {
      .per_second = 1. / 30, .burst = 10, .keys = 16'384};
  net::RateTable::Config logins_to_account = {.per_second = 1. / 10, .burst = 40, .keys = 16'384};
  net::RateTable::Config registrations = {.per_second = 1. / 20, .burst = 30, .keys = 16'384};
  net::RateTable::Config refreshes = {.per_second = 2, .burst = 200, .keys = 16'384};
  // Whatever asks the store, by address: nobody keeps it from the meetings. An office has one.
  net::RateTable::Config requests = {.per_second = 50, .burst = 1'000, .keys = 16'384};
  // Of programs that make rooms and tokens, and of people who click: by account.
  net::RateTable::Config changes = {.per_second = 20, .burst = 200, .keys = 16'384};
};

// Says who tries too often: passwords by address and by account, the rest by address, or by account
// once that is known. Every attempt counts before its outcome is known, so attempts at the same
// time gain nothing; one that succeeds is given back. Loopback is limited too: the proxy that hides
// everybody's address must not be the way around.
class Throttle {
 public:
  Throttle(ThrottleConfig config, Random& random);

  // Nothing: go ahead. Else how long to wait, rounded up to seconds.
  using Wait = std::optional<std::chrono::seconds>;

  Wait log_in(Time now, const net::IpAddress& from, std::string_view account);
  void logged_in(Time now, const net::IpAddress& from, std::string_view account);
  Wait enrol(Time now, const net::IpAddress& from);
  Wait refresh(Time now, const net::IpAddress& from);
  Wait ask(Time now, const net::IpAddress& from);
  Wait change(Time now, std::string_view account);

 private:
  std::uint64_t key_of(std::string_view account) const;

  net::SourceKeys addresses_;
  std::array<std::uint8_t, 32> secret_ = {};  // Keys the accounts' names.
  net::RateTable logins_of_address_;
  net::RateTable logins_to_account_from_address_;
  net::RateTable logins_to_account_;
  net::RateTable registrations_;
  net::RateTable refreshes_;
  net::RateTable requests_;
  net::RateTable changes_;
};

}  // namespace parley::account
