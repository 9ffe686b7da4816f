#include "turn/quotas.h"

#include <algorithm>

namespace parley::turn {
namespace {

std::string address_key(const net::IpAddress& address) {
  const Bytes bytes = address.bytes();
  return std::string(as_text(address.is_v4() ? bytes : bytes.first(8)));
}

}  // namespace

Quotas::Lease Quotas::begin(std::string_view user, const net::IpAddress& address) {
  const auto share_of = [](auto& shares, std::string key) -> Share& {
    const auto [it, added] = shares.try_emplace(std::move(key));
    if (added) it->second.key = &it->first;
    return it->second;
  };
  Lease lease{&share_of(users_, std::string(user)), &share_of(addresses_, address_key(address))};
  ++lease.user->allocations;
  ++lease.address->allocations;
  if (lease.user->allocations <= config_.user.allocations &&
      lease.address->allocations <= config_.address.allocations) {
    return lease;
  }
  end(lease);
  return {};
}

void Quotas::end(Lease lease) {
  if (--lease.user->allocations == 0) users_.erase(std::string(*lease.user->key));
  if (--lease.address->allocations == 0) addresses_.erase(std::string(*lease.address->key));
}

bool Quotas::take_permissions(Lease lease, std::size_t count) {
  if (lease.user->permissions + count > config_.user.permissions ||
      lease.address->permissions + count > config_.address.permissions) {
    return false;
  }
  lease.user->permissions += count;
  lease.address->permissions += count;
  return true;
}

void Quotas::give_back_permissions(Lease lease, std::size_t count) {
  lease.user->permissions -= count;
  lease.address->permissions -= count;
}

bool Quotas::take_bandwidth(Time now, Lease lease, std::size_t bytes) {
  const DataSize size = DataSize::bytes(bytes);
  if (!lease.user->has_bandwidth(now, config_.user.bandwidth, config_.burst, size) ||
      !lease.address->has_bandwidth(now, config_.address.bandwidth, config_.burst, size)) {
    return false;
  }
  lease.user->tokens -= size;
  lease.address->tokens -= size;
  return true;
}

// Fills up what the time since then has brought.
bool Quotas::Share::has_bandwidth(Time now, DataRate rate, Duration burst, DataSize size) {
  if (filled_at == kAtOnce) {
    tokens = rate * burst;
    filled_at = now;
  } else if (now > filled_at) {
    tokens = std::min(rate * burst, tokens + rate * std::min(now - filled_at, burst));
    filled_at = now;
  }
  return tokens >= size;
}

}  // namespace parley::turn
