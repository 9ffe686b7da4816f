#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "server/latencies.h"

namespace parley::server {

// Writes Prometheus' text format (version 0.0.4).
class MetricsText {
 public:
  // `name` without the "parley_" that all begin with. Samples of it follow.
  MetricsText& counter(std::string_view name, std::string_view help);
  MetricsText& gauge(std::string_view name, std::string_view help);
  MetricsText& histogram(std::string_view name, std::string_view help);

  // Names that other exporters share, such as process_open_fds: as they are.
  MetricsText& shared_counter(std::string_view name, std::string_view help);
  MetricsText& shared_gauge(std::string_view name, std::string_view help);

  MetricsText& value(double value);
  MetricsText& value(std::string_view label, std::string_view label_value, double value);
  MetricsText& value(std::integral auto count) { return value(static_cast<double>(count)); }
  MetricsText& value(std::string_view label, std::string_view label_value,
                     std::integral auto count) {
    return value(label, label_value, static_cast<double>(count));
  }

  struct Label {
    std::string_view name = {};
    std::string_view value = {};  // Any text: it is escaped.
  };
  MetricsText& value(std::initializer_list<Label> labels, double value);
  // Of a histogram, in seconds.
  MetricsText& latencies(std::string_view label, std::string_view label_value,
                         const Latencies& latencies);

  const std::string& text() const { return text_; }

  static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

 private:
  MetricsText& begin(std::string name, std::string_view type, std::string_view help);

  std::string name_;
  std::string text_;
};

// Memory, CPU time and descriptors of this process, under the names that Prometheus gives them.
void write_process_metrics(MetricsText& metrics);

}  // namespace parley::server
