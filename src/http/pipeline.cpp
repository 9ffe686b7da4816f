#include "http/pipeline.h"

#include <utility>

namespace parley::http {

Pipeline::Id Pipeline::add(ResponseFraming framing) {
  entries_.push_back({.framing = framing});
  return first_ + entries_.size() - 1;
}

bool Pipeline::respond(Id id, Response response) {
  Entry* const entry = find(id);
  if (entry == nullptr || entry->response) return false;
  entry->response = std::move(response);
  entry->abandoned = {};
  return true;
}

void Pipeline::set_abandoned(Id id, Call call) {
  Entry* const entry = find(id);
  if (entry != nullptr && !entry->response) entry->abandoned = std::move(call);
}

std::optional<Pipeline::Ready> Pipeline::take_ready() {
  if (entries_.empty() || !entries_.front().response) return std::nullopt;
  Ready ready{.framing = entries_.front().framing,
              .response = *std::move(entries_.front().response)};
  entries_.erase(entries_.begin());
  ++first_;
  return ready;
}

void Pipeline::abandon() {
  first_ += entries_.size();
  for (Entry& entry : std::exchange(entries_, {})) {
    if (entry.abandoned) entry.abandoned();
  }
}

void Pipeline::close_after_last() {
  if (!entries_.empty()) entries_.back().framing.keep_alive = false;
}

Pipeline::Entry* Pipeline::find(Id id) {
  return id >= first_ && id - first_ < entries_.size() ? &entries_[id - first_] : nullptr;
}

}  // namespace parley::http
