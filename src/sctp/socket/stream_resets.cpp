#include "sctp/socket/stream_resets.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/overloaded.h"

namespace parley::sctp {
namespace {

// As many as surely fit into one packet; the others have their turn in the next request.
constexpr std::size_t kMaxStreams = 256;
constexpr std::size_t kMaxResponses = 8;  // That wait for a packet. Who asks more asks again.

}  // namespace

void StreamResets::reset(const std::vector<StreamId>& streams) {
  for (const StreamId stream : streams) {
    const auto place = std::ranges::lower_bound(pending_, stream);
    if (place != pending_.end() && *place == stream) continue;
    pending_.insert(place, stream);
    if (!is_requested(stream)) queue_.begin_reset(stream);
  }
}

void StreamResets::handle(Time now, const std::vector<ReConfigParameter>& parameters,
                          Receiver& receiver) {
  for (const ReConfigParameter& parameter : parameters) {
    if (const auto* response = std::get_if<ReConfigResponse>(&parameter)) {
      handle(now, *response);
    } else if (responses_.size() < kMaxResponses) {
      if (auto answer = handle_request(parameter, receiver)) responses_.push_back(*answer);
    }
  }
}

std::optional<std::vector<std::uint8_t>> StreamResets::poll_chunk(Time now, std::uint32_t next_tsn,
                                                                  Duration rto) {
  ByteWriter writer;
  if (!responses_.empty()) {
    write_to(writer, responses_.front());
    responses_.pop_front();
    return writer.take();
  }
  rto_ = rto;
  if (!request_ && !pending_.empty() && begin_request(next_tsn)) timer_.start(now, rto);
  if (!std::exchange(request_due_, false)) return std::nullopt;
  write_to(writer, *request_);
  return writer.take();
}

std::optional<StreamResets::Outcome> StreamResets::poll_outcome() {
  if (outcomes_.empty()) return std::nullopt;
  Outcome outcome = std::move(outcomes_.front());
  outcomes_.pop_front();
  return outcome;
}

std::optional<std::vector<StreamId>> StreamResets::poll_incoming() {
  if (incoming_.empty()) return std::nullopt;
  auto streams = std::move(incoming_.front());
  incoming_.pop_front();
  return streams;
}

bool StreamResets::handle_timeout(Time now) {
  if (!timer_.poll(now, config_.rto_max)) return false;
  request_due_ = true;
  return true;
}

// RFC 6525, 5.2.1: the number says whether it is new, a repetition, or neither.
std::optional<ReConfigResponse> StreamResets::handle_request(const ReConfigParameter& parameter,
                                                             Receiver& receiver) {
  const std::uint32_t number =
      std::visit(overloaded{[](const ReConfigResponse& response) { return response.response; },
                            [](const auto& request) { return request.request; }},
                 parameter);
  const bool is_new = number == expected_request_;
  if (!is_new && number != expected_request_ - 1) {
    return ReConfigResponse{.response = number, .result = ResetResult::kBadSequenceNumber};
  }
  if (is_new) ++expected_request_;
  const bool was_in_progress = last_result_ == ResetResult::kInProgress;
  if (is_new || was_in_progress) last_result_ = perform(parameter, receiver);
  if (!last_result_) return std::nullopt;
  return ReConfigResponse{.response = number, .result = *last_result_};
}

std::optional<ResetResult> StreamResets::perform(const ReConfigParameter& parameter,
                                                 Receiver& receiver) {
  if (const auto* outgoing = std::get_if<OutgoingResetRequest>(&parameter)) {
    return perform(*outgoing, receiver);
  }
  if (const auto* incoming = std::get_if<IncomingResetRequest>(&parameter)) {
    return perform(*incoming);
  }
  if (const auto* add = std::get_if<AddStreamsRequest>(&parameter)) {
    return receiver.add_streams(add->count) ? ResetResult::kPerformed : ResetResult::kDenied;
  }
  return ResetResult::kDenied;
}

ResetResult StreamResets::perform(const OutgoingResetRequest& request, Receiver& receiver) {
  switch (receiver.reset_streams(request.last_tsn, request.streams)) {
    case Receiver::Reset::kMustWait: return ResetResult::kInProgress;
    case Receiver::Reset::kPerformed: incoming_.push_back(request.streams); break;
    case Receiver::Reset::kWasPerformed: break;
  }
  return ResetResult::kPerformed;
}

// Our own request is the answer (RFC 6525, 5.2.3). Streams that we never used need none.
std::optional<ResetResult> StreamResets::perform(const IncomingResetRequest& request) {
  std::vector<StreamId> used;
  std::ranges::copy_if(request.streams, std::back_inserter(used),
                       [&](StreamId stream) { return queue_.knows(stream); });
  if (used.empty()) return ResetResult::kNothingToDo;
  reset(used);
  return std::nullopt;
}

void StreamResets::handle(Time now, const ReConfigResponse& response) {
  if (!request_ || response.response != request_->request) return;
  switch (response.result) {
    case ResetResult::kNothingToDo:
    case ResetResult::kPerformed: finish(true); return;
    case ResetResult::kInProgress:
    case ResetResult::kAlreadyInProgress: timer_.start(now, rto_); return;  // And ask again.
    case ResetResult::kDenied:
    case ResetResult::kWrongSsn:
    case ResetResult::kBadSequenceNumber: break;
  }
  finish(false);
}

void StreamResets::finish(bool performed) {
  const auto request = std::exchange(request_, std::nullopt);
  timer_.stop();
  request_due_ = false;
  for (const StreamId stream : request->streams) {
    queue_.finish_reset(stream, performed);
    // Meanwhile the next life of the stream is to end as well.
    if (std::ranges::binary_search(pending_, stream)) queue_.begin_reset(stream);
  }
  outcomes_.push_back({.streams = request->streams, .performed = performed});
}

bool StreamResets::is_requested(StreamId stream) const {
  return request_ && std::ranges::binary_search(request_->streams, stream);
}

bool StreamResets::begin_request(std::uint32_t next_tsn) {
  std::vector<StreamId> streams;
  for (const StreamId stream : pending_) {
    if (queue_.is_stopped(stream) && streams.size() < kMaxStreams) streams.push_back(stream);
  }
  if (streams.empty()) return false;
  std::erase_if(pending_,
                [&](StreamId stream) { return std::ranges::binary_search(streams, stream); });
  request_ = OutgoingResetRequest{.request = next_request_++,
                                  .response = expected_request_ - 1,
                                  .last_tsn = next_tsn - 1,
                                  .streams = std::move(streams)};
  request_due_ = true;
  return true;
}

}  // namespace parley::sctp
