// Whatever arrives in a DTLS record: the parsers must hold, what we write must parse to the same,
// and two ends of an association must survive each other's packets changed on the way (with the
// right tag and checksum, as a hostile peer would send them) in every state, within their limits.
#include <algorithm>
#include <cstdint>
#include <deque>
#include <utility>
#include <variant>
#include <vector>

#include "base/assert.h"
#include "base/random.h"
#include "sctp/data_channels.h"
#include "sctp/dcep.h"
#include "sctp/packet/big_endian.h"
#include "sctp/packet/crc32c.h"
#include "sctp/packet/data.h"
#include "sctp/packet/error_cause.h"
#include "sctp/packet/forward_tsn.h"
#include "sctp/packet/init.h"
#include "sctp/packet/packet_view.h"
#include "sctp/packet/packet_writer.h"
#include "sctp/packet/re_config.h"
#include "sctp/packet/sack.h"
#include "sctp/socket/state_cookie.h"

namespace parley::sctp {
namespace {

using Packet = std::vector<std::uint8_t>;

void check_dcep(Bytes bytes) {
  const auto message = dcep::parse(bytes);
  if (!message) return;
  if (const auto* open = std::get_if<dcep::Open>(&*message)) {
    const auto again = dcep::parse(dcep::open(open->options));
    PARLEY_ASSERT(std::get<dcep::Open>(again.value()).options == open->options);
  }
}

void check_chunk(const ChunkView& chunk) {
  if (const auto init = Init::parse(chunk.value)) {
    const auto again = Init::parse(init->write());
    PARLEY_ASSERT(again.has_value() && again->capabilities == init->capabilities);
    PARLEY_ASSERT(as_text(again->state_cookie) == as_text(init->state_cookie));
  }
  if (const auto data = Data::parse(chunk)) {
    PARLEY_ASSERT(as_text(data->head()) == as_text(chunk.value.first(Data::kHeadSize)));
  }
  if (const auto sack = SackView::parse(chunk.value)) {
    for (std::size_t i = 0; i < sack->gap_block_count(); ++i) {
      PARLEY_ASSERT(sack->gap_block(i).first <= sack->gap_block(i).last);
    }
  }
  if (const auto forward = ForwardTsn::parse(chunk.value)) {
    PARLEY_ASSERT(ForwardTsn::parse(forward->write()) == forward);
  }
  if (const auto parameters = parse_re_config(chunk.value)) {
    ByteWriter writer;
    for (const ReConfigParameter& parameter : *parameters) write_to(writer, parameter);
    PARLEY_ASSERT(parse_re_config(writer.view()).has_value());
  }
  PARLEY_ASSERT(describe_causes(chunk.value).size() <= 256);
  PARLEY_ASSERT(!StateCookie::open(chunk.value, crypto::Sha256Digest{}));
  check_dcep(chunk.value);
}

void check_parsers(Bytes bytes) {
  check_dcep(bytes);
  PARLEY_ASSERT(crc32c(bytes) == crc32c_by_table(bytes));
  const auto packet = PacketView::parse(bytes);
  if (!packet) return;
  packet->has_right_checksum();
  PacketWriter writer(packet->header(), 1'200);
  std::size_t offset = 0;
  while (const auto chunk = packet->next_chunk(offset)) {
    check_chunk(*chunk);
    writer.add(chunk->type, chunk->flags, chunk->value);
  }
  const Packet written = writer.finish(Checksum::kCrc32c);
  const auto again = PacketView::parse(written);
  PARLEY_ASSERT(again.has_value() && again->has_right_checksum());
}

DataChannels::Config small() {
  DataChannels::Config config;
  config.association.max_message_size = 16'384;
  config.association.receive_buffer = 32'768;
  config.association.max_send_buffer = 65'536;
  config.association.max_incoming_streams = 16;
  config.association.max_outgoing_streams = 16;
  config.association.zero_checksum = false;
  config.association.max_retransmissions = 4;
  config.max_channels = 8;
  config.max_remote_text = 1'024;
  return config;
}

// One end, what it has sent, and the tag that what comes for it must have.
struct End {
  explicit End(std::uint64_t seed) : random(seed), engine(random, small()) {}

  SeededRandom random;
  DataChannels engine;
  std::deque<Packet> sent;
  std::vector<ChannelId> channels;
  std::uint32_t tag = 0;
  bool closed = false;
};

class Conversation {
 public:
  explicit Conversation(Bytes script) : script_(script) {}

  void run() {
    for (int steps = 0; steps < 100 && !script_.at_end(); ++steps) step();
    for (End* const end : {&a_, &b_}) {
      end->engine.abort(now_, "end");
      drain(*end, other(*end));
    }
  }

 private:
  End& other(End& end) { return &end == &a_ ? b_ : a_; }

  void step() {
    const std::uint8_t what = script_.u8();
    End& end = (what & 0x80) != 0 ? b_ : a_;
    End& peer = other(end);
    switch (what & 0x0F) {
      case 0: craft(end); break;
      case 1: deliver_changed(end, peer); break;
      case 2:
        if (!peer.sent.empty()) peer.sent.pop_front();
        break;
      case 3: pass(std::chrono::milliseconds{script_.u16()}); break;
      case 4: send(end); break;
      case 5: open(end); break;
      case 6:
        if (!end.channels.empty()) end.engine.close(now_, end.channels.front());
        break;
      case 7: end.engine.start(now_, &end == &a_); break;
      case 8: end.engine.shutdown(now_); break;
      case 9:
        if (!peer.sent.empty()) peer.sent.push_back(peer.sent.front());
        break;
      default: deliver_all(end, peer); break;
    }
    drain(end, peer);
  }

  // Chunks of the fuzzer's own in a packet that is right besides.
  void craft(End& end) {
    const std::uint8_t with_tag = script_.u8();
    const std::size_t size = std::min<std::size_t>(script_.u8() * 4U, script_.remaining());
    ByteWriter packet;
    packet.u16(5'000);
    packet.u16(5'000);
    packet.u32(with_tag == 0 ? 0 : end.tag);
    packet.u32(0);
    packet.bytes(script_.bytes(size));
    deliver(end, packet.take());
  }

  void deliver_changed(End& end, End& peer) {
    if (peer.sent.empty()) return;
    Packet packet = std::move(peer.sent.front());
    peer.sent.pop_front();
    for (int changes = script_.u8() % 4; changes > 0; --changes) {
      const std::size_t place = kPacketHeaderSize + script_.u8();
      if (place < packet.size()) packet[place] ^= script_.u8();
    }
    deliver(end, std::move(packet));
  }

  void deliver_all(End& end, End& peer) {
    for (int i = 0; i < 64 && !peer.sent.empty(); ++i) {
      const Packet packet = std::move(peer.sent.front());
      peer.sent.pop_front();
      deliver(end, packet);
    }
  }

  void deliver(End& end, Packet packet) {
    store_u32(packet.data() + 8, 0);
    store_u32(packet.data() + 8, __builtin_bswap32(crc32c(packet)));
    end.engine.handle_input(now_, {.payload = packet});
    drain(end, other(end));
  }

  void pass(Duration duration) {
    const Time until = now_ + duration;
    for (int i = 0; i < 100; ++i) {
      const Time next = std::min(a_.engine.next_deadline(), b_.engine.next_deadline());
      if (next > until) break;
      now_ = std::max(now_, next);
      for (End* const end : {&a_, &b_}) {
        if (end->engine.next_deadline() > now_) continue;
        end->engine.handle_timeout(now_);
        drain(*end, other(*end));
        PARLEY_ASSERT(end->engine.next_deadline() > now_);
      }
    }
    now_ = std::max(now_, until);
  }

  void send(End& end) {
    if (end.channels.empty()) return;
    const std::size_t size = script_.u16() % 20'000;
    const auto kind = size % 2 == 0 ? DataChannels::Kind::kText : DataChannels::Kind::kBinary;
    static_cast<void>(end.engine.send(now_, end.channels[size % end.channels.size()], kind,
                                      std::vector<std::uint8_t>(size, 'x')));
  }

  void open(End& end) {
    const std::uint8_t how = script_.u8();
    ChannelOptions options{.label = "label", .ordered = (how & 1) != 0};
    if ((how & 2) != 0) options.max_retransmits = how >> 4;
    if ((how & 6) == 4) options.max_packet_lifetime = std::chrono::milliseconds{how};
    if ((how & 8) != 0) options.negotiated = how >> 4;
    static_cast<void>(end.engine.open(now_, options));
  }

  void drain(End& end, End& peer) {
    for (int i = 0;; ++i) {
      PARLEY_ASSERT(i < 20'000);
      auto output = end.engine.poll_output();
      if (!output) break;
      if (auto* const transmit = std::get_if<DataChannels::Transmit>(&*output)) {
        PARLEY_ASSERT(transmit->packet.size() <= small().association.mtu);
        const auto packet = PacketView::parse(transmit->packet);
        PARLEY_ASSERT(packet.has_value() && packet->has_right_checksum());
        learn(end, peer, *packet);
        if (end.sent.size() < 64) end.sent.push_back(std::move(transmit->packet));
      } else if (const auto* opened = std::get_if<DataChannels::ChannelOpened>(&*output)) {
        end.channels.push_back(opened->channel);
      } else if (const auto* known = std::get_if<DataChannels::ChannelAnnounced>(&*output)) {
        end.channels.push_back(known->channel);
      } else if (const auto* gone = std::get_if<DataChannels::ChannelClosed>(&*output)) {
        std::erase(end.channels, gone->channel);
      } else if (std::holds_alternative<DataChannels::Closed>(*output)) {
        PARLEY_ASSERT(!std::exchange(end.closed, true));
      }
    }
    const Metrics metrics = end.engine.association().metrics();
    PARLEY_ASSERT(metrics.receive_buffered <= 32'768 + 16'384 + 64);
    PARLEY_ASSERT(metrics.send_buffered <= 65'536);
    PARLEY_ASSERT(end.engine.channel_count() <= 8);
  }

  static void learn(End& end, End& peer, const PacketView& packet) {
    std::size_t offset = 0;
    const auto chunk = packet.next_chunk(offset);
    if (packet.header().verification_tag != 0) peer.tag = packet.header().verification_tag;
    if (chunk->type == ChunkType::kInit || chunk->type == ChunkType::kInitAck) {
      end.tag = load_u32(chunk->value.data());
    }
  }

  ByteReader script_;
  Time now_{std::chrono::hours{1}};
  End a_{1};
  End b_{2};
};

}  // namespace
}  // namespace parley::sctp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace parley;
  if (size == 0) return 0;
  const Bytes rest(data + 1, size - 1);
  if (data[0] == 0) {
    sctp::check_parsers(rest);
  } else {
    sctp::Conversation(rest).run();
  }
  return 0;
}
