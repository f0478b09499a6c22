// Files and playlists that are held and sent elsewhere, by the numbers in their pictures.
#include "engine/sources/media_control.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "engine/sources/file_source.h"
#include "engine/sources/playlist_source.h"
#include "tests/engine/sources/graphics_fixture.h"

namespace mainstay {
namespace {

using testing::Each;
using testing::ElementsAre;

struct MediaControlTest : testing::Test {
  ManualClock clock{ManualClock::Drive::program};
  Log log{{LogLevel::off, false, [](std::string_view) {}}};
  Rate rate{30, 1};
  FrameIndex at = 0;

  SourceContext context() { return {"clip", clock, log, rate, 160, 90, Millis(500), test::clip_folder().file("")}; }

  std::unique_ptr<FileSource> file(Rate of, int frames) {
    show::FileSource config;
    config.path = test::make_clip({"control_" + std::to_string(of.num) + "_" + std::to_string(frames) + ".mkv",
                                   test::kX264 + "-c:a pcm_s16le", 160, 90, of, frames, 48000});
    config.hw = "none";
    auto source = std::make_unique<FileSource>(config, context());
    source->start();
    return source;
  }

  /// The numbers in the next pictures; each tick's samples are counted.
  std::vector<std::int64_t> pull(Source& source, int frames) {
    std::vector<std::int64_t> codes;
    clicks = 0;
    for (const FrameIndex end = at + frames; at < end; ++at) {
      const SourceOutput out = source.pull(at, {});
      codes.push_back(out.video ? test::code_of(*out.video) : -2);
      EXPECT_FALSE(out.repeated) << "frame " << at;
      if (out.audio) {
        EXPECT_EQ(out.audio->samples, rate.samples(at)) << "frame " << at;
      }
      const auto sound = out.audio ? out.audio->plane(0) : std::span<const float>();
      const auto click = std::max_element(sound.begin(), sound.end());
      if (click == sound.end() || *click < 0.25f) continue;
      ++clicks;
      if (rate != Rate{30, 1}) continue;  // clicks and frames do not fall together
      EXPECT_EQ(codes.back() % 15, 0) << "half a second of the clip, where the click lies";
      EXPECT_LE(click - sound.begin(), 24) << "frame " << at << ": Matroska's times are whole milliseconds";
    }
    return codes;
  }
  int clicks = 0;  ///< in the last pull()
};

std::vector<std::int64_t> from(std::int64_t first, int count) {
  std::vector<std::int64_t> out(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) out[static_cast<std::size_t>(i)] = first + i;
  return out;
}

TEST_F(MediaControlTest, APausedFileHoldsItsPictureAndGoesOnWithTheNext) {
  const auto source = file(rate, 60);
  EXPECT_EQ(pull(*source, 10), from(0, 10));
  source->pause(true);
  EXPECT_THAT(pull(*source, 50), Each(9));
  EXPECT_EQ(clicks, 0);
  EXPECT_TRUE(source->place()->paused);
  EXPECT_EQ(source->place()->position, Nanos(rate.begin(9)));
  source->pause(false);
  EXPECT_EQ(pull(*source, 10), from(10, 10));
  EXPECT_EQ(clicks, 1) << "its sound goes on where its picture does";
  EXPECT_FALSE(source->place()->paused);
  EXPECT_EQ(source->status().state, SourceState::live);
  EXPECT_EQ(source->status().skipped, 0);
}

TEST_F(MediaControlTest, AfterAPauseFramesHaveTheirSamplesWhereFramesAndSamplesDoNotFallTogether) {
  rate = Rate{30000, 1001};
  const auto source = file(rate, 60);
  for (int round = 0; round < 3; ++round) {
    (void)pull(*source, 7);
    source->pause(true);
    (void)pull(*source, 3);
    source->pause(false);
  }
  EXPECT_EQ(pull(*source, 5).back(), 7 + 7 + 7 - 2 - 2 + 5 - 2 - 1) << "each pause takes a multiple of five frames";
}

TEST_F(MediaControlTest, OneThatIsSentElsewhereIsThereWithTheNextFrame) {
  const auto source = file(rate, 120);
  EXPECT_EQ(pull(*source, 10), from(0, 10));
  source->seek(Millis(2000));
  EXPECT_EQ(pull(*source, 20), from(60, 20));
  EXPECT_EQ(clicks, 2);
  EXPECT_EQ(source->place()->position, Nanos(rate.begin(79)));
  EXPECT_EQ(source->place()->duration, std::optional<Nanos>(Seconds(4)));
  source->seek(Nanos{0});
  EXPECT_EQ(pull(*source, 5), from(0, 5));
}

TEST_F(MediaControlTest, APausedOneThatIsSentElsewhereShowsThePlaceAndGoesOnFromIt) {
  const auto source = file(rate, 120);
  (void)pull(*source, 10);
  source->pause(true);
  (void)pull(*source, 3);
  source->seek(Millis(1000));
  EXPECT_THAT(pull(*source, 10), Each(30));
  EXPECT_EQ(clicks, 0);
  EXPECT_EQ(source->place()->position, Seconds(1));
  source->pause(false);
  EXPECT_EQ(pull(*source, 20), from(30, 20));
  EXPECT_EQ(clicks, 1);
}

TEST_F(MediaControlTest, BeyondTheEndIsTheEndAndFromTheEndItCanBeSentBack) {
  const auto source = file(rate, 60);
  (void)pull(*source, 5);
  source->seek(Seconds(3600));
  EXPECT_EQ(pull(*source, 1), from(59, 1));
  (void)pull(*source, 3);
  EXPECT_EQ(source->status().state, SourceState::ended);
  source->seek(Millis(500));
  EXPECT_EQ(pull(*source, 5), from(15, 5));
  EXPECT_EQ(source->status().state, SourceState::live);
}

TEST_F(MediaControlTest, OneThatBeginsAnewIsNotPausedAnyMore) {
  const auto source = file(rate, 60);
  (void)pull(*source, 20);
  source->pause(true);
  (void)pull(*source, 3);
  ASSERT_TRUE(source->act(SourceAction::restart));
  const auto codes = pull(*source, 20);
  EXPECT_NE(std::find(codes.begin(), codes.end(), 0), codes.end());
  EXPECT_FALSE(source->place()->paused);
  EXPECT_FALSE(source->previous()) << "a file is no list";
}

TEST_F(MediaControlTest, AListGoesBackAndToAnotherPlaceInItsItem) {
  show::PlaylistSource config;
  for (const char* name : {"control_a.mkv", "control_b.mkv", "control_c.mkv"})
    config.items.push_back(
        {test::make_clip({name, test::kX264 + "-c:a pcm_s16le", 160, 90, rate, 40, 48000}), Millis{0}, std::nullopt});
  config.hw = "none";
  config.loop = true;
  PlaylistSource list(config, context());
  list.start();
  (void)pull(list, 50);
  EXPECT_EQ(list.status().item, "control_b.mkv");
  list.seek(Millis(1000));
  EXPECT_EQ(pull(list, 5), from(30, 5));
  EXPECT_EQ(list.status().item, "control_b.mkv");
  ASSERT_TRUE(list.previous());
  const auto codes = pull(list, 20);
  EXPECT_EQ(list.status().item, "control_a.mkv");
  EXPECT_NE(std::find(codes.begin(), codes.end(), 0), codes.end());
}

}  // namespace
}  // namespace mainstay
