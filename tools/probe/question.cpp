#include "probe/question.h"

#include <algorithm>

#include "stun/attributes.h"
#include "stun/message_builder.h"

namespace parley::probe {

std::vector<std::uint8_t> Question::ask(Time now, Random& random) {
  const auto id = stun::make_transaction_id(random);
  asked_.emplace_back(id, now);
  stun::MessageBuilder request(stun::Class::kRequest, stun::Method::kBinding, id);
  if (change_ != 0) request.add_u32(stun::Attribute::kChangeRequest, change_);
  request.add_fingerprint();
  return request.take();
}

bool Question::take(Time now, const net::SocketAddress& from, const stun::MessageView& message) {
  const auto asked = std::ranges::find(asked_, message.transaction_id(),
                                       &std::pair<stun::TransactionId, Time>::first);
  if (answer_ || asked == asked_.end()) return false;
  if (message.message_class() == stun::Class::kError) is_refused_ = true;
  if (message.message_class() != stun::Class::kSuccess || from != from_) return false;
  const auto value = message.find(stun::Attribute::kXorMappedAddress);
  const auto mapped =
      value ? stun::read_xor_address(*value, message.transaction_id()) : std::nullopt;
  if (!mapped) return false;
  answer_ = {.mapped = *mapped, .round_trip = now - asked->second};
  if (const auto other = message.find(stun::Attribute::kOtherAddress)) {
    answer_->other = stun::read_address(*other);
  }
  return true;
}

}  // namespace parley::probe
