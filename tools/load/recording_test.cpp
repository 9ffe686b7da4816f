#include "load/recording.h"

#include <gtest/gtest.h>

#include <fstream>

namespace parley::load {
namespace {

using namespace std::chrono_literals;

void put(std::string& to, std::uint32_t value, int bytes = 4) {
  for (int i = 0; i < bytes; ++i) to += static_cast<char>(value >> 8 * i);
}

std::string ivf(std::initializer_list<std::string_view> frames, std::string_view codec = "VP80",
                std::uint32_t per_second = 25) {
  std::string file = "DKIF";
  put(file, 32 << 16);
  file += codec;
  put(file, 360 << 16 | 640);
  put(file, per_second);
  put(file, 1);
  put(file, static_cast<std::uint32_t>(frames.size()));
  put(file, 0);
  for (const std::string_view frame : frames) {
    put(file, static_cast<std::uint32_t>(frame.size()));
    put(file, 0);
    put(file, 0);
    file += frame;
  }
  return file;
}

// A page; of segments as they are given, so that a packet may go on in the next.
std::string page(std::initializer_list<std::string_view> segments) {
  std::string text = "OggS" + std::string(22, '\0');
  text += static_cast<char>(segments.size());
  for (const std::string_view segment : segments) text += static_cast<char>(segment.size());
  for (const std::string_view segment : segments) text += segment;
  return text;
}

std::string text(const std::vector<std::uint8_t>& frame) {
  return {frame.begin(), frame.end()};
}

TEST(Recording, ReadsAFilm) {
  const std::string file = ivf({"\x10key", "\x11more"});
  const auto film = read_film(as_bytes(file));
  ASSERT_TRUE(film) << film.error();
  EXPECT_EQ(film->interval, 40ms);
  ASSERT_EQ(film->frames.size(), 2u);
  EXPECT_EQ(text(film->frames[1]), "\x11more");
  EXPECT_EQ(film->bytes(), 9u);
}

TEST(Recording, AFilmThatIsCutOffEndsWithItsLastWholeFrame) {
  const std::string file = ivf({"\x10key", "\x11more"});
  for (std::size_t size = 0; size < file.size(); ++size) {
    const auto film = read_film(as_bytes(file).first(size));
    EXPECT_EQ(film.has_value(), size >= 32 + 12 + 4) << size;
    if (!film) continue;
    EXPECT_EQ(film->frames.size(), 1u);
  }
}

TEST(Recording, SaysWhatIsWrongWithAFilm) {
  EXPECT_EQ(read_film(as_bytes(ivf({"\x10key"}, "VP90"))).error(), "is no VP8 in IVF");
  EXPECT_EQ(read_film(as_bytes(ivf({"\x11more"}))).error(), "does not begin with a key frame");
  EXPECT_EQ(read_film(as_bytes(ivf({"\x10key"}, "VP80", 0))).error(),
            "says nothing of its frame rate");
}

TEST(Recording, ReadsASound) {
  const std::string large(255, 'x');
  const std::string file = page({"OpusHead"}) + page({"OpusTags"}) + page({"one", large}) +
                           page({"and on", "three", large, ""}) + page({"never ends", large});
  const auto sound = read_sound(as_bytes(file));
  ASSERT_TRUE(sound) << sound.error();
  EXPECT_EQ(sound->interval, 20ms);
  ASSERT_EQ(sound->frames.size(), 5u);
  EXPECT_EQ(text(sound->frames[0]), "one");
  EXPECT_EQ(text(sound->frames[1]), large + "and on");
  EXPECT_EQ(text(sound->frames[3]), large);
}

TEST(Recording, OfASoundThatIsCutOffNothingIsReadBeyondItsEnd) {
  const std::string file = page({"OpusHead"}) + page({"OpusTags"}) + page({"one", "two"});
  for (std::size_t size = 0; size < file.size(); ++size) {
    EXPECT_FALSE(read_sound(as_bytes(file).first(size))) << size;
  }
  EXPECT_TRUE(read_sound(as_bytes(file)));
}

TEST(Recording, NamesTheFileThatCannotBeUsed) {
  EXPECT_EQ(load_recording("/nowhere.ivf", read_film).error(), "/nowhere.ivf: cannot be read");
  const std::string path = testing::TempDir() + "/recording_test.ivf";
  std::ofstream(path) << "text";
  EXPECT_EQ(load_recording(path, read_film).error(), path + ": is no VP8 in IVF");
  std::ofstream(path) << ivf({"\x10key"});
  EXPECT_EQ((*load_recording(path, read_film))->frames.size(), 1u);
}

}  // namespace
}  // namespace parley::load
