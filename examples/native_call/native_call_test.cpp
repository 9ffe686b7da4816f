#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>

#include "host.h"
#include "ivf.h"
#include "messages.h"
#include "ogg.h"
#include "player.h"
#include "recorder.h"

namespace native_call {
namespace {

using namespace std::chrono_literals;
using parley::Bytes;
using parley::Time;

constexpr Time kStart{1h};

// In a folder of its own: two runs at once do not meet.
class MediaFiles : public testing::Test {
 protected:
  MediaFiles() {
    std::string name = (std::filesystem::temp_directory_path() / "native_call_XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~MediaFiles() override { std::filesystem::remove_all(folder_); }
  std::string path(const char* name) const { return (folder_ / name).string(); }

  std::vector<std::uint8_t> bytes_of(const char* name) const {
    std::ifstream stream(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  std::filesystem::path folder_;
};

std::vector<std::uint8_t> filled(std::size_t size, std::uint8_t first) {
  std::vector<std::uint8_t> bytes(size, 0x5a);
  if (!bytes.empty()) bytes.front() = first;
  return bytes;
}

constexpr std::uint8_t kOpus20ms = 0xfc;  // One frame of 20 ms, stereo (RFC 6716, 3.1).

TEST_F(MediaFiles, AnIvfFileHoldsWhatWasWritten) {
  {
    IvfWriter writer(path("a.ivf"), {.width = 320, .height = 240});
    writer.write(0, filled(1'000, 0x10));
    writer.write(3'600, filled(1, 0x11));
    writer.write(7'200, {});
  }
  const auto file = read_media(path("a.ivf"), parse_ivf);
  ASSERT_TRUE(file.has_value()) << file.error();
  const std::vector<MediaFrame> expected = {{.at = 0ms, .bytes = filled(1'000, 0x10)},
                                            {.at = 40ms, .bytes = filled(1, 0x11)},
                                            {.at = 80ms, .bytes = {}}};
  EXPECT_EQ(file->frames, expected);
  EXPECT_EQ(file->length, 120ms);
}

TEST_F(MediaFiles, AnOggFileHoldsWhatWasWritten) {
  std::vector<std::vector<std::uint8_t>> packets;
  for (const std::size_t size : {1U, 254U, 255U, 256U, 510U, 1'275U}) {
    packets.push_back(filled(size, kOpus20ms));
  }
  {
    OggWriter writer(path("a.ogg"));
    for (std::size_t i = 0; i < packets.size(); ++i) writer.write(i * 960, packets[i]);
  }
  const auto file = read_media(path("a.ogg"), parse_ogg);
  ASSERT_TRUE(file.has_value()) << file.error();
  ASSERT_EQ(file->frames.size(), packets.size());
  for (std::size_t i = 0; i < packets.size(); ++i) {
    EXPECT_EQ(file->frames[i], (MediaFrame{.at = 20ms * i, .bytes = packets[i]})) << i;
  }
  EXPECT_EQ(file->length, 120ms);
}

// The second page of sound as a file has it: position 1,920 and a checksum that ffmpeg agrees with.
TEST_F(MediaFiles, AnOggPageSaysWhereItEnds) {
  {
    OggWriter writer(path("a.ogg"));
    for (std::size_t i = 0; i < 2; ++i) writer.write(i * 960, Bytes(&kOpus20ms, 1));
  }
  const std::vector<std::uint8_t> page = {'O', 'g', 'g',  'S',  0,    4,    0x80, 0x07, 0,        0,
                                          0,   0,   0,    0,    'P',  'A',  'R',  'L',  3,        0,
                                          0,   0,   0x3d, 0xb8, 0x4a, 0x98, 1,    1,    kOpus20ms};
  const auto file = bytes_of("a.ogg");
  ASSERT_GE(file.size(), page.size());
  EXPECT_EQ(std::vector(file.end() - std::ssize(page), file.end()), page);
}

// A page with that header type and those segments, all of zeros but for the first byte.
std::vector<std::uint8_t> page(std::uint8_t flags, std::vector<std::uint8_t> sizes,
                               std::uint8_t first) {
  std::vector<std::uint8_t> bytes = {'O', 'g', 'g', 'S', 0, flags};
  bytes.resize(26);
  bytes.push_back(static_cast<std::uint8_t>(sizes.size()));
  bytes.insert(bytes.end(), sizes.begin(), sizes.end());
  const std::size_t header = bytes.size();
  bytes.resize(header + std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}));
  bytes[header] = first;
  return bytes;
}

TEST_F(MediaFiles, APacketMayGoOnOnTheNextPageOfAnOggFile) {
  { const OggWriter headers(path("a.ogg")); }
  const auto frames = [&](std::uint8_t flags_of_second) {
    auto file = bytes_of("a.ogg");
    for (const auto& bytes :
         {page(0, {255}, kOpus20ms), page(flags_of_second, {9, 7}, kOpus20ms)}) {
      file.insert(file.end(), bytes.begin(), bytes.end());
    }
    std::vector<std::size_t> sizes;
    const auto parsed = parse_ogg(file);
    for (const MediaFrame& frame : parsed->frames) sizes.push_back(frame.bytes.size());
    return sizes;
  };
  EXPECT_EQ(frames(1), (std::vector<std::size_t>{264, 7}));
  EXPECT_EQ(frames(0), (std::vector<std::size_t>{9, 7}));  // The page between them is missing.
}

TEST_F(MediaFiles, TheLastFrameOfAnIvfFileIsSeenAsLongAsTheOthers) {
  const auto length = [&](int frames) {
    {
      IvfWriter writer(path("a.ivf"), {.width = 16, .height = 16});
      for (int i = 0; i < frames; ++i) writer.write(9'000U * static_cast<unsigned>(i), {});
    }
    return read_media(path("a.ivf"), parse_ivf)->length;
  };
  EXPECT_EQ(length(1), 40ms);
  EXPECT_EQ(length(2), 200ms);
  EXPECT_EQ(length(3), 300ms);
}

TEST_F(MediaFiles, AnOggFileWithoutSoundSaysSo) {
  { const OggWriter writer(path("a.ogg")); }
  EXPECT_EQ(read_media(path("a.ogg"), parse_ogg).error(), path("a.ogg") + ": holds no sound");
}

TEST_F(MediaFiles, WhatIsNoMediaIsRefused) {
  EXPECT_EQ(read_media(path("none"), parse_ogg).error(), path("none") + ": cannot be read");
  const std::string text = "Once upon a time, in a file that is no media at all, lived some words.";
  EXPECT_EQ(parse_ivf(parley::as_bytes(text)).error(), "is no IVF file");
  EXPECT_EQ(parse_ogg(parley::as_bytes(text)).error(), "is no Ogg file");
}

TEST_F(MediaFiles, NoTruncationOfAFileIsReadPastItsEnd) {
  {
    IvfWriter picture(path("a.ivf"), {.width = 320, .height = 240});
    picture.write(0, filled(40, 0x10));
    OggWriter sound(path("a.ogg"));
    sound.write(0, filled(300, kOpus20ms));
  }
  const auto picture = bytes_of("a.ivf");
  const auto sound = bytes_of("a.ogg");
  for (std::size_t size = 0; size < picture.size(); ++size) {
    EXPECT_FALSE(parse_ivf(Bytes(picture).first(size)).has_value()) << size;
  }
  for (std::size_t size = 0; size < sound.size(); ++size) {
    EXPECT_FALSE(parse_ogg(Bytes(sound).first(size)).has_value()) << size;
  }
}

// Two frames 40 ms apart, each seen for 40 ms.
const MediaFile kClip = {.frames = {{.at = 0ms, .bytes = {1}}, {.at = 40ms, .bytes = {2}}},
                         .length = 80ms};

TEST(Player, GivesEachFrameAtItsTimeAndBeginsAnew) {
  Player player(kClip);
  EXPECT_EQ(player.next_deadline(), parley::kNever);
  EXPECT_FALSE(player.poll(kStart));
  player.start(kStart);
  for (int i = 0; i < 5; ++i) {
    const Time due = kStart + 40ms * i;
    EXPECT_EQ(player.next_deadline(), due);
    EXPECT_FALSE(player.poll(due - 1us));
    const auto frame = player.poll(due);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->at, 40ms * i);
    EXPECT_EQ(frame->bytes.front(), i % 2 + 1);
  }
}

TEST(Player, GoesOnFromAnotherFrameWithoutAJumpInTime) {
  Player player(kClip);
  player.start(kStart);
  player.poll(kStart);
  player.skip_to([](Bytes frame) { return frame.front() == 1; });
  const auto frame = player.poll(kStart + 40ms);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->at, 40ms);
  EXPECT_EQ(frame->bytes.front(), 1);
  EXPECT_EQ(player.next_deadline(), kStart + 80ms);
}

TEST(Player, PlaysOnWhereThereIsNoSuchFrame) {
  Player player(kClip);
  player.start(kStart);
  player.skip_to([](Bytes) { return false; });
  EXPECT_EQ(player.poll(kStart)->bytes.front(), 1);
}

// A VP8 key frame's header, of 320 x 240 (RFC 6386, 9.1).
const std::vector<std::uint8_t> kKeyFrame = {0x10, 0,    0,    0x9d, 0x01, 0x2a,
                                             0x40, 0x01, 0xf0, 0x00, 0,    0};
const std::vector<std::uint8_t> kOtherFrame = {0x11, 0, 0};

parley::peer::IncomingFrame picture(std::uint64_t timestamp, bool key, bool lost_before = false) {
  return {.codec = "VP8",
          .timestamp = timestamp,
          .key = key,
          .lost_before = lost_before,
          .data = key ? kKeyFrame : kOtherFrame};
}

TEST_F(MediaFiles, ARecordedPictureBeginsWithAKeyFrameAndHasNoHoles) {
  {
    Recorder recorder(folder_.string(), "ada");
    EXPECT_FALSE(recorder.write("camera", picture(0, false)));
    EXPECT_TRUE(recorder.write("camera", picture(90'000, true)));
    EXPECT_TRUE(recorder.write("camera", picture(93'600, false)));
    EXPECT_FALSE(recorder.write("camera", picture(97'200, false, true)));
    EXPECT_FALSE(recorder.write("camera", picture(100'800, false)));
    EXPECT_TRUE(recorder.write("camera", picture(104'400, true, true)));
  }
  const auto file = read_media(path("ada-camera.ivf"), parse_ivf);
  ASSERT_TRUE(file.has_value()) << file.error();
  const std::vector<MediaFrame> expected = {{.at = 0ms, .bytes = kKeyFrame},
                                            {.at = 40ms, .bytes = kOtherFrame},
                                            {.at = 160ms, .bytes = kKeyFrame}};
  EXPECT_EQ(file->frames, expected);
}

TEST_F(MediaFiles, NoNameLeadsARecordingOutOfItsFolder) {
  {
    Recorder recorder(folder_.string(), "../ada");
    recorder.write("/x/../y", {.codec = "opus", .timestamp = 7, .data = {kOpus20ms}});
  }
  EXPECT_TRUE(read_media(path("___ada-_x____y.ogg"), parse_ogg).has_value());
}

TEST_F(MediaFiles, ARecordedSoundBeginsAtItsFirstPacket) {
  {
    Recorder recorder(folder_.string(), "ada");
    recorder.write("microphone", {.codec = "opus", .timestamp = 1 << 20, .data = {kOpus20ms}});
  }
  const auto file = bytes_of("ada-microphone.ogg");
  EXPECT_EQ(file.at(file.size() - 23), 0xc0);  // 960: the position, after the header type.
  EXPECT_EQ(file.at(file.size() - 22), 0x03);
  EXPECT_EQ(file.at(file.size() - 21), 0x00);
}

TEST_F(MediaFiles, ARecordingIsNotWrittenOver) {
  for (int i = 0; i < 3; ++i) {
    Recorder(folder_.string(), "ada").write("camera", picture(0, true));
  }
  for (const char* name : {"ada-camera.ivf", "ada-camera-2.ivf", "ada-camera-3.ivf"}) {
    EXPECT_TRUE(read_media(path(name), parse_ivf).has_value()) << name;
  }
}

TEST(Description, KnowsItsSession) {
  EXPECT_EQ(Description{.sdp = "v=0\r\no=- 47 2 IN IP4 127.0.0.1\r\ns=-\r\n"}.session(), "47");
  for (const char* sdp : {"", "v=0\r\n", "v=0\r\no=-", "v=0\r\no=- "}) {
    EXPECT_EQ(Description{.sdp = sdp}.session(), "") << sdp;
  }
}

TEST(MeetingUrl, IsTheOneThatABrowserShows) {
  const auto meeting = Meeting::parse("http://localhost:3000/room/daily?name=x#y");
  ASSERT_TRUE(meeting);
  EXPECT_EQ(meeting->host.name, "localhost");
  EXPECT_EQ(meeting->host.port, "3000");
  EXPECT_EQ(meeting->room, "daily");
  EXPECT_EQ(Meeting::parse("http://[::1]/room/a")->host.name, "::1");
  EXPECT_EQ(Meeting::parse("http://a.example/room/a")->host.port, "80");
  for (const char* url : {"", "http://", "https://a/room/b", "http://a/", "http://a:b/room/c",
                          "http://a/room/", "a/room/b"}) {
    EXPECT_FALSE(Meeting::parse(url)) << url;
  }
}

TEST(IceServers, AreTakenFromTheWelcomeWithTheirLogins) {
  const auto welcome = parley::Json::parse(
      R"({"iceServers":[{"urls":["stun:a.example:3478"]},)"
      R"({"urls":["turn:a.example:3478?transport=udp",7],"username":"9:ada","credential":"s"}]})");
  const auto servers = ice_servers_of(*welcome);
  ASSERT_EQ(servers.size(), 2u);
  EXPECT_EQ(servers[0].urls, std::vector<std::string>{"stun:a.example:3478"});
  EXPECT_EQ(servers[1].urls, std::vector<std::string>{"turn:a.example:3478?transport=udp"});
  EXPECT_EQ(servers[1].username, "9:ada");
  EXPECT_EQ(servers[1].credential, "s");
}

}  // namespace
}  // namespace native_call
