#include "media_file.h"

#include <fstream>
#include <iterator>

namespace native_call {

std::expected<MediaFile, std::string> read_media(const std::string& path, MediaParser parse) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::unexpected(path + ": cannot be read");
  const std::vector<std::uint8_t> bytes(std::istreambuf_iterator<char>(stream), {});
  auto file = parse(bytes);
  if (!file) return std::unexpected(path + ": " + file.error());
  return file;
}

}  // namespace native_call
