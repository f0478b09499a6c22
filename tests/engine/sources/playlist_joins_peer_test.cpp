// Joins of items of all usual rates, a thousand of them in a row: nothing is lost, nothing stands twice, nothing adds
// up.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "engine/sources/playlist_source.h"
#include "tests/support/clips.h"

namespace mainstay {
namespace {

struct Kind {
  Rate rate;
  int frames;
  int sample_rate;
};

// About six tenths of a second each, so that a click (half a second in) is in each.
const std::vector<Kind> kKinds{
    {{24000, 1001}, 15, 48000}, {{24, 1}, 15, 44100},       {{25, 1}, 16, 48000}, {{30000, 1001}, 19, 44100},
    {{30, 1}, 18, 48000},       {{50, 1}, 31, 44100},       {{60, 1}, 37, 48000}, {{60000, 1001}, 37, 44100},
    {{25, 1}, 17, 44100},       {{30000, 1001}, 20, 48000},
};

std::string path_of(std::size_t kind) {
  const Kind& k = kKinds[kind];
  return test::make_clip({"join" + std::to_string(kind) + ".mov",
                          test::kX264 + "-c:a pcm_s16le -video_track_timescale 120000", 160, 90, k.rate, k.frames,
                          k.sample_rate});
}

/// What the program shows of one item: its picture numbers, and where its clicks are, in samples from its first frame.
struct Played {
  std::vector<std::int64_t> codes;
  std::vector<std::int64_t> clicks;
  friend bool operator==(const Played&, const Played&) = default;
};

struct List {
  Rate rate;
  std::size_t joins;
};

class JoinsTest : public testing::TestWithParam<List> {};

TEST_P(JoinsTest, JoinsLoseNothingAndAddNothingUp) {
  const auto [rate, joins] = GetParam();
  ManualClock clock(ManualClock::Drive::program);
  Log log{{LogLevel::off, false, [](std::string_view) {}}};
  show::PlaylistSource config;
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind)
    config.items.push_back({path_of(kind), Millis{0}, std::nullopt});
  config.loop = true;
  config.hw = "none";
  PlaylistSource source(config, {"list", clock, log, rate, 160, 90, Millis(500), ""});
  source.start();

  std::vector<Played> items;
  std::vector<FrameIndex> begins;
  std::vector<float> sound;
  std::string detail;
  std::int64_t repeated = 0;
  for (FrameIndex n = 0; items.size() <= joins; ++n) {
    const SourceOutput out = source.pull(n, {});
    ASSERT_TRUE(out.video);
    repeated += out.repeated;
    const SourceStatus status = source.status();
    ASSERT_EQ(status.state, SourceState::live);
    if (status.detail != detail) {
      detail = status.detail;
      if (!items.empty()) {
        items.back().clicks = test::clicks(sound);
      }
      sound.clear();
      items.emplace_back();
      begins.push_back(n);
      ASSERT_TRUE(detail.starts_with(std::to_string((items.size() - 1) % kKinds.size() + 1) + "/")) << detail;
    }
    items.back().codes.push_back(test::code_of(*out.video));
    if (!out.audio) {
      sound.resize(sound.size() + static_cast<std::size_t>(rate.samples(n)));
    } else {
      ASSERT_EQ(out.audio->samples, rate.samples(n)) << "no tick has more or fewer samples than its own";
      sound.insert(sound.end(), out.audio->plane(0).begin(), out.audio->plane(0).end());
    }
  }
  items.pop_back();
  EXPECT_EQ(repeated, 0);
  EXPECT_EQ(source.status().repeated, 0);
  EXPECT_EQ(source.status().skipped, 0);
  EXPECT_EQ(source.faults().packets + source.faults().frames, 0);

  for (std::size_t i = 0; i < items.size(); ++i) {
    const Kind& kind = kKinds[i % kKinds.size()];
    const Played& item = items[i];
    // The item takes the frames that begin in it: its length, rounded up.
    const double length = static_cast<double>(kind.frames) * kind.rate.den / kind.rate.num * rate.num / rate.den;
    ASSERT_GE(static_cast<double>(item.codes.size()), length - 0.1) << "item " << i;
    ASSERT_LT(static_cast<double>(item.codes.size()), length + 1) << "item " << i;
    // Frame k shows the picture of its time; by count: each exactly as often as the rates make it.
    ASSERT_EQ(item.codes.front(), 0) << "item " << i;
    ASSERT_GE(item.codes.back(), kind.frames - 1 - (kind.rate.fps() > rate.fps() ? 3 : 0)) << "item " << i;
    for (std::size_t k = 0; k < item.codes.size(); ++k) {
      const double due = static_cast<double>(k) * rate.den / rate.num * kind.rate.num / kind.rate.den;
      ASSERT_NEAR(static_cast<double>(item.codes[k]), due, 1.01) << "item " << i << " frame " << k;
    }
    // Its sound lies where it lies in the file, counted from its first frame: zero samples of error, at every join.
    ASSERT_EQ(item.clicks.size(), 1u) << "item " << i;
    ASSERT_EQ(item.clicks[0], items[i % kKinds.size()].clicks[0]) << "item " << i;
    ASSERT_NEAR(static_cast<double>(item.clicks[0]), 24000, kind.sample_rate == 48000 ? 0 : 1) << "item " << i;
    // The same item is the same each time.
    ASSERT_EQ(item, items[i % kKinds.size()]) << "item " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Rates, JoinsTest,
                         testing::Values(List{{60000, 1001}, 1000}, List{{50, 1}, 40}, List{{30, 1}, 40},
                                         List{{25, 1}, 40}),
                         [](const auto& list) {
                           return "At" + std::to_string(list.param.rate.num) + "over" +
                                  std::to_string(list.param.rate.den);
                         });

}  // namespace
}  // namespace mainstay
