#include "sfu/retransmissions.h"

#include <algorithm>

namespace parley::sfu {

bool Retransmissions::allow(Time now, std::size_t slot, std::uint16_t sequence_number,
                            DataSize size) {
  if (resends_ == nullptr) resends_ = std::make_unique<std::array<Resend, kPlaces>>();
  constexpr std::size_t kSpread = 37;  // The numbers of two slots rarely meet.
  Resend& resend = (*resends_)[(sequence_number + slot * kSpread) % kPlaces];
  const bool again = resend.count > 0 && resend.slot == slot &&
                     resend.sequence_number == sequence_number && now - resend.last < kMemory;
  if (again) {
    const bool too_soon = now - resend.last < std::max(rtt_, config_.min_interval);
    if (too_soon || resend.count >= config_.max_resends) return false;
  }
  if (!budget_.allows(now)) return false;
  budget_.handle_sent(now, size);
  resend = {.last = now,
            .slot = static_cast<std::uint16_t>(slot),
            .sequence_number = sequence_number,
            .count = static_cast<std::uint8_t>(again ? resend.count + 1 : 1)};
  return true;
}

}  // namespace parley::sfu
