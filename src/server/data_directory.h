#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "base/random.h"
#include "io/fd.h"

namespace parley::server {

inline std::string database_file(const std::string& data) {
  return data + "/parley.db";
}

// What the server keeps between two runs: its secret key, and the certificate that it made itself.
// Only its own user may look inside. Errors are sentences for the operator.
class DataDirectory {
 public:
  // Makes it where it is missing.
  static std::expected<DataDirectory, std::string> open(std::string path);

  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

  // What all keys are derived from. Made at the first run; to delete it is to end all that was
  // signed: everyone has to log in again, and comes back to a meeting as somebody new.
  using SecretKey = std::array<std::uint8_t, 32>;
  std::expected<SecretKey, std::string> secret_key(Random& random) const;

  // Keeps other servers out for as long as it is open.
  std::expected<io::Fd, std::string> lock() const;

  // A directory inside.
  std::expected<DataDirectory, std::string> subdirectory(std::string_view name) const;

  // Writes a file that only the owner may read: the whole of it or, should we be killed, nothing.
  std::expected<void, std::string> write(std::string_view name, std::string_view content) const;

 private:
  explicit DataDirectory(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace parley::server
