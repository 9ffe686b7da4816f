#include "sctp/socket/heartbeats.h"

#include "sctp/packet/chunk.h"

namespace parley::sctp {

namespace {

constexpr std::uint16_t kHeartbeatInfo = 1;

}  // namespace

Heartbeats::Expiry Heartbeats::handle_timeout(Time now, Duration rto, Time last_heard) {
  Expiry expiry;
  if (answer_due_ <= now) {
    answer_due_ = kNever;
    expiry.unanswered = true;
  }
  if (due_ > now) return expiry;
  if (last_heard + config_.heartbeat_interval > now) {
    schedule(last_heard, rto);
    return expiry;
  }
  expiry.send = true;
  answer_due_ = now + rto;
  schedule(now, rto);
  return expiry;
}

std::vector<std::uint8_t> Heartbeats::write(Time now) {
  nonce_ = random_.u64();
  sent_ = now;
  ByteWriter info;
  info.u64(nonce_);
  ByteWriter value;
  write_tlv(value, kHeartbeatInfo, info.view());
  return value.take();
}

std::optional<Duration> Heartbeats::handle_ack(Time now, Bytes value) {
  TlvReader reader(value);
  const auto info = reader.next();
  if (!info || info->type != kHeartbeatInfo || answer_due_ == kNever) return std::nullopt;
  ByteReader content(info->value);
  if (content.u64() != nonce_ || !content.ok()) return std::nullopt;
  answer_due_ = kNever;
  return now - sent_;
}

// RFC 9260, 8.3: the interval, the RTO, and half of that more or less at random.
void Heartbeats::schedule(Time from, Duration rto) {
  if (config_.heartbeat_interval == Duration::zero()) return;
  const auto spread = static_cast<std::uint64_t>(rto.count()) + 1;
  const Duration jitter{static_cast<Duration::rep>(random_.u64() % spread)};
  due_ = from + config_.heartbeat_interval + rto / 2 + jitter;
}

}  // namespace parley::sctp
