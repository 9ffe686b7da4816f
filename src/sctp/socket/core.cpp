#include "sctp/socket/core.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace parley::sctp {
namespace {

// Chunks that wait for the next packet. A peer that provokes more does not get an answer to each.
constexpr std::size_t kMaxControl = 16;
constexpr std::size_t kSmallestMtu = 512;

crypto::Sha256Digest random_key(Random& random) {
  crypto::Sha256Digest key;
  random.fill(key);
  return key;
}

}  // namespace

Association::Core::Core(Random& random, const Config& config)
    : config_(config), random_(random), cookie_key_(random_key(random)) {
  PARLEY_ASSERT(config.mtu >= kSmallestMtu && config.max_burst > 0);
  PARLEY_ASSERT(config.receive_buffer >= config.max_message_size);
}

Association::Core::Connection::Connection(Core& core, const StateCookie& agreed)
    : peer_tag(agreed.peer_tag),
      peer(agreed.peer),
      outgoing_streams(agreed.outgoing_streams),
      incoming_streams(agreed.incoming_streams),
      sender(core.config_, core.queue_, core.counters_, Tsn::first(agreed.local_initial_tsn),
             agreed.peer_window, agreed.peer.partial_reliability),
      receiver(core.config_, core.counters_, Tsn::first(agreed.peer_initial_tsn),
               agreed.incoming_streams),
      resets(core.config_, core.queue_, agreed.local_initial_tsn, agreed.peer_initial_tsn),
      heartbeats(core.config_, core.random_) {}

std::expected<void, SendError> Association::Core::send(Time now, Message message,
                                                       const SendOptions& options) {
  switch (state_) {
    case State::kListening:
    case State::kCookieWait:
    case State::kCookieEchoed:
    case State::kEstablished: break;
    default: return std::unexpected(SendError::kNotConnected);
  }
  const std::size_t size = message.payload.size();
  const std::size_t streams =
      connection_ ? connection_->outgoing_streams : config_.max_outgoing_streams;
  if (shutdown_wanted_) return std::unexpected(SendError::kNotConnected);
  if (size == 0) return std::unexpected(SendError::kEmpty);
  if (size > config_.max_message_size ||
      (remote_max_message_size_ != 0 && size > remote_max_message_size_)) {
    return std::unexpected(SendError::kTooLarge);
  }
  if (message.stream.value >= streams) return std::unexpected(SendError::kStreamTooHigh);
  if (size > config_.max_send_buffer - std::min(queue_.buffered(), config_.max_send_buffer)) {
    return std::unexpected(SendError::kBufferFull);
  }
  begin(now);
  const bool expires = options.lifetime && *options.lifetime < kNever - now;
  queue_.add(std::move(message), options, expires ? now + *options.lifetime : kNever);
  ++counters_.messages_sent;
  return {};
}

void Association::Core::reset_streams(Time now, const std::vector<StreamId>& streams) {
  begin(now);
  if (!connection_ || !connection_->peer.re_config) {
    outputs_.emplace_back(StreamResetFailed{.streams = streams});
    return;
  }
  connection_->resets.reset(streams);
}

void Association::Core::handle_timeout(Time now) {
  begin(now);
  if (retry_.deadline() <= now) handle_retry_timeout(now);
  if (connection_ && state_ != State::kCookieEchoed) {
    Connection& connection = *connection_;
    const Duration rto = connection.sender.timeout().timeout();
    if (connection.sender.handle_timeout(now)) add_silence();
    if (connection.resets.handle_timeout(now)) add_silence();
    const auto beat = connection.heartbeats.handle_timeout(now, rto, connection.last_heard);
    if (beat.unanswered) add_silence();
    if (beat.send) add_control(ChunkType::kHeartbeat, 0, connection.heartbeats.write(now));
  }
  collect();
}

std::optional<Association::Output> Association::Core::poll_output() {
  if (outputs_.empty() && connection_) {
    if (auto packet = make_packet()) {
      collect();  // Cutting chunks may have brought a buffer to its threshold.
      return *std::move(packet);
    }
  }
  if (outputs_.empty()) return std::nullopt;
  Output output = std::move(outputs_.front());
  outputs_.pop_front();
  return output;
}

Time Association::Core::next_deadline() const {
  if (state_ == State::kClosed) return kNever;
  Time next = retry_.deadline();
  if (connection_ && state_ != State::kCookieEchoed) {
    next = std::min({next, connection_->sender.deadline(), connection_->resets.deadline(),
                     connection_->heartbeats.deadline(),
                     connection_->receiver.sack_schedule().deadline()});
  }
  return next;
}

Association::State Association::Core::public_state() const {
  switch (state_) {
    case State::kListening: return Association::State::kListening;
    case State::kCookieWait:
    case State::kCookieEchoed: return Association::State::kConnecting;
    case State::kEstablished: return Association::State::kEstablished;
    case State::kClosed: return Association::State::kClosed;
    default: return Association::State::kShuttingDown;
  }
}

