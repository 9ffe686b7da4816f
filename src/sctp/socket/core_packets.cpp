#include <algorithm>
#include <utility>

#include "sctp/packet/big_endian.h"
#include "sctp/packet/data.h"
#include "sctp/packet/forward_tsn.h"
#include "sctp/packet/re_config.h"
#include "sctp/packet/sack.h"
#include "sctp/socket/core.h"

namespace parley::sctp {
namespace {

constexpr std::uint8_t kTagIsReflected = 0x01;  // The T bit (RFC 9260, 8.5.1).
constexpr std::size_t kMaxReported = 128;       // Bytes of a chunk we do not know.

}  // namespace

void Association::Core::handle_input(Time now, Bytes datagram) {
  ++counters_.packets_received;
  counters_.bytes_received += datagram.size();
  const auto packet = accept(datagram);
  if (!packet) {
    ++(counters_.*packet.error());
    return;
  }
  begin(now);
  handle_packet(now, *packet);
  if (connection_ && state_ != State::kClosed) {
    connection_->receiver.finish_packet(now);
    advance_shutdown(now);
  }
  collect();
}

// Whether it is a packet for us at all; else, which counter says why not.
std::expected<PacketView, std::uint64_t Counters::*> Association::Core::accept(
    Bytes datagram) const {
  const auto packet = PacketView::parse(datagram);
  if (!packet) return std::unexpected(&Counters::dropped_malformed);
  // RFC 9653, 5.3: zero passes only for an association that there is or was; INIT has none.
  const bool is_known = connection_.has_value() || state_ == State::kClosed;
  const bool may_be_zero =
      config_.zero_checksum && is_known && packet->header().verification_tag != 0;
  if (!(may_be_zero && packet->has_zero_checksum()) && !packet->has_right_checksum()) {
    return std::unexpected(&Counters::dropped_bad_checksum);
  }
  if (packet->header().source_port != config_.remote_port ||
      packet->header().destination_port != config_.local_port) {
    return std::unexpected(&Counters::dropped_wrong_tag);
  }
  return *packet;
}

void Association::Core::handle_packet(Time now, const PacketView& packet) {
  std::size_t offset = 0;
  const ChunkView first = *packet.next_chunk(offset);
  if (first.type == ChunkType::kInit) {
    std::size_t end = offset;
    // Alone, and without a tag (RFC 9260, 8.5.1, A).
    const bool valid = packet.header().verification_tag == 0 && !packet.next_chunk(end);
    if (valid && state_ != State::kClosed) {
      handle_init(now, first);
    } else {
      ++counters_.dropped_wrong_tag;
    }
    return;
  }
  if (first.type == ChunkType::kCookieEcho && state_ != State::kClosed) {
    if (!handle_cookie_echo(now, packet, first)) return;
  } else if (!has_right_tag(packet, first)) {
    // What was closed in agreement still answers, if the last word was lost (8.4, 5).
    if (state_ == State::kClosed && first.type == ChunkType::kShutdownAck) {
      send_alone(packet.header().verification_tag, ChunkType::kShutdownComplete, kTagIsReflected,
                 {});
    } else {
      ++counters_.dropped_wrong_tag;
    }
    return;
  } else if (!handle_chunk(now, first)) {
    return;
  }
  while (const auto chunk = packet.next_chunk(offset)) {
    if (state_ == State::kClosed || !handle_chunk(now, *chunk)) return;
  }
}

// RFC 9260, 8.5 and 8.5.1.
bool Association::Core::has_right_tag(const PacketView& packet, const ChunkView& first) const {
  if (state_ == State::kListening || state_ == State::kClosed) return false;
  const bool may_reflect =
      first.type == ChunkType::kAbort || first.type == ChunkType::kShutdownComplete;
  if (may_reflect && (first.flags & kTagIsReflected) != 0) {
    return connection_ && packet.header().verification_tag == connection_->peer_tag;
  }
  return packet.header().verification_tag == local_tag_;
}

// Whether to go on with the next chunk.
bool Association::Core::handle_chunk(Time now, const ChunkView& chunk) {
  switch (chunk.type) {
    case ChunkType::kInitAck: handle_init_ack(now, chunk); return true;
    case ChunkType::kAbort: handle_abort(chunk); return false;
    case ChunkType::kError: handle_error(now, chunk); return true;
    case ChunkType::kCookieAck: handle_cookie_ack(now); return true;
    case ChunkType::kInit:        // Only alone.
    case ChunkType::kCookieEcho:  // Only first.
      ++counters_.dropped_wrong_tag;
      return false;
    default: break;
  }
  if (connection_ && state_ != State::kCookieEchoed) return handle_connection_chunk(now, chunk);
  ++counters_.dropped_wrong_tag;
  return false;
}

bool Association::Core::handle_connection_chunk(Time now, const ChunkView& chunk) {
  switch (chunk.type) {
    case ChunkType::kData: handle_data(now, chunk); return true;
    case ChunkType::kSack: handle_sack(now, chunk); return true;
    case ChunkType::kHeartbeat:
      if (chunk.value.size() <= config_.mtu / 2) {
        add_control(ChunkType::kHeartbeatAck, 0, {chunk.value.begin(), chunk.value.end()});
      }
      return true;
    case ChunkType::kHeartbeatAck: handle_heartbeat_ack(now, chunk); return true;
    case ChunkType::kForwardTsn: handle_forward_tsn(chunk); return true;
    case ChunkType::kReConfig: handle_re_config(now, chunk); return true;
    case ChunkType::kShutdown: handle_shutdown(now, chunk); return true;
    case ChunkType::kShutdownAck: handle_shutdown_ack(); return true;
    case ChunkType::kShutdownComplete:
      if (state_ == State::kShutdownAckSent) close(CloseReason::kShutdown, "");
      return true;
    default: return handle_unknown(chunk);
  }
}

bool Association::Core::handle_unknown(const ChunkView& chunk) {
  ++counters_.dropped_unknown_chunk;
  const UnknownAction action = action_if_unknown(chunk.type);
  if (reports(action)) {
    // As much of it as an answer may carry.
    const Bytes value = chunk.value.first(std::min(chunk.value.size(), kMaxReported));
    std::vector<std::uint8_t> whole(kChunkHeaderSize + value.size());
    whole[0] = static_cast<std::uint8_t>(chunk.type);
    whole[1] = chunk.flags;
    store_u16(whole.data() + 2, static_cast<std::uint16_t>(kChunkHeaderSize + chunk.value.size()));
    std::ranges::copy(value, whole.begin() + kChunkHeaderSize);
    ByteWriter cause;
    write_to(cause, ErrorCause::kUnrecognizedChunk, whole);
    add_control(ChunkType::kError, 0, cause.take());
  }
  return !stops(action);
}

void Association::Core::handle_data(Time now, const ChunkView& chunk) {
  const auto data = Data::parse(chunk);
  if (!data) {
    ++counters_.dropped_malformed;
    return;
  }
  if (state_ == State::kShutdownReceived || state_ == State::kShutdownAckSent) return;
  ByteWriter information;
  switch (connection_->receiver.handle_data(*data)) {
    case Receiver::Verdict::kAccepted: break;
    case Receiver::Verdict::kNoSuchStream: {
      ++counters_.dropped_bad_stream;
      information.u16(data->stream.value);
      information.u16(0);
      ByteWriter cause;
      write_to(cause, ErrorCause::kInvalidStream, information.view());
      add_control(ChunkType::kError, 0, cause.take());
      break;
    }
    case Receiver::Verdict::kNoUserData:
      information.u32(data->tsn);
      abort_for(ErrorCause::kNoUserData, information.view(), CloseReason::kPeerMisbehaved,
                "DATA without user data");
      return;
    case Receiver::Verdict::kTooLong:
      abort_for(ErrorCause::kOutOfResource, {}, CloseReason::kPeerMisbehaved,
                "a message longer than we offered to take");
      return;
    case Receiver::Verdict::kBrokenFragments:
      abort_for(ErrorCause::kProtocolViolation, as_bytes("fragments do not fit together"),
                CloseReason::kPeerMisbehaved, "fragments that do not fit together");
      return;
  }
  if (state_ != State::kShutdownSent) return;
  // RFC 9260, 9.2: we wait for the peer to finish, and tell so with each packet.
  connection_->receiver.sack_schedule().send_at_once();
  send_shutdown();
  retry_.start(now, connection_->sender.timeout().timeout());
}

void Association::Core::handle_sack(Time now, const ChunkView& chunk) {
  const auto sack = SackView::parse(chunk.value);
  if (!sack) {
    ++counters_.dropped_malformed;
  } else if (connection_->sender.handle_sack(now, *sack)) {
    heard(now);
  }
}

void Association::Core::handle_forward_tsn(const ChunkView& chunk) {
  if (const auto forward = ForwardTsn::parse(chunk.value)) {
    connection_->receiver.handle_forward_tsn(*forward);
  } else {
    ++counters_.dropped_malformed;
  }
}

void Association::Core::handle_re_config(Time now, const ChunkView& chunk) {
  if (const auto parameters = parse_re_config(chunk.value)) {
    heard(now);
    connection_->resets.handle(now, *parameters, connection_->receiver);
  } else {
    ++counters_.dropped_malformed;
  }
}

void Association::Core::handle_heartbeat_ack(Time now, const ChunkView& chunk) {
  const auto round_trip = connection_->heartbeats.handle_ack(now, chunk.value);
  if (!round_trip) return;
  ++counters_.heartbeats_acked;
  heard(now);
  connection_->sender.timeout().handle_measurement(*round_trip);
}

// Only a stale cookie changes anything: then there is a new handshake (RFC 9260, 5.2.6).
void Association::Core::handle_error(Time now, const ChunkView& chunk) {
  if (state_ != State::kCookieEchoed || !has_cause(chunk.value, ErrorCause::kStaleCookie)) return;
  queue_.restart();
  connection_.reset();
  control_.clear();
  state_ = State::kCookieWait;
  retry_.start(now, config_.rto_initial);
  send_init();
}

}  // namespace parley::sctp
