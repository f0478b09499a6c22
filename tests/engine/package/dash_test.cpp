// The DASH manifest of a stream that is on air: what must stay as it was told, and what is promised when.
#include "engine/package/dash.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/engine/package/stream_support.h"

namespace mainstay::package {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Dash : public ::testing::Test {
 protected:
  /// `late`: how much later than its date a packet comes.
  void begin(AssemblyOptions options, Nanos late = Millis(0), std::optional<Numbering> before = std::nullopt) {
    options.dash = true;
    shelf_->keep_view(true);
    const Nanos first = stream_.what().rate.begin(stream_.what().first);
    late_ = late;
    assembly_ = std::make_unique<Assembly>(
        std::move(options), Assembly::Services{clock_, log_, [first](Nanos time) { return Instant(time - first); }},
        shelf_, before);
  }
  /// `look` sees each manifest.
  void feed(const std::vector<PacketPtr>& packets, const std::function<void(const std::string&)>& look = {}) {
    const Nanos first = stream_.what().rate.begin(stream_.what().first);
    for (const PacketPtr& packet : packets) {
      clock_.advance_to(Instant(std::max(Nanos(0), packet->decode_time() - first) + Millis(34) + late_));
      assembly_->take(*packet);
      const ItemPtr item = shelf_->find("manifest.mpd");
      if (item && look && std::exchange(seen_, item) != item) look(std::string(item->bytes));
    }
  }
  std::string manifest() const {
    const ItemPtr item = shelf_->find("manifest.mpd");
    return item ? std::string(item->bytes) : std::string();
  }

  ManualClock clock_{ManualClock::Drive::test, UtcInstant(Seconds(1'700'000'000))};
  Log log_{{.level = LogLevel::off, .sink = [](std::string_view) {}}};
  LongStream stream_{EncodeOf{}};
  std::shared_ptr<StreamShelf> shelf_ = std::make_shared<StreamShelf>(clock_);
  std::unique_ptr<Assembly> assembly_;
  Nanos late_{0};
  ItemPtr seen_;
};

TEST_F(Dash, SegmentsMayBeAskedForOnceTheirFirstPartIsThere) {
  begin(options_for(stream_.what(), 60, 10));
  feed(stream_.packets(60 * 5));
  const std::string text = manifest();
  const std::int64_t first = playlist_of(*shelf_, "v0").media_sequence;
  EXPECT_THAT(text, HasSubstr(fmt::format("<SegmentTemplate timescale=\"30\" duration=\"60\" "
                                          "presentationTimeOffset=\"30\" startNumber=\"{}\" "
                                          "availabilityTimeOffset=\"1.658666\" availabilityTimeComplete=\"false\"",
                                          first)));
  EXPECT_THAT(text, HasSubstr("<PlaybackRate min=\"0.95\" max=\"1.05\"/>"));
  EXPECT_THAT(text, HasSubstr("urn:mpeg:dash:utc:http-iso:2014\" value=\"time\""));
  EXPECT_THAT(text, Not(HasSubstr("SegmentTimeline")));
  // The presentation begins with the stream.
  EXPECT_THAT(captured(text, "<Period id=\"[0-9]+\" start=\"([^\"]*)\""), ElementsAre("PT0.000000S"));
  // What the program's time 1 s (its first picture) was by the clock.
  EXPECT_THAT(text, HasSubstr("wallClockTime=\"2023-11-14T22:13:20.000Z\" presentationTime=\"30\""));
}

TEST_F(Dash, SegmentsArePromisedForWhenTheyAreReallyThere) {
  begin(options_for(stream_.what(), 60, 10), Millis(700));
  feed(stream_.packets(60 * 5));
  // 0.7 s late, a picture, and a margin of 0.25 s.
  const auto start = captured(manifest(), "availabilityStartTime=\"([^\"]*)\"");
  ASSERT_EQ(start.size(), 1U);
  EXPECT_GE(start[0], "2023-11-14T22:13:20.950Z");
  EXPECT_LE(start[0], "2023-11-14T22:13:21.100Z");
  const auto target = captured(manifest(), "<Latency referenceId=\"0\" target=\"([0-9]+)\"");
  ASSERT_EQ(target.size(), 1U);
  EXPECT_NEAR(std::stoi(target[0]), 1000 + 990, 60);
}

TEST_F(Dash, PeriodsAndTheStartStayWhileSegmentsLeaveTheWindow) {
  AssemblyOptions options = options_for(stream_.what(), 60, 10);
  options.window_s = 12;
  begin(options);
  std::set<std::string> periods;
  std::set<std::string> starts;
  int manifests = 0;
  feed(stream_.packets(60 * 30), [&](const std::string& text) {
    ++manifests;
    for (std::string& one : captured(text, "<Period (id=[^>]*)>")) periods.insert(std::move(one));
    for (std::string& one : captured(text, "availabilityStartTime=\"([^\"]*)\"")) starts.insert(std::move(one));
  });
  EXPECT_GT(manifests, 25);
  EXPECT_EQ(periods.size(), 1U);
  EXPECT_EQ(starts.size(), 1U);
}

TEST_F(Dash, ADiscontinuityBeginsAPeriodAndTheOldOneGoesWithItsSegments) {
  EncodeOf other = stream_.what();
  other.kbps = 900;
  constexpr FrameIndex kChange = 60 * 8;
  std::vector<PacketPtr> packets = stream_.packets(60 * 30);
  std::erase_if(packets, [&](const PacketPtr& p) { return p->video() && p->pts - stream_.what().first >= kChange; });
  std::vector<PacketPtr> after = LongStream(other).packets(60 * 30);
  std::erase_if(after, [&](const PacketPtr& p) { return !p->video() || p->pts - other.first < kChange; });
  AssemblyOptions options = options_for(stream_.what(), 60, 10);
  options.window_s = 12;
  begin(options);
  std::size_t most = 0;
  feed(in_decode_order(std::move(packets), after),
       [&](const std::string& text) { most = std::max(most, captured(text, "<Period (id)=").size()); });
  EXPECT_EQ(most, 2U);
  EXPECT_THAT(captured(manifest(), "<Period id=\"[0-9]+\" start=\"([^\"]*)\""), ElementsAre("PT16.000000S"));
}

TEST_F(Dash, ServersOfFilesGetATimelineAndNoPromise) {
  begin(options_for(stream_.what(), 60, 10));
  feed(stream_.packets(60 * 5));
  const PublishViewPtr view = shelf_->view();
  ASSERT_TRUE(view);
  std::string text;
  for (const auto& file : view->playlists) {
    if (file.path == "manifest.mpd") text = file.item->bytes;
  }
  EXPECT_THAT(text, HasSubstr("<S t=\"1000000\" d=\"2000000\"/>"));
  EXPECT_THAT(text, HasSubstr("urn:mpeg:dash:utc:http-head:2014"));
  EXPECT_THAT(text, Not(HasSubstr("availabilityTimeOffset")));
  EXPECT_THAT(text, Not(HasSubstr("ServiceDescription")));
}

TEST_F(Dash, BehindTheEndTheManifestIsStaticWithAllItsSegments) {
  begin(options_for(stream_.what(), 60, 10));
  feed(stream_.packets(60 * 5));
  assembly_->finish();
  EXPECT_THAT(manifest(), HasSubstr("type=\"static\""));
  EXPECT_EQ(captured(manifest(), "<S t=\"([0-9]+)\"").size(), 10U);
}

}  // namespace
}  // namespace mainstay::package
