#include "sfu/message.h"

#include <algorithm>

namespace parley::sfu {

std::optional<Message> Message::parse(Bytes message) {
  ByteReader reader(message);
  const std::uint8_t kind = reader.u8();
  const Bytes name = reader.bytes(reader.u8());
  if (!reader.ok() || kind > static_cast<std::uint8_t>(Kind::kReceipt)) return std::nullopt;
  return Message{
      .kind = Kind{kind}, .name = as_text(name), .body = reader.bytes(reader.remaining())};
}

std::vector<std::uint8_t> Message::write() const {
  std::vector<std::uint8_t> message;
  message.reserve(2 + name.size() + body.size());
  message.push_back(static_cast<std::uint8_t>(kind));
  message.push_back(static_cast<std::uint8_t>(name.size()));
  message.insert(message.end(), name.begin(), name.end());
  message.insert(message.end(), body.begin(), body.end());
  return message;
}

bool MessageBudget::take(Time now, std::size_t bytes, std::size_t receivers,
                         const MessageLimits& limits) {
  const double weight =
      std::max(1.0, static_cast<double>(receivers) / static_cast<double>(limits.receivers));
  const auto is_within = [&](TokenBucket& bucket, const RateLimit& limit, double tokens) {
    return bucket.take(now, limit, std::min(weight * tokens, std::max(limit.burst, tokens)));
  };
  return is_within(messages_, limits.messages, 1) &&
         is_within(bytes_, limits.bytes, static_cast<double>(bytes));
}

}  // namespace parley::sfu
