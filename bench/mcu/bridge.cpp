// mcu_bridge: a bridge of sounds over plain RTP, as Janus's audiobridge has it, for a run beside
// that. Whoever sends Opus (payload type 111, levels by extension 1) to the port that it prints
// takes part, and gets everyone but themselves at where they send from.
#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <variant>

#include "io/event_loop.h"
#include "io/udp.h"
#include "mcu/audio/audio_mixer.h"
#include "mcu/audio/sound_input.h"
#include "rtp/packet.h"
#include "rtp/packet_writer.h"

namespace {

using namespace parley;

constexpr std::uint8_t kOpus = 111;

rtp::ExtensionMap levels() {
  rtp::ExtensionMap map;
  map.set(rtp::Extension::kAudioLevel, 1);
  return map;
}

class Bridge final : private io::UdpSocket::Handler {
 public:
  explicit Bridge(io::EventLoop& loop)
      : loop_(loop),
        socket_(io::UdpSocket::open(loop, {*net::IpAddress::parse("127.0.0.1"), 0}, *this).value()),
        timer_(loop, [this] { on_due(); }) {
    fmt::print("{}\n", socket_->address().port);
    std::fflush(stdout);
  }

 private:
  struct Member {
    io::UdpPath path = {};
    mcu::PersonId id = {};
    mcu::SoundInput input;
    std::uint16_t next_number = 0;
  };

  void on_datagrams(std::span<const io::ReceivedDatagram> datagrams) override {
    for (const io::ReceivedDatagram& datagram : datagrams) {
      Member& member = find(datagram.path);
      const auto packet = rtp::PacketView::parse(datagram.payload);
      if (!packet) continue;
      for (mcu::Voice::Packet& one : member.input.read(*packet)) {
        mixer_.handle_input(loop_.now(), {.from = {member.id}, .packet = std::move(one)});
      }
    }
    timer_.arm(mixer_.next_deadline());
  }

  Member& find(const io::UdpPath& path) {
    const auto found = members_.find(path.remote);
    if (found != members_.end()) return found->second;
    const mcu::PersonId id{members_.size() + 1};
    mixer_.add(loop_.now(), {id});
    mixer_.set_listening(id, true);
    const sdp::Codec opus{
        .payload_type = kOpus, .name = "opus", .clock_rate = 48'000, .channels = 2};
    return members_
        .emplace(
            path.remote,
            Member{.path = path, .id = id, .input = mcu::SoundInput(std::span(&opus, 1), levels())})
        .first->second;
  }

  void on_due() {
    mixer_.handle_timeout(loop_.now());
    while (const auto output = mixer_.poll_output()) {
      if (const auto* const mixed = std::get_if<mcu::AudioMixer::Mixed>(&*output)) send(*mixed);
    }
    timer_.arm(mixer_.next_deadline());
  }

  void send(const mcu::AudioMixer::Mixed& mixed) {
    for (auto& [remote, member] : members_) {
      const bool has_own = mixer_.has_own_mix(member.id);
      if (mixed.without ? *mixed.without != member.id : has_own) continue;
      rtp::PacketWriter writer({.payload_type = rtp::PayloadType{kOpus},
                                .sequence_number = member.next_number++,
                                .timestamp = static_cast<std::uint32_t>(mixed.timestamp),
                                .ssrc = rtp::Ssrc{static_cast<std::uint32_t>(member.id.value)}});
      writer.set_payload(mixed.packet.bytes());
      socket_->send(member.path, writer.take());
    }
  }

  io::EventLoop& loop_;
  mcu::AudioMixer mixer_;
  std::map<net::SocketAddress, Member> members_;
  std::unique_ptr<io::UdpSocket> socket_;
  io::Timer timer_;
};

}  // namespace

int main() {
  io::EventLoop loop;
  const Bridge bridge(loop);
  loop.run();
}
