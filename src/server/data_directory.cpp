#include "server/data_directory.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/bytes.h"

namespace parley::server {
namespace {

std::unexpected<std::string> cannot(std::string_view do_what, std::string_view file) {
  return std::unexpected(
      fmt::format("{} cannot be {}: {}; see --data.", file, do_what, std::strerror(errno)));
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(fd) == 0;
}

}  // namespace

std::expected<DataDirectory, std::string> DataDirectory::open(std::string path) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return cannot("made", path);
  if (::access(path.c_str(), R_OK | W_OK | X_OK) != 0) return cannot("used", path);
  if (!std::filesystem::is_directory(path, error)) {
    return std::unexpected(fmt::format("{} is no directory; see --data.", path));
  }
  return DataDirectory(std::move(path));
}

std::expected<io::Fd, std::string> DataDirectory::lock() const {
  const std::string name = file("lock");
  io::Fd fd(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd.is_open()) return cannot("opened", name);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
  if (errno != EWOULDBLOCK) return cannot("locked", name);
  return std::unexpected(
      fmt::format("{} is in use by another Parley; give each its own by --data.", path_));
}

std::expected<DataDirectory, std::string> DataDirectory::subdirectory(std::string_view name) const {
  return open(file(name));
}

std::expected<DataDirectory::SecretKey, std::string> DataDirectory::secret_key(
    Random& random) const {
  constexpr std::string_view kName = "secret.key";
  SecretKey key = {};
  std::ifstream stream(file(kName), std::ios::binary);
  if (!stream.is_open() && errno == ENOENT) {
    random.fill(key);
    if (auto written = write(kName, as_text(key)); !written) {
      return std::unexpected(std::move(written.error()));
    }
    return key;
  }
  if (!stream.is_open()) return cannot("read", file(kName));
  const std::string content(std::istreambuf_iterator<char>(stream), {});
  if (content.size() != key.size()) {
    return std::unexpected(fmt::format("{} must hold {} bytes, not {}; delete it for a new one.",
                                       file(kName), key.size(), content.size()));
  }
  std::ranges::copy(as_bytes(content), key.begin());
  return key;
}

std::expected<void, std::string> DataDirectory::write(std::string_view name,
                                                      std::string_view content) const {
  const std::string target = file(name);
  const std::string draft = fmt::format("{}.{}", target, ::getpid());
  io::Fd fd(::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!fd.is_open()) return cannot("written", draft);
  if (!write_all(fd.get(), content)) return cannot("written", draft);
  if (::rename(draft.c_str(), target.c_str()) != 0) return cannot("written", target);
  return {};
}

}  // namespace parley::server
