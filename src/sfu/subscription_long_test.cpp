// Long seeded runs: a publisher of simulcast VP8 with temporal layers over a path that loses,
// reorders and repairs; a slot whose target changes all the time; and, beside it, a receiver that
// knows nothing of how it is done and checks what comes out.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <random>
#include <vector>

#include "rtp/extender.h"
#include "sfu/subscription.h"
#include "sfu/test_publisher.h"

namespace parley::sfu {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{1h};
// A frame as it was made; what became of it on its way to the server; what the receiver got of it.
struct Frame {
  bool key = false;
  std::uint8_t temporal = 0;
  std::uint8_t tl0 = 0;
  std::vector<std::size_t> needs = {};  // Frames of the same stream.
  std::size_t packets = 0;
  bool seen_in_order = false;              // Some packet of it came when nothing newer had come.
  std::optional<LayerTarget> target = {};  // What was wanted then.

  std::size_t received = 0;  // Packets.
  std::uint32_t timestamp = 0;
  std::uint16_t picture_id = 0;
  std::uint8_t out_tl0 = 0;
};

// One encoding, with the patterns of libvpx for three temporal layers.
struct Source3 {
  TestStream stream = {};
  std::vector<Frame> frames = {};
  std::vector<std::size_t> frame_of = {};  // By packet.
  std::vector<Time> arrived = {};          // By packet; kNever.
  std::array<std::optional<std::size_t>, 3> newest = {};
  std::uint64_t newest_packet = 0;
  bool key_wanted = false;
  int phase = 0;

  std::vector<std::vector<std::uint8_t>> next(int packets) {
    static constexpr std::array<std::uint8_t, 8> kLayers = {0, 2, 1, 2, 0, 2, 1, 2};
    static constexpr std::array<bool, 8> kSync = {false, true,  true,  false,
                                                  false, false, false, false};
    const bool key = std::exchange(key_wanted, false) || frames.empty();
    if (key) phase = 0;
    Frame frame{.key = key, .temporal = kLayers[static_cast<std::size_t>(phase)]};
    const bool sync = kSync[static_cast<std::size_t>(phase)];
    phase = (phase + 1) % 8;
    if (key) newest = {};
    const std::size_t own = frame.temporal;
    if (newest[0]) frame.needs.push_back(*newest[0]);
    for (std::size_t i = 1; i <= own && !sync; ++i) {
      if (newest[i]) frame.needs.push_back(*newest[i]);
    }
    newest[own] = frames.size();
    auto datagrams = stream.frame(
        {.key = key, .temporal = frame.temporal, .sync = sync, .packets = packets, .size = 20});
    frame.tl0 = stream.tl0_picture_index;
    frame.packets = datagrams.size();
    frame_of.insert(frame_of.end(), datagrams.size(), frames.size());
    arrived.resize(frame_of.size(), kNever);
    frames.push_back(frame);
    return datagrams;
  }
};

struct Publisher {
  Publication publication;
  std::vector<Source3> sources{3};

  Publisher(PacketPool& pool, std::mt19937& random)
      : publication({.encodings = {{.rid = "q"}, {.rid = "h"}, {.rid = "f"}},
                     .codecs = test_video_codecs(),
                     .extensions = test_extensions()},
                    pool) {
    for (std::size_t i = 0; i < 3; ++i) {
      TestStream& stream = sources[i].stream;
      stream.ssrc = rtp::Ssrc{static_cast<std::uint32_t>(i + 1)};
      stream.sequence_number = static_cast<std::uint16_t>(random());
      stream.timestamp = static_cast<std::uint32_t>(random());
      stream.picture_id = static_cast<std::uint16_t>(random() & 0x7FFF);
      stream.tl0_picture_index = static_cast<std::uint8_t>(random());
    }
  }
};

// What one who receives can tell, and what was true of it.
struct Receiver {
  struct Got {
    Source3* source = nullptr;
    std::size_t packet = 0;
    bool empty = false;
    bool starts = false;
  };
  struct Segment {  // From the start of a stream until the slot is done with it.
    Time begin = {};
    Time end = kNever;
    std::size_t first_frame = 0;
  };

