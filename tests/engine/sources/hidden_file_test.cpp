// Files and playlists that stand still or close while nobody sees them: where they go on, to the frame and the sample.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/sources/file_source.h"
#include "engine/sources/frame_code.h"
#include "engine/sources/playlist_source.h"
#include "tests/support/clips.h"

namespace mainstay {
namespace {

using test::kX264B;

struct HiddenFileTest : testing::Test {
  ManualClock clock{ManualClock::Drive::program};
  Log log{{LogLevel::off, false, [](std::string_view) {}}};

  SourceContext context() { return {"clip", clock, log, {30, 1}, 320, 180, Millis(500), ""}; }
  static std::string clip(const std::string& name = "one.mp4") { return test::make_clip({name, kX264B + "-c:a aac"}); }

  /// The numbers in the next pictures; -1 without one.
  std::vector<std::int64_t> pull(Source& source, int ticks) {
    std::vector<std::int64_t> codes;
    for (int i = 0; i < ticks; ++i) {
      const SourceOutput out = source.pull(next_++, {});
      codes.push_back(out.video ? read_frame_code(*out.video).value_or(-2) : -1);
      EXPECT_FALSE(out.repeated);
      const std::size_t samples = sound_.size();
      sound_.resize(samples + 1600);
      if (out.audio)
        std::copy_n(out.audio->plane(0).begin(), 1600, sound_.begin() + static_cast<std::ptrdiff_t>(samples));
    }
    return codes;
  }
  static std::vector<std::int64_t> from(std::int64_t first, int count) {
    std::vector<std::int64_t> out;
    for (int i = 0; i < count; ++i) out.push_back(first + i);
    return out;
  }
  /// Whether this process has the file open.
  static bool is_open(const std::string& path) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
      if (std::filesystem::read_symlink(entry.path(), error) == path) return true;
    }
    return false;
  }
  static bool becomes_closed(const std::string& path) {
    SteadyClock real;
    const Instant limit = real.now() + Seconds(10);
    while (is_open(path) && real.now() < limit) real.wait_until(real.now() + Millis(2), {});
    return !is_open(path);
  }

  FrameIndex next_ = 0;
  std::vector<float> sound_;
};

show::FileSource file(const std::string& path, show::WhenHidden when, show::OnShow on_show) {
  show::FileSource out;
  out.path = path;
  out.when_hidden = when;
  out.on_show = on_show;
  return out;
}

TEST_F(HiddenFileTest, PausedItGoesOnWithTheNextPicture) {
  FileSource source(file(clip(), show::WhenHidden::pause, show::OnShow::go_on), context());
  source.start();
  EXPECT_EQ(pull(source, 20), from(0, 20));
  source.hide(true);
  EXPECT_THAT(source.status().detail, testing::HasSubstr("stands still"));
  source.hide(false);
  EXPECT_EQ(pull(source, 20), from(20, 20));
  EXPECT_THAT(source.status().detail, testing::HasSubstr("h264"));
  const auto clicks = test::clicks(sound_);
  ASSERT_EQ(clicks.size(), 2U);
  EXPECT_NEAR(static_cast<double>(clicks[1] - clicks[0]), 24000, 1) << "nor does its sound lose a sample";
}

TEST_F(HiddenFileTest, ClosedItLetsGoOfItsFileAndGoesOnWithTheNextPicture) {
  const std::string path = clip();
  FileSource source(file(path, show::WhenHidden::close, show::OnShow::go_on), context());
  source.start();
  EXPECT_EQ(pull(source, 10), from(0, 10));
  EXPECT_TRUE(is_open(path));
  source.hide(true);
  EXPECT_TRUE(becomes_closed(path));
  EXPECT_FALSE(source.ready());
  source.hide(false);
  EXPECT_EQ(pull(source, 30), from(10, 30));
  const auto clicks = test::clicks(sound_);
  ASSERT_EQ(clicks.size(), 2U);
  EXPECT_NEAR(static_cast<double>(clicks[1] - clicks[0]), 24000, 1);
}

TEST_F(HiddenFileTest, ItBeginsAnewWhereThatIsSet) {
  for (const auto when : {show::WhenHidden::pause, show::WhenHidden::close}) {
    next_ = 0;
    FileSource source(file(clip(), when, show::OnShow::restart), context());
    source.start();
    EXPECT_EQ(pull(source, 12), from(0, 12));
    source.hide(true);
    source.hide(false);
    EXPECT_EQ(pull(source, 12), from(0, 12));
    source.hide(true);
    if (when == show::WhenHidden::close) {
      EXPECT_TRUE(becomes_closed(clip()));
    }
    source.hide(false);
    EXPECT_EQ(pull(source, 12), from(0, 12));
  }
}

TEST_F(HiddenFileTest, OneThatIsOverBeginsAnewToo) {
  FileSource source(file(clip(), show::WhenHidden::pause, show::OnShow::restart), context());
  source.start();
  EXPECT_EQ(pull(source, 45), from(0, 45));
  for (int i = 0; i < 3; ++i) source.pull(next_++, {});
  EXPECT_EQ(source.status().state, SourceState::ended);
  source.hide(true);
  source.hide(false);
  EXPECT_EQ(pull(source, 5), from(0, 5));
  EXPECT_EQ(source.status().state, SourceState::live);
}

TEST_F(HiddenFileTest, ALoopGoesOnInItsRound) {
  show::FileSource loop = file(clip(), show::WhenHidden::close, show::OnShow::go_on);
  loop.loop = true;
  FileSource source(loop, context());
  source.start();
  pull(source, 60);
  source.hide(true);
  source.hide(false);
  EXPECT_EQ(pull(source, 10), from(15, 10));
  pull(source, 18);  // up to 43
  source.hide(true);
  EXPECT_TRUE(becomes_closed(clip()));
  source.hide(false);
  EXPECT_EQ(pull(source, 4), (std::vector<std::int64_t>{43, 44, 0, 1})) << "two of them were decoded before";
}

TEST_F(HiddenFileTest, WithoutTheSettingHidingDoesNothing) {
  FileSource source(file(clip(), show::WhenHidden::run, show::OnShow::restart), context());
  source.start();
  pull(source, 5);
  source.hide(true);
  EXPECT_EQ(pull(source, 5), from(5, 5));
}

TEST_F(HiddenFileTest, APlaylistGoesOnInItsItem) {
  show::PlaylistSource list;
  list.items = {{clip("one.mp4")}, {clip("two.mp4")}};
  list.loop = true;
  for (const auto when : {show::WhenHidden::pause, show::WhenHidden::close}) {
    list.when_hidden = when;
    next_ = 0;
    PlaylistSource source(list, context());
    source.start();
    EXPECT_EQ(pull(source, 55), [] {
      auto codes = from(0, 45);
      for (const auto code : from(0, 10)) codes.push_back(code);
      return codes;
    }());
    source.hide(true);
    if (when == show::WhenHidden::close) {
      EXPECT_TRUE(becomes_closed(clip("one.mp4")) && becomes_closed(clip("two.mp4")));
    }
    source.hide(false);
    EXPECT_EQ(pull(source, 12), from(10, 12));
    EXPECT_EQ(source.status().item, "two.mp4");
  }
}

TEST_F(HiddenFileTest, ItEndsWhileItIsHidden) {
  for (const auto when : {show::WhenHidden::pause, show::WhenHidden::close}) {
    FileSource source(file(clip(), when, show::OnShow::restart), context());
    source.start();
    next_ = 0;
    pull(source, 3);
    source.hide(true);
  }
}

}  // namespace
}  // namespace mainstay
