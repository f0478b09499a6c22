#include "engine/studio/report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mainstay {
namespace {

TEST(ReportTest, HoldsWhatTheCommandLinePromises) {
  Snapshot snapshot;
  snapshot.elapsed = Millis(2500);
  snapshot.program.rendered = 75;
  snapshot.program.late = 1;
  snapshot.encoders.push_back(
      {.name = "v0", .frames = 75, .dropped = 2, .kbps_mean = 5990.12345, .kbps_peak_1s = 6100});
  LegSnapshot leg;
  leg.destination = "platform";
  leg.role = "main";
  leg.url = "rtmp://h/live";
  leg.state = LegState::live;
  leg.first_connect_ms = 12.5;
  leg.outages.push_back({.start_s = 1, .detect_ms = 500, .recover_ms = std::nullopt});
  snapshot.legs.push_back(leg);
  SourceSnapshot source;
  source.name = "far";
  source.state = "live";
  source.outages.push_back({.start_s = 1.25, .recover_ms = 4000, .detail = "refused"});
  snapshot.sources.push_back(source);

  const auto report =
      nlohmann::json::parse(report_json(snapshot, {"record: disk full"}, {.cpu_s = 1.5, .peak_rss_mb = 99}));
  EXPECT_EQ(report["duration_s"], 2.5);
  EXPECT_EQ(report["frames"], (nlohmann::json{{"rendered", 75}, {"late", 1}, {"repeated", 0}}));
  EXPECT_EQ(report["encoders"][0]["kbps_mean"], 5990.123);
  EXPECT_EQ(report["legs"][0]["state"], "live");
  EXPECT_EQ(report["legs"][0]["first_connect_ms"], 12.5);
  EXPECT_TRUE(report["legs"][0]["outages"][0]["recover_ms"].is_null());
  EXPECT_EQ(report["sources"][0]["outages"],
            (nlohmann::json::array({{{"start_s", 1.25}, {"recover_ms", 4000.0}, {"detail", "refused"}}})));
  EXPECT_EQ(report["errors"][0], "record: disk full");
  EXPECT_EQ(report["cpu_s"], 1.5);
  EXPECT_EQ(report["hls"]["segments"], 0);
}

}  // namespace
}  // namespace mainstay