  rtp::Extender<std::uint16_t> numbers = {};
  std::map<std::uint64_t, Got> got = {};
  std::vector<Segment> segments = {};

  void end(Time now) {
    if (!segments.empty()) segments.back().end = std::min(segments.back().end, now);
  }

  void take(Time now, const Forwarded& forwarded, Source3& source, std::size_t packet) {
    const std::uint64_t out = numbers.extend(forwarded.sequence_number);
    Frame& frame = source.frames[source.frame_of[packet]];
    if (forwarded.starts_stream) {
      ASSERT_TRUE(frame.key) << "It begins with a key frame.";
      ASSERT_TRUE(forwarded.packet->frame.starts_frame);
      end(now);
      segments.push_back({.begin = now, .first_frame = source.frame_of[packet]});
    }
    ASSERT_FALSE(segments.empty());
    ASSERT_FALSE(got.contains(out)) << "No number is used twice.";
    got[out] = {.source = &source,
                .packet = packet,
                .empty = forwarded.payload.empty(),
                .starts = forwarded.starts_stream};
    if (forwarded.payload.empty()) return;
    const FrameInfo& info = forwarded.packet->frame;
    const std::uint16_t picture_id = forwarded.picture_id.value_or(*info.picture_id);
    const std::uint8_t tl0 = forwarded.tl0_picture_index.value_or(*info.tl0_picture_index);
    if (frame.received++ == 0) {
      frame.timestamp = forwarded.timestamp;
      frame.picture_id = picture_id;
      frame.out_tl0 = tl0;
    }
    ASSERT_EQ(frame.timestamp, forwarded.timestamp);
    ASSERT_EQ(frame.picture_id, picture_id);
    ASSERT_EQ(frame.out_tl0, tl0);
    ASSERT_EQ(forwarded.marker, forwarded.packet->marker);
  }
};

struct Journey {
  struct Arrival {
    Publisher* publisher = nullptr;
    std::size_t encoding = 0;
    std::size_t packet = 0;
    std::vector<std::uint8_t> datagram = {};
    bool repaired = false;
  };

  std::mt19937 random;
  PacketPool pool = {};
  std::deque<Publisher> publishers = {};
  Subscription subscription;
  Publisher* shown = nullptr;
  Receiver receiver = {};
  Time now = kStart;
  std::multimap<Time, Arrival> on_the_way = {};
  std::optional<Time> first_at = {};
  std::uint32_t first_timestamp = 0;
  std::size_t packets = 0, forwarded_packets = 0, late = 0;

