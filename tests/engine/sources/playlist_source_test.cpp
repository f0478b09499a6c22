#include "engine/sources/playlist_source.h"

#include <gmock/gmock.h>

#include <map>

#include "engine/sources/file_source.h"
#include "tests/engine/sources/graphics_fixture.h"

namespace mainstay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// What a source gives to an offline program.
struct Aired {
  std::vector<std::int64_t> codes;
  std::vector<float> sound;
  int repeated = 0;
  std::vector<FrameIndex> begins;  ///< frames at which the status named another item
  std::vector<std::string> items;
};

struct PlaylistTest : testing::Test {
  ManualClock clock{ManualClock::Drive::program};
  Log log{{LogLevel::off, false, [](std::string_view) {}}};
  Rate rate{30, 1};

  std::unique_ptr<PlaylistSource> make(const std::vector<std::string>& paths, bool loop, Clock& on) {
    show::PlaylistSource config;
    for (const std::string& path : paths) config.items.push_back({path, Millis{0}, std::nullopt});
    config.loop = loop;
    config.hw = "none";
    return std::make_unique<PlaylistSource>(
        config, SourceContext{"list", on, log, rate, 160, 90, Millis(500), test::clip_folder().file("")});
  }

  /// On air, at the pace of the decoder; the next frame.
  static FrameIndex until(PlaylistSource& source, SourceState state, FrameIndex n) {
    while (source.status().state != state) {
      source.pull(n, {});
      if (source.ready()) ++n;
      std::this_thread::yield();
    }
    return n;
  }

  Aired play(PlaylistSource& source, FrameIndex frames, FrameIndex from = 0) {
    Aired aired;
    std::string before;
    for (FrameIndex n = from; n < from + frames; ++n) {
      SourceOutput out = source.pull(n, {});
      const SourceStatus status = source.status();
      if (status.state == SourceState::ended) break;
      if (status.item != before) {
        aired.begins.push_back(n);
        aired.items.push_back(status.item);
      }
      before = status.item;
      aired.codes.push_back(out.video ? test::code_of(*out.video) : -2);
      aired.repeated += out.repeated;
      const int samples = rate.samples(n);
      if (!out.audio) {
        aired.sound.resize(aired.sound.size() + static_cast<std::size_t>(samples));
        continue;
      }
      EXPECT_EQ(out.audio->samples, samples) << "frame " << n;
      aired.sound.insert(aired.sound.end(), out.audio->plane(0).begin(), out.audio->plane(0).end());
    }
    return aired;
  }
};

test::Clip clip(const std::string& name, Rate rate, int frames, int sample_rate) {
  return {name, test::kX264 + "-c:a pcm_s16le", 160, 90, rate, frames, sample_rate};
}

TEST_F(PlaylistTest, JoinsItemsOfTheProgramsRateWithoutLosingAFrameOrASample) {
  const std::string a = test::make_clip(clip("a.mov", {30, 1}, 30, 48000));
  const std::string b = test::make_clip(clip("b.mov", {30, 1}, 21, 44100));
  auto source = make({a, b}, false, clock);
  source->start();
  const Aired aired = play(*source, 200);
  std::vector<std::int64_t> wanted;
  for (int n = 0; n < 30; ++n) wanted.push_back(n);
  for (int n = 0; n < 21; ++n) wanted.push_back(n);
  EXPECT_EQ(aired.codes, wanted);
  EXPECT_EQ(aired.repeated, 0);
  EXPECT_THAT(aired.begins, ElementsAre(0, 30));
  EXPECT_THAT(test::clicks(aired.sound), ElementsAre(24000, 72000)) << "half a second into each item, to the sample";
  EXPECT_EQ(source->status().state, SourceState::ended);
}

TEST_F(PlaylistTest, BeginsAnewWhenItLoopsAndSaysWhatPlays) {
  const std::string a = test::make_clip(clip("a.mov", {30, 1}, 30, 48000));
  const std::string b = test::make_clip(clip("b.mov", {30, 1}, 21, 44100));
  auto source = make({a, b}, true, clock);
  source->start();
  const Aired aired = play(*source, 110);
  EXPECT_THAT(aired.begins, ElementsAre(0, 30, 51, 81, 102));
  EXPECT_THAT(aired.items, ElementsAre("a.mov", "b.mov", "a.mov", "b.mov", "a.mov"));
  EXPECT_THAT(source->status().detail, StartsWith("1/2 a.mov: 160×90 30 fps"));
}

TEST_F(PlaylistTest, PassesOverWhatCannotBePlayed) {
  const std::string a = test::make_clip(clip("a.mov", {30, 1}, 30, 48000));
  auto source = make({"missing.mov", a, "missing.mov", "missing.mov", a, "missing.mov"}, false, clock);
  source->start();
  const Aired aired = play(*source, 200);
  EXPECT_EQ(aired.codes.size(), 60u);
  EXPECT_EQ(aired.repeated, 0);
  EXPECT_EQ(source->status().state, SourceState::ended);
}

