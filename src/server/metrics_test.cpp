#include "server/metrics.h"

#include <gtest/gtest.h>

namespace parley::server {
namespace {

TEST(Metrics, AreWrittenAsPrometheusReadsThem) {
  MetricsText metrics;
  metrics.counter("http_requests", "Requests answered.").value(1e15 + 1);
  metrics.gauge("rooms", "Rooms now.").value(2.5);
  metrics.counter("refusals", "Events refused.").value("code", "invalid", 3).value("code", "x", 0);
  EXPECT_EQ(metrics.text(),
            "# HELP parley_http_requests_total Requests answered.\n"
            "# TYPE parley_http_requests_total counter\n"
            "parley_http_requests_total 1000000000000001\n"
            "# HELP parley_rooms Rooms now.\n"
            "# TYPE parley_rooms gauge\n"
            "parley_rooms 2.5\n"
            "# HELP parley_refusals_total Events refused.\n"
            "# TYPE parley_refusals_total counter\n"
            "parley_refusals_total{code=\"invalid\"} 3\n"
            "parley_refusals_total{code=\"x\"} 0\n");
}

TEST(Metrics, TellOfTheProcess) {
  MetricsText metrics;
  write_process_metrics(metrics);
  for (const char* name : {"process_cpu_seconds_total", "process_resident_memory_bytes",
                           "process_virtual_memory_bytes", "process_open_fds", "process_max_fds"}) {
    const std::size_t at = metrics.text().find("\n" + std::string(name) + " ");
    ASSERT_NE(at, std::string::npos) << name;
    EXPECT_GT(std::stod(metrics.text().substr(at + std::string(name).size() + 2)), 0) << name;
  }
}

}  // namespace
}  // namespace parley::server
