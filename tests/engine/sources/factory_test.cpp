#include "engine/sources/factory.h"

#include <gtest/gtest.h>

namespace mainstay {
namespace {

TEST(MakeSource, MakesTheSourceThatTheShowDescribes) {
  ManualClock clock;
  Log log({LogLevel::off, false, [](std::string_view) {}});
  const SourceContext context{"name", clock, log, {30, 1}, 64, 36, Millis(500), ""};
  EXPECT_EQ(make_source(show::BarsSource{}, context)->status().detail, "colour bars, 1000 Hz at -20 dBFS");
  EXPECT_EQ(make_source(show::ColorSource{"#00ff00"}, context)->status().detail, "colour #00ff00");
  EXPECT_EQ(make_source(show::FileSource{.path = "clip.mp4"}, context)->status().state, SourceState::opening);
  EXPECT_EQ(make_source(show::ImageSource{"logo.png"}, context)->status().state, SourceState::opening);
  EXPECT_TRUE(make_source(show::IngestSource{}, context));
}

}  // namespace
}  // namespace mainstay