TEST_F(PlaylistTest, FailsOfflineWhenNothingCanBePlayed) {
  auto source = make({"missing.mov", "missing2.mov"}, true, clock);
  source->start();
  source->pull(0, {});
  EXPECT_EQ(source->status().state, SourceState::failed);
  EXPECT_THAT(source->status().detail, HasSubstr("none of the 2 items can be played; the last: no such file"));
}

TEST_F(PlaylistTest, TriesAgainOnAirWhenNothingCanBePlayed) {
  ManualClock live;
  auto source = make({"late.mov"}, true, live);
  source->start();
  while (!source->ready()) std::this_thread::yield();
  EXPECT_EQ(source->pull(0, {}).video, nullptr);
  EXPECT_EQ(source->status().state, SourceState::failed);
  EXPECT_TRUE(source->status().retries);
  test::make_clip(clip("late.mov", {30, 1}, 30, 48000));
  while (live.next_deadline() == kNever) std::this_thread::yield();
  EXPECT_EQ(live.next_deadline() - live.now(), Seconds(1));
  // The program goes on meanwhile, for far longer than the clip; then at a hundred frames a second.
  constexpr FrameIndex kMeanwhile = 108'000;
  source->pull(kMeanwhile, {});
  live.advance(Seconds(1));
  SteadyClock wall;
  FrameIndex n = kMeanwhile + 1;
  for (; n < kMeanwhile + 3000 && source->status().state != SourceState::live; ++n) {
    source->pull(n, {});
    wall.wait_until(wall.now() + Millis(10), {});
  }
  EXPECT_LT(n, kMeanwhile + 3000) << "it starts where the program is, not where it failed";
  EXPECT_FALSE(source->status().retries);
}

TEST_F(PlaylistTest, GoesOnToTheNextAndBackToTheFirstWhenTold) {
  const std::string a = test::make_clip(clip("a.mov", {30, 1}, 30, 48000));
  const std::string b = test::make_clip(clip("b.mov", {30, 1}, 21, 44100));
  auto source = make({a, b}, true, clock);
  source->start();
  play(*source, 10);
  ASSERT_TRUE(source->act(SourceAction::next));
  const Aired skipped = play(*source, 20, 10);
  ASSERT_EQ(skipped.items.back(), "b.mov");
  const FrameIndex begin = skipped.begins.back();
  EXPECT_LE(begin, 10 + 8) << "behind the ticks that were made";
  EXPECT_EQ(skipped.codes[static_cast<std::size_t>(begin - 10)], 0);
  EXPECT_EQ(skipped.repeated, 0);
  ASSERT_TRUE(source->act(SourceAction::restart));
  const Aired again = play(*source, 20, 30);
  EXPECT_EQ(again.items.back(), "a.mov");
  EXPECT_EQ(again.repeated, 0);
}

TEST_F(PlaylistTest, PlaysAgainAfterItsEnd) {
  const std::string a = test::make_clip(clip("a.mov", {30, 1}, 30, 48000));
  ManualClock live;
  auto source = make({a}, false, live);
  source->start();
  FrameIndex n = until(*source, SourceState::live, 0);
  n = until(*source, SourceState::ended, n);
  ASSERT_TRUE(source->act(SourceAction::restart));
  n = until(*source, SourceState::live, n);
  until(*source, SourceState::ended, n);
}

TEST_F(PlaylistTest, AFileBeginsAnewWhenTold) {
  const std::string path = test::make_clip(clip("a.mov", {30, 1}, 30, 48000));
  show::FileSource config;
  config.path = path;
  config.hw = "none";
  FileSource source(config, {"clip", clock, log, rate, 160, 90, Millis(500), ""});
  source.start();
  std::vector<std::int64_t> codes;
  for (FrameIndex n = 0; n < 40; ++n) {
    if (n == 10) {
      ASSERT_TRUE(source.act(SourceAction::restart));
    }
    codes.push_back(test::code_of(*source.pull(n, {}).video));
  }
  const auto zero = std::find(codes.begin() + 1, codes.end(), 0);
  ASSERT_NE(zero, codes.end());
  EXPECT_LE(zero - codes.begin(), 18);
  for (auto at = zero; at + 1 < codes.end() && *at < 29; ++at) EXPECT_EQ(at[1], at[0] + 1);
  EXPECT_EQ(source.act(SourceAction::next).error().code, Errc::unsupported);
}

TEST_F(PlaylistTest, CanBeDestroyedAtAnyMoment) {
  const std::string a = test::make_clip(clip("a.mov", {30, 1}, 30, 48000));
  const std::string b = test::make_clip(clip("b.mov", {30, 1}, 21, 44100));
  for (int i = 0; i < 30; ++i) {
    auto source = make({a, b}, true, clock);
    source->start();
    play(*source, 2 * i);
  }
}

}  // namespace
}  // namespace mainstay
