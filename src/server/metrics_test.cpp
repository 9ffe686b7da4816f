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

TEST(Metrics, HaveSeveralLabelsOfAnyText) {
  MetricsText metrics;
  metrics.gauge("people", "People.").value({{"worker", "0"}, {"room", "a\"b\\c\nd"}}, 3);
  EXPECT_EQ(metrics.text().substr(metrics.text().rfind("parley_people")),
            "parley_people{worker=\"0\",room=\"a\\\"b\\\\c\\nd\"} 3\n");
}

TEST(Metrics, CountLatenciesUpToEachBound) {
  using namespace std::chrono_literals;
  Latencies latencies;
  for (const Duration took : {50us, 100us, 101us, 5000us, 2000000us}) latencies.add(took);
  MetricsText metrics;
  metrics.histogram("turn_seconds", "Turns.").latencies("worker", "1", latencies);
  const auto has = [&](std::string_view line) {
    return metrics.text().find("\nparley_turn_seconds" + std::string(line) + "\n") !=
           std::string::npos;
  };
  EXPECT_TRUE(has("_bucket{worker=\"1\",le=\"0.0001\"} 2"));
  EXPECT_TRUE(has("_bucket{worker=\"1\",le=\"0.00025\"} 3"));
  EXPECT_TRUE(has("_bucket{worker=\"1\",le=\"0.005\"} 4"));
  EXPECT_TRUE(has("_bucket{worker=\"1\",le=\"0.1\"} 4"));
  EXPECT_TRUE(has("_bucket{worker=\"1\",le=\"+Inf\"} 5"));
  EXPECT_TRUE(has("_count{worker=\"1\"} 5"));
  EXPECT_TRUE(has("_sum{worker=\"1\"} 2.005251"));
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
