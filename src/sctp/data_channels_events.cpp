// What the association tells, and what that means for its channels.
#include <algorithm>
#include <utility>

#include "base/overloaded.h"
#include "sctp/data_channels.h"

namespace parley::sctp {

void DataChannels::on(Association::Transmit event) {
  outputs_.emplace_back(std::move(event));
}

void DataChannels::on(Association::Connected event) {
  streams_ = std::min(event.outgoing_streams, event.incoming_streams);
  outputs_.emplace_back(event);
  std::vector<ChannelId> out_of_range;
  for (auto& [id, channel] : channels_) {
    if (!channel.stream) continue;
    if (channel.stream->value >= streams_) {
      out_of_range.push_back(id);
    } else if (channel.state == ChannelState::kClosing) {  // Closed before it was open.
      association_.reset_streams(now_, {*channel.stream});
    } else {
      finish_opening(id, channel);
    }
  }
  for (const ChannelId id : out_of_range) finish_closing(channels_.find(id), true);
}

// It does not know our channels any more.
void DataChannels::on(Association::PeerRestarted) {
  close_all(true);
}

void DataChannels::on(Association::MessageReceived event) {
  Message& message = event.message;
  Kind kind = Kind::kBinary;
  switch (message.ppid) {
    case Ppid::kDcep: on_dcep(message.stream, message.payload); return;
    case Ppid::kStringEmpty: message.payload.clear(); [[fallthrough]];
    case Ppid::kString:
    case Ppid::kStringPartial: kind = Kind::kText; break;
    case Ppid::kBinaryEmpty: message.payload.clear(); break;
    case Ppid::kBinary:
    case Ppid::kBinaryPartial: break;
    default: ++drops_.unknown_ppid; return;
  }
  const auto found = find(message.stream);
  if (found == channels_.end() || found->second.incoming_reset) {
    ++drops_.no_channel;
    return;
  }
  ++found->second.counters.messages_received;
  found->second.counters.bytes_received += message.payload.size();
  // Whoever answers our OPEN with a message has read it.
  found->second.awaits_ack = false;
  outputs_.emplace_back(MessageReceived{
      .channel = found->first, .kind = kind, .payload = std::move(message.payload)});
}

void DataChannels::on(Association::IncomingStreamsReset event) {
  if (event.streams.empty()) {
    for (const auto& [stream, id] : by_stream_) event.streams.push_back(stream);
  }
  for (const StreamId stream : event.streams) {
    if (const auto found = find(stream); found != channels_.end()) on_incoming_reset(found);
  }
}

// RFC 8831, 6.7: whoever sees the other's stream reset resets its own.
void DataChannels::on_incoming_reset(Channels::iterator found) {
  Channel& channel = found->second;
  channel.incoming_reset = true;
  if (channel.outgoing_reset) {
    finish_closing(found, false);
    return;
  }
  if (channel.state == ChannelState::kClosing) return;
  channel.state = ChannelState::kClosing;
  outputs_.emplace_back(ChannelClosing{.channel = found->first});
  association_.reset_streams(now_, {*channel.stream});
}

void DataChannels::on(const Association::OutgoingStreamsReset& event) {
  for (const StreamId stream : event.streams) {
    const auto found = find(stream);
    if (old_resets_.erase(stream) > 0 || found == channels_.end()) continue;
    Channel& channel = found->second;
    channel.outgoing_reset = true;
    if (channel.incoming_reset) {
      finish_closing(found, false);
    } else if (channel.state != ChannelState::kClosing) {  // The peer had asked for it.
      channel.state = ChannelState::kClosing;
      outputs_.emplace_back(ChannelClosing{.channel = found->first});
    }
  }
}

void DataChannels::on(const Association::StreamResetFailed& event) {
  for (const StreamId stream : event.streams) {
    const auto found = find(stream);
    if (old_resets_.erase(stream) > 0 || found == channels_.end()) continue;
    finish_closing(found, true);
  }
}

// Our OPEN is no message of the channel.
void DataChannels::on(Association::BufferedAmountLow event) {
  const auto found = find(event.stream);
  if (found == channels_.end() || found->second.counters.messages_sent == 0) return;
  outputs_.emplace_back(BufferedAmountLow{.channel = found->first});
}

void DataChannels::on(Association::Closed event) {
  close_all(event.reason != CloseReason::kShutdown);
  outputs_.emplace_back(std::move(event));
}

void DataChannels::on_dcep(StreamId stream, Bytes bytes) {
  auto message = dcep::parse(bytes);
  if (!message) {
    ++drops_.malformed;
    return;
  }
  std::visit(overloaded{
                 [&](dcep::Open& open) { on_open(stream, std::move(open.options)); },
                 [&](dcep::Ack) {
                   const auto found = find(stream);
                   if (found != channels_.end()) found->second.awaits_ack = false;
                 },
             },
             *message);
}

void DataChannels::on_open(StreamId stream, ChannelOptions options) {
  if (const auto old = find(stream); old != channels_.end()) {
    if (!old->second.incoming_reset) {  // To reset it would close a channel that is in order.
      ++drops_.refused_opens;
      return;
    }
    // The peer has performed our reset, else it could not reuse the id; only its answer was lost.
    old_resets_.insert(stream);
    finish_closing(old, false);
  }
  if (!may_open(stream, options)) {
    ++drops_.refused_opens;
    association_.reset_streams(now_, {stream});
    return;
  }
  const ChannelId id{++last_channel_};
  Channel& channel = channels_[id];
  channel.remote_text = options.label.size() + options.protocol.size();
  remote_text_ += channel.remote_text;
  channel.options = options;
  channel.state = ChannelState::kOpen;
  channel.stream = stream;
  by_stream_.emplace(stream, id);
  association_.set_priority(stream, std::to_underlying(options.priority));
  association_.set_buffered_amount_low_threshold(stream, 0);
  static_cast<void>(
      association_.send(now_, {.stream = stream, .ppid = Ppid::kDcep, .payload = dcep::ack()}));
  outputs_.emplace_back(ChannelAnnounced{.channel = id, .options = std::move(options)});
}

bool DataChannels::may_open(StreamId stream, const ChannelOptions& options) const {
  const bool is_ours = is_dtls_client_ && (stream.value % 2 == 0) == *is_dtls_client_;
  return !is_ours && stream.value < streams_ && channels_.size() < config_.max_channels &&
         remote_text_ + options.label.size() + options.protocol.size() <= config_.max_remote_text;
}

}  // namespace parley::sctp
