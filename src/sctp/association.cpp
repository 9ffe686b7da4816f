#include "sctp/association.h"

#include <utility>

#include "sctp/socket/core.h"

namespace parley::sctp {

Association::Association(Random& random, const Config& config)
    : core_(std::make_unique<Core>(random, config)) {}
Association::Association(Association&&) noexcept = default;
Association& Association::operator=(Association&&) noexcept = default;
Association::~Association() = default;

void Association::connect(Time now) {
  core_->connect(now);
}

std::expected<void, SendError> Association::send(Time now, Message message,
                                                 const SendOptions& options) {
  return core_->send(now, std::move(message), options);
}

void Association::reset_streams(Time now, const std::vector<StreamId>& streams) {
  core_->reset_streams(now, streams);
}

void Association::shutdown(Time now) {
  core_->shutdown(now);
}

void Association::abort(Time now, std::string_view reason) {
  core_->abort(now, reason);
}

std::size_t Association::buffered_amount(StreamId stream) const {
  return std::as_const(*core_).queue().buffered(stream);
}

std::size_t Association::buffered_amount() const {
  return std::as_const(*core_).queue().buffered();
}

void Association::set_buffered_amount_low_threshold(StreamId stream, std::size_t bytes) {
  core_->queue().set_low_threshold(stream, bytes);
}

void Association::set_priority(StreamId stream, std::uint16_t priority) {
  core_->queue().set_priority(stream, priority);
}

void Association::set_remote_max_message_size(std::size_t bytes) {
  core_->set_remote_max_message_size(bytes);
}

void Association::handle_input(Time now, Datagram datagram) {
  core_->handle_input(now, datagram.payload);
}

void Association::handle_timeout(Time now) {
  core_->handle_timeout(now);
}

std::optional<Association::Output> Association::poll_output() {
  return core_->poll_output();
}

Time Association::next_deadline() const {
  return core_->next_deadline();
}

Association::State Association::state() const {
  return core_->public_state();
}

const Counters& Association::counters() const {
  return core_->counters();
}

Metrics Association::metrics() const {
  return core_->metrics();
}

}  // namespace parley::sctp