  explicit Journey(std::uint32_t seed)
      : random(seed),
        subscription({.codecs = test_video_codecs(),
                      .first_sequence_number = static_cast<std::uint16_t>(random()),
                      .first_timestamp = static_cast<std::uint32_t>(random())}) {
    for (int i = 0; i < 2; ++i) publishers.emplace_back(pool, random);
    show(0);
    subscription.set_target(LayerTarget{.encoding = 0, .temporal = 2});
  }

  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random()) % n; }

  void show(std::size_t index) {
    if (shown != &publishers[index]) receiver.end(now);
    shown = &publishers[index];
    subscription.show(&shown->publication);
  }

  void change_something() {
    switch (below(12)) {
      case 0: show(below(2)); break;
      case 1:
        receiver.end(now);
        subscription.set_target(std::nullopt);
        break;
      case 2: subscription.handle_picture_loss(); break;
      default:
        subscription.set_target(LayerTarget{.encoding = static_cast<std::uint8_t>(below(3)),
                                            .temporal = static_cast<std::uint8_t>(below(3))});
    }
  }

  void send(Publisher& publisher, std::size_t encoding, std::uint32_t loss_percent) {
    Source3& source = publisher.sources[encoding];
    const std::size_t before = source.frame_of.size();
    const auto datagrams = source.next(1 + static_cast<int>(below(3) * (encoding + 1)));
    for (std::size_t i = 0; i < datagrams.size(); ++i) {
      Arrival arrival{.publisher = &publisher,
                      .encoding = encoding,
                      .packet = before + i,
                      .datagram = datagrams[i]};
      Duration delay = 20ms + Duration(i * 100);
      if (below(20) == 0) delay += Duration(below(15'000));  // It is overtaken.
      if (below(100) < loss_percent) {
        if (below(4) == 0) continue;
        arrival.repaired = true;
        delay += 50ms + Duration(below(150'000));
      }
      on_the_way.emplace(now + delay, std::move(arrival));
    }
  }

  void arrive(Time at, const Arrival& arrival) {
    Source3& source = arrival.publisher->sources[arrival.encoding];
    Frame& frame = source.frames[source.frame_of[arrival.packet]];
    const PacketRef packet = arrival.publisher->publication.handle_packet(
        at, *rtp::PacketView::parse(arrival.datagram), arrival.encoding, arrival.repaired);
    ASSERT_TRUE(packet);
    source.arrived[arrival.packet] = at;
    if (arrival.publisher != shown) return;
    ++packets;
    const bool newest = arrival.packet >= source.newest_packet;
    if (newest) {
      source.newest_packet = arrival.packet + 1;
      if (!frame.seen_in_order) frame.target = subscription.target();
      frame.seen_in_order = true;
    }
    const auto forwarded = subscription.forward(at, packet);
    if (!forwarded) return;
    ++forwarded_packets;
    late += !newest;
    ASSERT_NO_FATAL_FAILURE(receiver.take(at, *forwarded, source, arrival.packet));
    if (!forwarded->payload.empty()) {
      ASSERT_NO_FATAL_FAILURE(check_now(at, *forwarded, frame));
    }
    const auto again = subscription.find_sent(at, forwarded->sequence_number);
    ASSERT_TRUE(again);
    ASSERT_EQ(&*again->packet, &*packet);
    ASSERT_EQ(again->timestamp, forwarded->timestamp);
    ASSERT_EQ(again->picture_id, forwarded->picture_id);
    ASSERT_EQ(again->payload.size(), forwarded->payload.size());
  }

  // What has to be right of each packet at once.
  void check_now(Time at, const Forwarded& forwarded, const Frame& frame) {
    if (!first_at) {
      first_at = at;
      first_timestamp = forwarded.timestamp;
    }
    const auto elapsed = static_cast<std::int32_t>(forwarded.timestamp - first_timestamp);
    const double ahead = elapsed / 90.0 - static_cast<double>((at - *first_at).count()) / 1e3;
    ASSERT_LE(ahead, 60) << "Nothing is ahead of its time,";
    if (frame.received == 1 && frame.seen_in_order) {
      ASSERT_GE(ahead, -200) << "nor far behind it.";
    }
    if (!frame.seen_in_order || !frame.target) return;
    const std::uint8_t encoding = forwarded.packet->encoding;
    if (encoding == frame.target->encoding) {
      ASSERT_LE(frame.temporal, frame.target->temporal);
    }
    if (encoding > frame.target->encoding) {
      ASSERT_EQ(frame.temporal, 0);
    }
  }

  void go(std::size_t count, std::uint32_t loss_percent) {
    while (packets < count && !testing::Test::HasFatalFailure()) {
      if (below(40) == 0) change_something();
      const auto wanted = subscription.wants_key_frame();
      if (wanted && below(4) == 0) shown->sources[*wanted].key_wanted = true;
      for (Publisher& publisher : publishers) {
        if (below(200) == 0) publisher.sources[below(3)].key_wanted = true;
        for (std::size_t encoding = 0; encoding < 3; ++encoding) {
          send(publisher, encoding, loss_percent);
        }
      }
      now += 33'333us;
      while (!on_the_way.empty() && on_the_way.begin()->first <= now) {
        const auto next = on_the_way.extract(on_the_way.begin());
        arrive(next.key(), next.mapped());
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  }
};

// What came out, in the order of its new numbers.
class Checker {
 public:
  explicit Checker(const Receiver& receiver) : receiver_(receiver) {}

  void check() {
    const Receiver::Got* before = nullptr;
    std::uint64_t out_before = 0;
    for (const auto& [out, got] : receiver_.got) {
      const std::size_t frame = got.source->frame_of[got.packet];
      if (before != nullptr) {
        const std::size_t end = got.starts ? before->packet + 100 : got.packet;
        ASSERT_LE(out - out_before - 1, missing(*before, end)) << "A gap is what was lost.";
        ASSERT_TRUE(got.starts || got.packet > before->packet);
        if (got.starts) ++segment_;
      }
      if (!got.empty) {
        ASSERT_NO_FATAL_FAILURE(check_frame(got, frame));
      }
      before = &got;
      out_before = out;
    }
  }

 private:
  const Receiver::Segment& segment() const { return receiver_.segments[segment_]; }
  bool in_time(const Source3& source, std::size_t packet) const {
    return source.arrived[packet] >= segment().begin && source.arrived[packet] < segment().end;
  }
  // Packets behind that one that did not come while the slot had use for them.
  std::uint64_t missing(const Receiver::Got& from, std::size_t end) const {
    std::uint64_t count = 0;
    for (std::size_t i = from.packet + 1; i < std::min(end, from.source->arrived.size()); ++i) {
      if (!in_time(*from.source, i)) ++count;
    }
    return count;
  }

  void check_frame(const Receiver::Got& got, std::size_t index) {
    const Source3& source = *got.source;
    const Frame& frame = source.frames[index];
    if (last_ == &frame) return;
    const auto came = packets_in_time(source, index);
    ASSERT_GE(frame.received, came) << "A frame goes whole.";
    for (const std::size_t need : frame.needs) {
      ASSERT_GE(need, segment().first_frame);
      ASSERT_TRUE(source.frames[need].received > 0 || packets_in_time(source, need) == 0)
          << "Nothing goes that needs what did not.";
    }
    if (last_ != nullptr) {
      ASSERT_NO_FATAL_FAILURE(check_numbers(source, index, got.starts));
    }
    last_ = &frame;
    last_index_ = index;
  }

  std::size_t packets_in_time(const Source3& source, std::size_t frame) const {
    auto packet = static_cast<std::size_t>(std::ranges::lower_bound(source.frame_of, frame) -
                                           source.frame_of.begin());
    std::size_t count = 0;
    for (std::size_t i = 0; i < source.frames[frame].packets; ++i) {
      count += in_time(source, packet++);
    }
    return count;
  }

  void check_numbers(const Source3& source, std::size_t index, bool starts) const {
    const Frame& frame = source.frames[index];
    ASSERT_GT(static_cast<std::int32_t>(frame.timestamp - last_->timestamp), 0);
    const int pictures = (frame.picture_id - last_->picture_id) & 0x7FFF;
    const int tl0 = static_cast<std::uint8_t>(frame.out_tl0 - last_->out_tl0);
    if (starts) {
      ASSERT_TRUE(frame.key);
      ASSERT_TRUE(pictures >= 1 && pictures < 10) << pictures;
      ASSERT_TRUE(tl0 >= 1 && tl0 < 5) << tl0;
      return;
    }
    int unseen = 0;
    for (std::size_t i = last_index_ + 1; i < index; ++i) unseen += !source.frames[i].seen_in_order;
    ASSERT_EQ(pictures, 1 + unseen) << "Picture ids count the frames that go.";
    ASSERT_EQ(tl0, static_cast<std::uint8_t>(frame.tl0 - last_->tl0));
  }

  const Receiver& receiver_;
  std::size_t segment_ = 0;
  const Frame* last_ = nullptr;
  std::size_t last_index_ = 0;
};

class LongRun : public testing::TestWithParam<std::uint32_t> {};

TEST_P(LongRun, ComesOutAsOneStream) {
  SCOPED_TRACE(GetParam());
  Journey journey(GetParam());
  ASSERT_NO_FATAL_FAILURE(journey.go(25'000, GetParam() % 6));
  ASSERT_NO_FATAL_FAILURE(Checker(journey.receiver).check());
  EXPECT_GT(journey.forwarded_packets, 2'000u);
  EXPECT_GT(journey.receiver.segments.size(), 20u);
  EXPECT_GT(journey.late, 20u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LongRun, testing::Range(1u, 5u));

}  // namespace
}  // namespace parley::sfu
