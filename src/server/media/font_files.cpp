#include "server/media/font_files.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"

namespace parley::server {
namespace {

// The first that has a letter draws it. Where Debian's packages have them: fonts-dejavu-core,
// which is always there, then what fonts-noto-core and fonts-noto-cjk know beyond.
constexpr std::array kFiles = {
    std::string_view("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"),
    std::string_view("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    std::string_view("/usr/share/fonts/truetype/noto/NotoSansDevanagari-Bold.ttf"),
    std::string_view("/usr/share/fonts/truetype/noto/NotoSansBengali-Bold.ttf"),
    std::string_view("/usr/share/fonts/truetype/noto/NotoSansTamil-Bold.ttf"),
    std::string_view("/usr/share/fonts/truetype/noto/NotoSansThai-Bold.ttf"),
    std::string_view("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc")};

}  // namespace

mcu::Fonts read_fonts() {
  std::vector<std::vector<std::uint8_t>> files;
  for (const std::string_view name : kFiles) {
    std::ifstream file{std::string(name), std::ios::binary};
    if (!file) continue;
    files.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  mcu::Fonts fonts(std::move(files));
  if (fonts.size() == 0) {
    log::warning("server", "no fonts: the picture of everyone has no names (fonts-dejavu-core)");
  }
  return fonts;
}

}  // namespace parley::server
