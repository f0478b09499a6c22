// What a leg may step down to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/show/caps.h"
#include "engine/show/check.h"
#include "engine/show/renditions.h"
#include "tests/engine/show/show_support.h"

namespace mainstay::show {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

Show show_with(const std::string& step, const std::string& more = "") {
  const std::string json = R"({"mainstay": 1, "name": "Steps", "sources": {"bars": {"type": "bars"}},
    "program": {"width": 1280, "height": 720, "rate": "30/1"},
    "encode": {"video": [{"name": "v0", "kbps": 3000}, {"name": "v1", "height": 480, "kbps": 1200},
      {"name": "v2", "height": 360, "kbps": 700}, {"name": "slow", "height": 360, "kbps": 800, "keyint_s": 4},
      {"name": "h", "codec": "hevc", "height": 480, "kbps": 900}, {"name": "b", "height": 234, "kbps": 300, "bframes": 0},
      {"name": "v3", "height": 234, "kbps": 200}]},
    "destinations": {"platform": {"main": {"url": "srt://127.0.0.1:9000"})" +
                           more + (step.empty() ? "" : ", \"step\": " + step) + "}}}";
  const Parsed parsed = parse_show(json);
  EXPECT_THAT(lines(parsed.errors), IsEmpty());
  return parsed.show;
}

std::vector<std::string> found(const std::string& step, const std::string& more = "") {
  return lines(check(show_with(step, more), {.show_dir = ".", .probe_files = false, .secrets = nullptr}));
}

std::vector<std::string> rungs(const std::string& step, const std::string& more = "") {
  const Show show = show_with(step, more);
  std::vector<std::string> names;
  for (const VideoEncode* rung : lower_rungs(show.encode, show.destinations.at("platform")))
    names.push_back(rung->name);
  return names;
}

TEST(CheckStepsTest, OffUnlessAsked) {
  EXPECT_THAT(rungs(""), IsEmpty());
  EXPECT_THAT(found(""), IsEmpty());
}

TEST(CheckStepsTest, OnlyRenditionsThatCanBeChangedToCountTheHighestFirst) {
  EXPECT_THAT(rungs("{}"), ElementsAre("v1", "v2", "v3"));
  EXPECT_THAT(rungs("\"v2\""), ElementsAre("v1", "v2"));
  EXPECT_THAT(rungs("{\"down_to\": \"v3\"}", ", \"video\": \"v1\""), ElementsAre("v2", "v3"));
  EXPECT_THAT(found("{}"), IsEmpty());
}

TEST(CheckStepsTest, ARenditionThatCannotBeChangedToIsNamedWithTheReason) {
  const std::string at = "/destinations/platform/step/down_to: ";
  EXPECT_THAT(found("\"v9\""), ElementsAre(StartsWith(at + "there is no video rendition \"v9\"")));
  EXPECT_THAT(found("\"v0\""), ElementsAre(at + "\"v0\" is what is sent already: name a lower rendition"));
  const std::string from = at + "a leg that sends \"v0\" cannot step down to ";
  EXPECT_THAT(found("\"h\""), ElementsAre(from + "\"h\": it is hevc, not h264"));
  EXPECT_THAT(found("\"slow\""), ElementsAre(from + "\"slow\": its keyint_s is 4, not 2"));
  EXPECT_THAT(found("\"b\""), ElementsAre(StartsWith(from + "\"b\": its B-frames may differ")));
  EXPECT_THAT(
      found("\"v0\"", ", \"video\": \"v1\""),
      ElementsAre(at + "a leg that sends \"v1\" cannot step down to \"v0\": its 3000 kb/s are no less than 1200"));
}

TEST(CheckStepsTest, NothingBelowIsAnError) {
  EXPECT_THAT(found("{}", ", \"video\": \"v3\""),
              ElementsAre(StartsWith("/destinations/platform/step: there is nothing to step down to")));
}

TEST(CheckStepsTest, ADestinationsCapsHoldForWhatItMayStepDownTo) {
  const Show show = show_with("{}", ", \"caps\": {\"max_vbv_ms\": 400}");
  const VideoEncode& v1 = *find_video(show.encode, "v1");
  const VideoEncode& h = *find_video(show.encode, "h");
  EXPECT_EQ(effective_caps(show, v1).max_vbv_ms, 400);
  EXPECT_EQ(effective_caps(show, h).max_vbv_ms, std::nullopt);
}

}  // namespace
}  // namespace mainstay::show
