#include "ice/gatherer.h"

#include <algorithm>

#include "stun/attributes.h"
#include "stun/message_builder.h"

namespace parley::ice {
namespace {

std::vector<std::uint8_t> write_question(const stun::TransactionId& id) {
  stun::MessageBuilder request(stun::Class::kRequest, stun::Method::kBinding, id);
  request.add_fingerprint();
  return request.take();
}

// An IPv6 address cannot ask an IPv4 server, nor loopback the world.
bool can_ask(const net::SocketAddress& base, const net::SocketAddress& server) {
  return base.ip.is_v4() == server.ip.is_v4() && base.ip.is_loopback() == server.ip.is_loopback();
}

std::optional<net::SocketAddress> mapped_address(const stun::MessageView& message) {
  if (const auto value = message.find(stun::Attribute::kXorMappedAddress)) {
    return stun::read_xor_address(*value, message.transaction_id());
  }
  if (const auto value = message.find(stun::Attribute::kMappedAddress)) {
    return stun::read_address(*value);
  }
  return std::nullopt;
}

}  // namespace

void Gatherer::start(Time now, const std::vector<net::SocketAddress>& servers,
                     const std::vector<net::SocketAddress>& bases) {
  started_ = true;
  keeps_mappings_ = true;
  servers_ = servers;
  if (servers_.size() > max_servers_) servers_.resize(max_servers_);
  questions_.clear();
  for (const net::SocketAddress& base : bases) ask_about(now, base);
}

void Gatherer::add_base(Time now, const net::SocketAddress& base) {
  if (started_) ask_about(now, base);
}

void Gatherer::ask_about(Time now, const net::SocketAddress& base) {
  for (const net::SocketAddress& server : servers_) {
    if (!can_ask(base, server)) continue;
    questions_.push_back({.base = base, .server = server, .next = now});
  }
}

void Gatherer::remove_base(const net::SocketAddress& base) {
  std::erase_if(questions_, [&](const Question& q) { return q.base == base; });
}

std::optional<Transmit> Gatherer::poll(Time now) {
  if (now < next_slot_) return std::nullopt;
  for (Question& question : questions_) {
    if (question.next > now) continue;
    if (question.requests >= timers_.max_requests) {
      question.open = false;
      question.next = kNever;
      continue;
    }
    if (question.requests == 0) {
      if (!question.open && !keeps_mappings_) {
        question.next = kNever;
        continue;
      }
      question.id = stun::make_transaction_id(*random_);
    }
    send_again_later(now, question);
    next_slot_ = now + timers_.pace;
    return Transmit{{net::Transport::kUdp, question.base, question.server},
                    write_question(question.id)};
  }
  return std::nullopt;
}

void Gatherer::send_again_later(Time now, Question& question) {
  question.rto =
      question.requests == 0 ? timers_.min_rto : std::min(question.rto * 2, timers_.max_rto);
  ++question.requests;
  question.next = now + question.rto;
}

bool Gatherer::is_answer(const stun::MessageView& message, const net::Path& path) const {
  return std::ranges::any_of(questions_, [&](const Question& q) {
    return q.requests > 0 && q.id == message.transaction_id() && q.server == path.remote &&
           q.base == path.local && path.transport == net::Transport::kUdp;
  });
}

std::optional<Gatherer::Mapped> Gatherer::handle_answer(Time now,
                                                        const stun::MessageView& message) {
  const auto question = std::ranges::find(questions_, message.transaction_id(), &Question::id);
  if (question == questions_.end()) return std::nullopt;
  question->open = false;
  question->requests = 0;
  question->next = keeps_mappings_ ? now + timers_.keepalive : kNever;
  if (message.message_class() != stun::Class::kSuccess) {
    question->next = kNever;
    return std::nullopt;
  }
  const auto address = mapped_address(message);
  if (!address || address->ip.is_v4() != question->base.ip.is_v4()) return std::nullopt;
  return Mapped{question->base, *address, question->server};
}

bool Gatherer::complete() const {
  return started_ && std::ranges::none_of(questions_, &Question::open);
}

Time Gatherer::next_deadline() const {
  Time next = kNever;
  for (const Question& question : questions_) next = std::min(next, question.next);
  return next == kNever ? kNever : std::max(next, next_slot_);
}

}  // namespace parley::ice