Metrics Association::Core::metrics() const {
  Metrics metrics{.send_buffered = queue_.buffered()};
  if (connection_) {
    connection_->sender.fill(metrics);
    metrics.receive_buffered = connection_->receiver.held_bytes();
  }
  return metrics;
}

void Association::Core::begin(Time now) {
  now_ = now;
  if (connection_) connection_->sender.begin_burst();
}

// Hands on what the parts have for the owner, and lets go of them when it is over.
void Association::Core::collect() {
  while (const auto stream = queue_.poll_low()) {
    outputs_.emplace_back(BufferedAmountLow{.stream = *stream});
  }
  if (!connection_) return;
  if (state_ == State::kClosed) {
    connection_.reset();
    return;
  }
  Connection& connection = *connection_;
  while (auto received = connection.receiver.poll_message()) {
    ++counters_.messages_received;
    outputs_.emplace_back(
        MessageReceived{.message = std::move(received->message), .ordered = received->ordered});
  }
  if (auto streams = connection.receiver.poll_reset()) {
    outputs_.emplace_back(IncomingStreamsReset{.streams = *std::move(streams)});
  }
  while (auto streams = connection.resets.poll_incoming()) {
    outputs_.emplace_back(IncomingStreamsReset{.streams = *std::move(streams)});
  }
  while (auto outcome = connection.resets.poll_outcome()) {
    if (outcome->performed) {
      outputs_.emplace_back(OutgoingStreamsReset{.streams = std::move(outcome->streams)});
    } else {
      outputs_.emplace_back(StreamResetFailed{.streams = std::move(outcome->streams)});
    }
  }
}

void Association::Core::add_silence() {
  if (state_ == State::kClosed || ++connection_->silences <= config_.max_retransmissions) return;
  close(CloseReason::kTimeout, "the peer does not answer");
}

void Association::Core::heard(Time now) {
  connection_->silences = 0;
  connection_->last_heard = now;
}

bool Association::Core::may_send_data() const {
  return state_ == State::kEstablished || state_ == State::kShutdownPending ||
         state_ == State::kShutdownReceived;
}

std::optional<Association::Transmit> Association::Core::make_packet() {
  if (state_ == State::kClosed || state_ == State::kCookieWait) return std::nullopt;
  const bool echoes_cookie = state_ == State::kCookieEchoed;
  // Until the peer has answered it has to know us by the cookie: so only with it (RFC 9260, 5.1).
  if (echoes_cookie && control_.empty()) return std::nullopt;
  Connection& connection = *connection_;
  PacketWriter writer({.source_port = config_.local_port,
                       .destination_port = config_.remote_port,
                       .verification_tag = connection.peer_tag},
                      config_.mtu);
  write_control(writer);
  const bool sends_data = may_send_data() || echoes_cookie;
  const SackSchedule& sack = connection.receiver.sack_schedule();
  const bool sack_rides_along =
      sack.is_waiting() && (!writer.empty() || connection.sender.has_chunks());
  if (sack.is_due(now_) || sack_rides_along) connection.receiver.write_sack(writer);
  if (sends_data && control_.empty()) {
    connection.sender.write_chunks(now_, writer);
    const Duration rto = connection.sender.timeout().timeout();
    const auto reset = connection.resets.poll_chunk(now_, connection.sender.next_tsn().wire(), rto);
    if (reset) add_control(ChunkType::kReConfig, 0, *reset);
    if (writer.empty()) write_control(writer);
  }
  if (writer.empty()) return std::nullopt;
  const bool no_checksum = config_.zero_checksum && connection.peer.zero_checksum && !echoes_cookie;
  Transmit transmit{.packet = writer.finish(no_checksum ? Checksum::kZero : Checksum::kCrc32c)};
  ++counters_.packets_sent;
  counters_.bytes_sent += transmit.packet.size();
  return transmit;
}

void Association::Core::write_control(PacketWriter& writer) {
  while (!control_.empty()) {
    const ControlChunk& chunk = control_.front();
    if (!writer.empty() && chunk.value.size() > writer.room()) return;
    writer.add(chunk.type, chunk.flags, chunk.value);
    control_.pop_front();
  }
}

void Association::Core::transmit(std::vector<std::uint8_t> packet) {
  ++counters_.packets_sent;
  counters_.bytes_sent += packet.size();
  outputs_.emplace_back(Transmit{.packet = std::move(packet)});
}

// For what is not of the connection, or must come before what is.
void Association::Core::send_alone(std::uint32_t tag, ChunkType type, std::uint8_t flags,
                                   Bytes value) {
  PacketWriter writer({.source_port = config_.local_port,
                       .destination_port = config_.remote_port,
                       .verification_tag = tag},
                      config_.mtu);
  writer.add(type, flags, value);
  transmit(writer.finish(Checksum::kCrc32c));
}

void Association::Core::add_control(ChunkType type, std::uint8_t flags,
                                    std::vector<std::uint8_t> value) {
  if (control_.size() == kMaxControl) return;
  control_.push_back({.type = type, .flags = flags, .value = std::move(value)});
}

}  // namespace parley::sctp
