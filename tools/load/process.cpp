#include "load/process.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace parley::load {
namespace {

// The number after `name` in a file of lines "Name:  123 kB".
std::uint64_t kilobytes(const std::string& file, std::string_view name) {
  std::ifstream in(file);
  for (std::string word; in >> word;) {
    std::uint64_t value = 0;
    if (word == name && in >> value) return value << 10;
  }
  return 0;
}

std::filesystem::path of(int pid, const char* what) {
  return std::filesystem::path("/proc") / std::to_string(pid) / what;
}

}  // namespace

double cpu_seconds(int pid) {
  double nanoseconds = 0;
  for (const auto& task : std::filesystem::directory_iterator(of(pid, "task"))) {
    double value = 0;
    if (std::ifstream(task.path() / "schedstat") >> value) nanoseconds += value;
  }
  return nanoseconds / 1e9;
}

std::uint64_t resident_bytes(int pid) {
  return kilobytes(of(pid, "status"), "VmRSS:");
}

std::uint64_t kernel_bytes() {
  return kilobytes("/proc/meminfo", "Slab:");
}

std::uint64_t open_files(int pid) {
  const std::filesystem::directory_iterator files(of(pid, "fd"));
  return static_cast<std::uint64_t>(std::distance(begin(files), end(files)));
}

}  // namespace parley::load
