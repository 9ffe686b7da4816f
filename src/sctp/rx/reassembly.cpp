#include "sctp/rx/reassembly.h"

#include <algorithm>
#include <utility>

namespace parley::sctp {
namespace {

Data without_payload(const Data& data) {
  Data head = data;
  head.payload = {};
  return head;
}

bool is_same_message(const Data& a, const Data& b) {
  return a.stream == b.stream && a.unordered == b.unordered && (a.unordered || a.ssn == b.ssn);
}

std::vector<std::uint8_t> copy(Bytes bytes) {
  return {bytes.begin(), bytes.end()};
}

}  // namespace

Reassembly::Error Reassembly::add(Tsn tsn, const Data& data) {
  if (!growing_.empty()) {
    if (auto found = growing_.find(tsn); found != growing_.end()) {
      const Error error = append(found, data);
      return error == Error::kNone ? append_waiting(found) : error;
    }
  }
  if (data.first) return begin(tsn, data);
  fragments_.emplace(tsn, Fragment{.head = without_payload(data), .payload = copy(data.payload)});
  held_bytes_ += data.payload.size() + kOverhead;
  return Error::kNone;
}

void Reassembly::forward(Tsn cumulative, std::span<const ForwardTsn::Skipped> skipped) {
  for (auto it = fragments_.begin(); it != fragments_.end() && it->first <= cumulative;) {
    held_bytes_ -= it->second.payload.size() + kOverhead;
    it = fragments_.erase(it);
  }
  for (auto it = growing_.begin(); it != growing_.end() && it->first <= cumulative;) {
    held_bytes_ -= it->second.payload.size() + kOverhead;
    it = growing_.erase(it);
  }
  for (const ForwardTsn::Skipped& skip : skipped) {
    ordered_.skip(skip.stream, skip.ssn, in_order_);
    take_ordered();
  }
}

void Reassembly::begin_reset(Tsn last, std::vector<StreamId> streams) {
  if (!reset_) reset_ = Reset{};
  reset_->last = last;
  reset_->streams = std::move(streams);
}

void Reassembly::finish_reset() {
  const auto reset = std::exchange(reset_, std::nullopt);
  if (!reset) return;
  ordered_.reset(reset->streams);
  for (const Assembly& whole : reset->deferred) {
    held_bytes_ -= whole.payload.size() + kOverhead;
    deliver(whole);
  }
}

std::optional<Reassembly::Received> Reassembly::take() {
  if (received_.empty()) return std::nullopt;
  Received received = std::move(received_.front());
  received_.pop_front();
  return received;
}

Reassembly::Error Reassembly::begin(Tsn tsn, const Data& data) {
  if (data.payload.size() > max_message_size_) return Error::kTooLong;
  Assembly assembly{.first = tsn, .head = without_payload(data), .payload = copy(data.payload)};
  if (data.last) {
    complete(std::move(assembly));
    return Error::kNone;
  }
  held_bytes_ += assembly.payload.size() + kOverhead;
  return append_waiting(growing_.emplace(tsn + 1, std::move(assembly)).first);
}

// Leaves `at` at the message, or at the end when it is complete.
Reassembly::Error Reassembly::append(Growing::iterator& at, const Data& data) {
  Assembly& assembly = at->second;
  if (data.first || !is_same_message(assembly.head, data)) return Error::kBrokenFragments;
  if (assembly.payload.size() + data.payload.size() > max_message_size_) return Error::kTooLong;
  assembly.payload.insert(assembly.payload.end(), data.payload.begin(), data.payload.end());
  if (data.last) {
    held_bytes_ -= assembly.payload.size() - data.payload.size() + kOverhead;
    complete(std::move(assembly));
    growing_.erase(at);
    at = growing_.end();
    return Error::kNone;
  }
  held_bytes_ += data.payload.size();
  auto node = growing_.extract(at);
  node.key() = node.key() + 1;
  at = growing_.insert(std::move(node)).position;
  return Error::kNone;
}

Reassembly::Error Reassembly::append_waiting(Growing::iterator at) {
  while (at != growing_.end()) {
    const auto node = fragments_.extract(at->first);
    if (node.empty()) break;
    Data data = node.mapped().head;
    data.payload = node.mapped().payload;
    held_bytes_ -= data.payload.size() + kOverhead;
    if (const Error error = append(at, data); error != Error::kNone) return error;
  }
  return Error::kNone;
}

void Reassembly::complete(Assembly assembly) {
  if (is_deferred(assembly)) {
    held_bytes_ += assembly.payload.size() + kOverhead;
    reset_->deferred.push_back(std::move(assembly));
    return;
  }
  deliver(std::move(assembly));
}

void Reassembly::deliver(Assembly assembly) {
  Message message{.stream = assembly.head.stream,
                  .ppid = assembly.head.ppid,
                  .payload = std::move(assembly.payload)};
  if (assembly.head.unordered) {
    received_.push_back({.message = std::move(message), .ordered = false});
    return;
  }
  ordered_.add(assembly.head.ssn, std::move(message), in_order_);
  take_ordered();
}

void Reassembly::take_ordered() {
  for (Message& message : in_order_) received_.push_back({.message = std::move(message)});
  in_order_.clear();
}

bool Reassembly::is_deferred(const Assembly& assembly) const {
  return reset_ && assembly.first > reset_->last &&
         (reset_->streams.empty() ||
          std::ranges::find(reset_->streams, assembly.head.stream) != reset_->streams.end());
}

}  // namespace parley::sctp
