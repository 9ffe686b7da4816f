// Two transports that call each other, and the fuzzer between them: it drops, repeats, changes and
// invents datagrams, before and after the keys are agreed on. Nothing may crash or grow, and no
// media may come out that did not go in.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "base/bytes.h"
#include "peer/test_call.h"

namespace parley::peer {
namespace {

using namespace std::chrono_literals;

const std::vector<std::uint8_t> kMedia = {0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 42, 'h', 'i'};

void require(bool holds) {
  if (!holds) std::abort();
}

class Attack {
 public:
  explicit Attack(Bytes script) : script_(script) {
    const std::uint8_t setup = script_.u8();
    call_.emplace(TestCall::Setup{.link = {.latency = 1ms}, .lite = (setup & 1) != 0});
    call_->connect();
    if ((setup & 2) != 0) require(call_->run_until_connected());
  }

  void run() {
    for (int steps = 0; script_.ok() && !script_.at_end() && steps < 64; ++steps) step();
    call_->run(5s);
    for (TestSide* side : {&call_->ada, &call_->bob}) {
      for (const auto& packet : side->rtp) require(packet == kMedia);
      require(side->rtp.size() <= 1);
      require(side->refused.size() <= kDropReasons + ice::kDropReasons);
    }
  }

 private:
  enum class Act : std::uint8_t { kInvent, kChange, kRepeat, kLose, kWait, kSendMedia, kSendData };

  void step() {
    const std::uint8_t act = script_.u8();
    TestSide& to = (act & 0x80) != 0 ? call_->ada : call_->bob;
    TestSide& from = (act & 0x80) != 0 ? call_->bob : call_->ada;
    sim::Link& link = (act & 0x80) != 0 ? call_->to_ada : call_->to_bob;
    switch (static_cast<Act>(act % 7)) {
      case Act::kInvent: {
        const Bytes bytes = script_.bytes(std::min<std::size_t>(script_.u8(), script_.remaining()));
        return call_->inject(to, from.address, {bytes.begin(), bytes.end()});
      }
      case Act::kChange: return change(link, to, from);
      case Act::kRepeat:
        if (auto datagram = link.poll(kNever)) {
          call_->inject(to, from.address, *datagram);
          call_->inject(to, from.address, *datagram);
        }
        return;
      case Act::kLose: (void)link.poll(kNever); return;
      case Act::kWait: (void)call_->run(script_.u8() * 10ms); return;
      case Act::kSendMedia: (void)from.transport.send_rtp(kMedia); break;
      case Act::kSendData: (void)from.transport.send_data(call_->now, kMedia); break;
    }
    call_->take_outputs(from);
  }

  void change(sim::Link& link, TestSide& to, TestSide& from) {
    auto datagram = link.poll(kNever);
    if (!datagram || datagram->empty()) return;
    const std::size_t at = script_.u16() % datagram->size();
    (*datagram)[at] ^= script_.u8();
    if ((script_.u8() & 1) != 0) datagram->resize(at);
    call_->inject(to, from.address, std::move(*datagram));
  }

  ByteReader script_;
  std::optional<TestCall> call_;
};

}  // namespace
}  // namespace parley::peer

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  parley::peer::Attack(parley::Bytes(data, size)).run();
  return 0;
}
