#include "server/metrics.h"

#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace parley::server {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') {
      result += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') result += '\\';
    result += c;
  }
  return result;
}

double in_seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// The descriptors that are open, less the one that counts them.
double open_descriptors() {
  std::error_code error;
  double count = -1;
  for (std::filesystem::directory_iterator it("/proc/self/fd", error), end; it != end;
       it.increment(error)) {
    ++count;
  }
  return count;
}

}  // namespace

MetricsText& MetricsText::counter(std::string_view name, std::string_view help) {
  return begin(fmt::format("parley_{}_total", name), "counter", help);
}

MetricsText& MetricsText::gauge(std::string_view name, std::string_view help) {
  return begin(fmt::format("parley_{}", name), "gauge", help);
}

MetricsText& MetricsText::histogram(std::string_view name, std::string_view help) {
  return begin(fmt::format("parley_{}", name), "histogram", help);
}

MetricsText& MetricsText::shared_counter(std::string_view name, std::string_view help) {
  return begin(std::string(name), "counter", help);
}

MetricsText& MetricsText::shared_gauge(std::string_view name, std::string_view help) {
  return begin(std::string(name), "gauge", help);
}

MetricsText& MetricsText::value(double value) {
  text_ += fmt::format("{} {}\n", name_, value);
  return *this;
}

MetricsText& MetricsText::value(std::string_view label, std::string_view label_value,
                                double value) {
  text_ += fmt::format("{}{{{}=\"{}\"}} {}\n", name_, label, label_value, value);
  return *this;
}

MetricsText& MetricsText::value(std::initializer_list<Label> labels, double value) {
  std::string list;
  for (const Label& label : labels) {
    list += fmt::format("{}{}=\"{}\"", list.empty() ? "" : ",", label.name, escaped(label.value));
  }
  text_ += fmt::format("{}{{{}}} {}\n", name_, list, value);
  return *this;
}

MetricsText& MetricsText::latencies(std::string_view label, std::string_view label_value,
                                    const Latencies& latencies) {
  std::uint64_t count = 0;
  const auto line = [&](std::string_view bound) {
    text_ += fmt::format("{}_bucket{{{}=\"{}\",le=\"{}\"}} {}\n", name_, label, label_value, bound,
                         count);
  };
  for (std::size_t i = 0; i < Latencies::kBounds.size(); ++i) {
    count += latencies.counts()[i];
    line(fmt::format("{}", in_seconds(Latencies::kBounds[i])));
  }
  count += latencies.counts().back();
  line("+Inf");
  text_ += fmt::format("{}_sum{{{}=\"{}\"}} {}\n", name_, label, label_value,
                       in_seconds(latencies.sum()));
  text_ += fmt::format("{}_count{{{}=\"{}\"}} {}\n", name_, label, label_value, count);
  return *this;
}

MetricsText& MetricsText::begin(std::string name, std::string_view type, std::string_view help) {
  name_ = std::move(name);
  text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name_, help, name_, type);
  return *this;
}

void write_process_metrics(MetricsText& metrics) {
  rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
  metrics.shared_counter("process_cpu_seconds_total", "User and system CPU time.")
      .value(seconds(usage.ru_utime) + seconds(usage.ru_stime));
  double pages = 0;
  double resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  metrics.shared_gauge("process_virtual_memory_bytes", "Virtual memory.").value(pages * page);
  metrics.shared_gauge("process_resident_memory_bytes", "Resident memory.").value(resident * page);
  metrics.shared_gauge("process_open_fds", "Open file descriptors.").value(open_descriptors());
  rlimit limit = {};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  metrics.shared_gauge("process_max_fds", "The most file descriptors that may be open.")
      .value(limit.rlim_cur);
}

}  // namespace parley::server
