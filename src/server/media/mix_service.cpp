#include "server/media/mix_service.h"

#include <utility>
#include <variant>

#include "io/clock.h"
#include "io/thread_priority.h"
#include "server/media/font_files.h"

namespace parley::server {

MixService::MixService(io::EventLoop& loop, mcu::Node::Kind kind, const mcu::Node::Config& config,
                       Random& random, ToWorker to_worker)
    : loop_(loop),
      needs_fonts_(kind == mcu::Node::Kind::kPictures),
      node_(kind, config, fonts_, random),
      to_worker_(std::move(to_worker)),
      timer_(loop, [this] { on_due(); }) {
  if (kind == mcu::Node::Kind::kPictures) io::give_way();
}

void MixService::carry_out(MixCall next) {
  std::visit([this](auto& one) { call(one); }, next);
  drain();
}

void MixService::on_relayed(std::size_t worker, sfu::RelayBatch batch) {
  node_.handle_input(loop_.now(), {.from = node_of(worker), .batch = std::move(batch)});
  drain();
}

void MixService::call(mix_call::LinkRoom& link) {
  if (std::exchange(needs_fonts_, false)) fonts_ = read_fonts();
  node_.link_room(loop_.now(), link.room, node_of(link.worker));
}

void MixService::call(mix_call::LinkMixer& link) {
  node_.link_mixer(link.room, node_of(link.mixer));
}

void MixService::call(mix_call::Listen& listen) {
  node_.set_listening(listen.room, listen.participant, listen.listens);
}

void MixService::call(mix_call::Describe& describe) {
  node_.describe(loop_.now(), describe.room, describe.participant, describe.looks);
}

void MixService::call(mix_call::Forget& forget) {
  node_.forget(loop_.now(), forget.room, forget.participant);
}

void MixService::call(mix_call::CloseRoom& close) {
  node_.close_room(close.room);
}

void MixService::on_due() {
  const Time now = loop_.now();
  while (node_.next_deadline() <= now) {
    const Time began = io::monotonic_now();
    node_.handle_timeout(now);
    const Duration took = io::monotonic_now() - began;
    node_.handle_load(now, took);
    turns_.add(took);
    drain();
  }
  drain();
}

void MixService::drain() {
  while (auto output = node_.poll_output()) {
    if (to_worker_) relay_dropped_ += to_worker_(worker_of(output->node), std::move(output->batch));
  }
  timer_.arm(node_.next_deadline());
}

MixCounters MixService::counters() const {
  return {.node = node_.counters(), .relay_dropped = relay_dropped_, .turns = turns_};
}

}  // namespace parley::server
