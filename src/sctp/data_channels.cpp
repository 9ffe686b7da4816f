#include "sctp/data_channels.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "base/overloaded.h"

namespace parley::sctp {
namespace {

constexpr std::size_t kMaxText = 65'535;     // Of a label and of a protocol (RFC 8832, 5.1).
constexpr std::uint16_t kNoStream = 65'535;  // RFC 8832, 6

Ppid ppid_of(DataChannels::Kind kind, bool empty) {
  if (kind == DataChannels::Kind::kText) return empty ? Ppid::kStringEmpty : Ppid::kString;
  return empty ? Ppid::kBinaryEmpty : Ppid::kBinary;
}

SendOptions send_options(const ChannelOptions& options, bool ordered) {
  return {.ordered = ordered,
          .max_retransmits = options.max_retransmits,
          .lifetime = options.max_packet_lifetime};
}

}  // namespace

DataChannels::DataChannels(Random& random, const Config& config)
    : config_(config),
      association_(random, config.association),
      streams_(std::min(config.association.max_outgoing_streams,
                        config.association.max_incoming_streams)) {}

void DataChannels::start(Time now, bool is_dtls_client) {
  now_ = now;
  is_dtls_client_ = is_dtls_client;
  association_.connect(now);
  std::vector<ChannelId> without_place;
  for (auto& [id, channel] : channels_) {
    if (channel.stream) continue;
    const auto stream = free_stream();
    if (!stream || !give_stream(now, id, channel, *stream)) without_place.push_back(id);
  }
  for (const ChannelId id : without_place) finish_closing(channels_.find(id), true);
}

std::expected<ChannelId, OpenError> DataChannels::open(Time now, const ChannelOptions& options) {
  now_ = now;
  const auto state = association_.state();
  if (state == Association::State::kShuttingDown || state == Association::State::kClosed) {
    return std::unexpected(OpenError::kClosed);
  }
  if (options.label.size() > kMaxText || options.protocol.size() > kMaxText) {
    return std::unexpected(OpenError::kLabelTooLong);
  }
  if (options.max_retransmits && options.max_packet_lifetime) {
    return std::unexpected(OpenError::kBadReliability);
  }
  std::optional<StreamId> stream;
  if (options.negotiated) {
    stream = StreamId{*options.negotiated};
    if (stream->value == kNoStream || by_stream_.contains(*stream)) {
      return std::unexpected(OpenError::kIdInUse);
    }
    if (stream->value >= streams_) return std::unexpected(OpenError::kTooMany);
  } else if (is_dtls_client_) {
    stream = free_stream();
    if (!stream) return std::unexpected(OpenError::kTooMany);
  }
  if (channels_.size() >= config_.max_channels) return std::unexpected(OpenError::kTooMany);
  const ChannelId id{++last_channel_};
  Channel& channel = channels_[id];
  channel.options = options;
  if (stream && !give_stream(now, id, channel, *stream)) {
    by_stream_.erase(*stream);
    channels_.erase(id);
    return std::unexpected(OpenError::kTooMany);
  }
  if (stream && is_up()) finish_opening(id, channel);
  return id;
}

std::expected<void, ChannelSendError> DataChannels::send(Time now, ChannelId id, Kind kind,
                                                         Bytes payload) {
  return send(now, id, kind, std::vector<std::uint8_t>(payload.begin(), payload.end()));
}

std::expected<void, ChannelSendError> DataChannels::send(Time now, ChannelId id, Kind kind,
                                                         std::vector<std::uint8_t> payload) {
  now_ = now;
  Channel* const channel = find(id);
  if (channel == nullptr || channel->state != ChannelState::kOpen) {
    return std::unexpected(ChannelSendError::kNotOpen);
  }
  const std::size_t size = payload.size();
  Message message{.stream = *channel->stream,
                  .ppid = ppid_of(kind, payload.empty()),
                  .payload = std::move(payload)};
  if (message.payload.empty()) message.payload.push_back(0);  // RFC 8831, 6.6
  const bool ordered = channel->options.ordered || channel->awaits_ack;
  const auto sent =
      association_.send(now, std::move(message), send_options(channel->options, ordered));
  if (sent) {
    ++channel->counters.messages_sent;
    channel->counters.bytes_sent += size;
    return {};
  }
  switch (sent.error()) {
    case SendError::kTooLarge: return std::unexpected(ChannelSendError::kTooLarge);
    case SendError::kBufferFull: return std::unexpected(ChannelSendError::kBufferFull);
    default: return std::unexpected(ChannelSendError::kNotOpen);
  }
}

void DataChannels::close(Time now, ChannelId id) {
  now_ = now;
  const auto found = channels_.find(id);
  if (found == channels_.end() || found->second.state == ChannelState::kClosing) return;
  Channel& channel = found->second;
  if (!channel.stream) {
    finish_closing(found, false);
    return;
  }
  channel.state = ChannelState::kClosing;
  if (is_up()) association_.reset_streams(now, {*channel.stream});
}

void DataChannels::shutdown(Time now) {
  now_ = now;
  association_.shutdown(now);
}

void DataChannels::abort(Time now, std::string_view reason) {
  now_ = now;
  association_.abort(now, reason);
}

std::size_t DataChannels::buffered_amount(ChannelId id) const {
  const Channel* const channel = find(id);
  return channel != nullptr && channel->stream ? association_.buffered_amount(*channel->stream) : 0;
}

void DataChannels::set_buffered_amount_low_threshold(ChannelId id, std::size_t bytes) {
  Channel* const channel = find(id);
  if (channel == nullptr) return;
  channel->low_threshold = bytes;
  if (channel->stream) association_.set_buffered_amount_low_threshold(*channel->stream, bytes);
}

void DataChannels::set_remote_max_message_size(std::size_t bytes) {
  association_.set_remote_max_message_size(bytes);
}

DataChannels::ChannelState DataChannels::state(ChannelId id) const {
  const Channel* const channel = find(id);
  return channel == nullptr ? ChannelState::kClosed : channel->state;
}

std::optional<StreamId> DataChannels::stream(ChannelId id) const {
  const Channel* const channel = find(id);
  return channel == nullptr ? std::nullopt : channel->stream;
}

std::optional<ChannelOptions> DataChannels::options(ChannelId id) const {
  const Channel* const channel = find(id);
  return channel == nullptr ? std::nullopt : std::optional(channel->options);
}

DataChannels::ChannelCounters DataChannels::counters(ChannelId id) const {
  const Channel* const channel = find(id);
  return channel == nullptr ? ChannelCounters{} : channel->counters;
}

void DataChannels::handle_input(Time now, Input datagram) {
  now_ = now;
  association_.handle_input(now, datagram);
}

void DataChannels::handle_timeout(Time now) {
  now_ = now;
  association_.handle_timeout(now);
}

// The association makes packets only when it has nothing to tell any more: so what an event makes
// us send is in the next packet.
std::optional<DataChannels::Output> DataChannels::poll_output() {
  while (outputs_.empty()) {
    auto event = association_.poll_output();
    if (!event) return std::nullopt;
    std::visit([&](auto&& what) { on(std::forward<decltype(what)>(what)); }, *std::move(event));
  }
  Output output = std::move(outputs_.front());
  outputs_.pop_front();
  return output;
}

DataChannels::Channel* DataChannels::find(ChannelId id) {
  const auto found = channels_.find(id);
  return found == channels_.end() ? nullptr : &found->second;
}

const DataChannels::Channel* DataChannels::find(ChannelId id) const {
  const auto found = channels_.find(id);
  return found == channels_.end() ? nullptr : &found->second;
}

DataChannels::Channels::iterator DataChannels::find(StreamId stream) {
  const auto found = by_stream_.find(stream);
  return found == by_stream_.end() ? channels_.end() : channels_.find(found->second);
}

std::optional<StreamId> DataChannels::free_stream() const {
  for (std::size_t id = *is_dtls_client_ ? 0 : 1; id < streams_; id += 2) {
    const StreamId stream{static_cast<std::uint16_t>(id)};
    if (!by_stream_.contains(stream)) return stream;
  }
  return std::nullopt;
}

// The OPEN may wait in the association until that is up. False where there is no room for it.
bool DataChannels::give_stream(Time now, ChannelId id, Channel& channel, StreamId stream) {
  channel.stream = stream;
  by_stream_.emplace(stream, id);
  association_.set_priority(stream, std::to_underlying(channel.options.priority));
  association_.set_buffered_amount_low_threshold(stream, channel.low_threshold);
  if (channel.options.negotiated) return true;
  channel.awaits_ack = true;
  Message message{.stream = stream, .ppid = Ppid::kDcep, .payload = dcep::open(channel.options)};
  return association_.send(now, std::move(message)).has_value();
}

void DataChannels::finish_opening(ChannelId id, Channel& channel) {
  channel.state = ChannelState::kOpen;
  outputs_.emplace_back(ChannelOpened{.channel = id});
}

void DataChannels::finish_closing(Channels::iterator channel, bool failed) {
  const ChannelId id = channel->first;
  if (channel->second.stream) by_stream_.erase(*channel->second.stream);
  remote_text_ -= channel->second.remote_text;
  channels_.erase(channel);
  outputs_.emplace_back(ChannelClosed{.channel = id, .failed = failed});
}

void DataChannels::close_all(bool failed) {
  while (!channels_.empty()) finish_closing(channels_.begin(), failed);
}

std::string_view to_string(OpenError error) {
  switch (error) {
    case OpenError::kClosed: return "closed";
    case OpenError::kTooMany: return "too many channels";
    case OpenError::kLabelTooLong: return "label or protocol too long";
    case OpenError::kBadReliability: return "limited by count and by time";
    case OpenError::kIdInUse: return "id in use";
  }
  std::unreachable();
}

std::string_view to_string(ChannelSendError error) {
  switch (error) {
    case ChannelSendError::kNotOpen: return "not open";
    case ChannelSendError::kTooLarge: return "message too large";
    case ChannelSendError::kBufferFull: return "send buffer full";
  }
  std::unreachable();
}

}  // namespace parley::sctp
