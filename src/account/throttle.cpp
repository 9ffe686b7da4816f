#include "account/throttle.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "crypto/hash.h"

namespace parley::account {
namespace {

constexpr std::chrono::seconds kLongestWait = std::chrono::hours{1};

using Counted = std::pair<net::RateTable*, std::uint64_t>;

// Takes one of each, or none of any.
template <std::size_t N>
Throttle::Wait take(Time now, const std::array<Counted, N>& counted) {
  Duration wait = Duration::zero();
  for (const auto& [table, key] : counted) wait = std::max(wait, table->wait(now, key));
  if (wait > Duration::zero()) {
    return std::min(kLongestWait, std::chrono::ceil<std::chrono::seconds>(wait));
  }
  for (const auto& [table, key] : counted) table->take(now, key);
  return std::nullopt;
}

}  // namespace

Throttle::Throttle(ThrottleConfig config, Random& random)
    : addresses_(random),
      logins_of_address_(config.logins_of_address),
      logins_to_account_from_address_(config.logins_to_account_from_address),
      logins_to_account_(config.logins_to_account),
      registrations_(config.registrations),
      refreshes_(config.refreshes),
      requests_(config.requests),
      changes_(config.changes) {
  random.fill(secret_);
}

Throttle::Wait Throttle::log_in(Time now, const net::IpAddress& from, std::string_view account) {
  const std::uint64_t address = addresses_.of(from);
  const std::uint64_t name = key_of(account);
  return take(now, std::array<Counted, 3>{{{&logins_of_address_, address},
                                           {&logins_to_account_from_address_, address ^ name},
                                           {&logins_to_account_, name}}});
}

void Throttle::logged_in(Time now, const net::IpAddress& from, std::string_view account) {
  const std::uint64_t address = addresses_.of(from);
  const std::uint64_t name = key_of(account);
  logins_of_address_.give_back(now, address);
  logins_to_account_from_address_.give_back(now, address ^ name);
  logins_to_account_.give_back(now, name);
}

Throttle::Wait Throttle::enrol(Time now, const net::IpAddress& from) {
  return take(now, std::array<Counted, 1>{{{&registrations_, addresses_.of(from)}}});
}

Throttle::Wait Throttle::refresh(Time now, const net::IpAddress& from) {
  return take(now, std::array<Counted, 1>{{{&refreshes_, addresses_.of(from)}}});
}

Throttle::Wait Throttle::ask(Time now, const net::IpAddress& from) {
  return take(now, std::array<Counted, 1>{{{&requests_, addresses_.of(from)}}});
}

Throttle::Wait Throttle::change(Time now, std::string_view account) {
  return take(now, std::array<Counted, 1>{{{&changes_, key_of(account)}}});
}

std::uint64_t Throttle::key_of(std::string_view account) const {
  const auto digest = crypto::hmac_sha256(secret_, as_bytes(account));
  return ByteReader(digest).u64();
}

}  // namespace parley::account
