#include "engine/sources/slideshow_source.h"

#include <gmock/gmock.h>

#include "tests/engine/sources/graphics_fixture.h"
#include "tests/support/pictures.h"

namespace mainstay {
namespace {

using testing::HasSubstr;

struct SlideshowTest : GraphicsTest {
  void write(const std::string& name, int width) {
    test::write_file(folder.file(name), test::png(width, 10, [](int, int) { return test::Rgba{255, 0, 0, 128}; }));
  }
  void SetUp() override {
    write("a.png", 10);
    write("b.png", 20);
    write("c.png", 30);
  }
  /// Widths of the pictures over so many frames, in letters of their files.
  std::string shown(int frames) {
    std::string out;
    for (int n = 0; n < frames; ++n) {
      const FramePtr picture = pull_settled_at();
      out += picture ? static_cast<char>('a' + picture->width / 10 - 1) : '-';
    }
    return out;
  }
  FramePtr pull_settled_at() {
    for (int i = 0; i < 2'000'000; ++i) {
      const SourceOutput output = source->pull(frame, {});
      if (!output.repeated) return ++frame, output.video;
      std::this_thread::yield();
    }
    return ++frame, nullptr;
  }
};

TEST_F(SlideshowTest, ShowsEachForItsNumberOfFrames) {
  start(show::SlideshowSource{{"a.png", "b.png", "c.png"}, Millis(100), true});  // three frames
  EXPECT_EQ(shown(20), "aaabbbcccaaabbbcccaa");
  EXPECT_EQ(source->status().item, "a.png");
  EXPECT_THAT(source->status().detail, HasSubstr("1/3 a.png: 10×10 png with alpha"));
}

TEST_F(SlideshowTest, StaysOnTheLastWithoutALoop) {
  start(show::SlideshowSource{{"a.png", "b.png"}, Millis(100), false});
  EXPECT_EQ(shown(10), "aaabbbbbbb");
  EXPECT_EQ(source->status().state, SourceState::ended);
  ASSERT_TRUE(source->act(SourceAction::restart));
  EXPECT_EQ(shown(4), "aaab");
  EXPECT_EQ(source->status().state, SourceState::live);
}

TEST_F(SlideshowTest, GoesOnWhenTold) {
  start(show::SlideshowSource{{"a.png", "b.png", "c.png"}, Millis(1000), true});
  EXPECT_EQ(shown(2), "aa");
  ASSERT_TRUE(source->act(SourceAction::next));
  EXPECT_EQ(shown(31), std::string(30, 'b') + "c") << "from then on for its whole time";
  ASSERT_TRUE(source->act(SourceAction::restart));
  EXPECT_EQ(shown(30), std::string(30, 'a'));
}

TEST_F(SlideshowTest, StandsStillWhileNobodySeesItWhereThatIsSet) {
  show::SlideshowSource config{{"a.png", "b.png", "c.png"}, Millis(100), true};
  for (const auto when : {show::WhenHidden::pause, show::WhenHidden::close}) {
    for (const auto on_show : {show::OnShow::go_on, show::OnShow::restart}) {
      frame = 0;
      config.when_hidden = when;
      config.on_show = on_show;
      start(config);
      EXPECT_EQ(shown(4), "aaab");
      source->hide(true);
      EXPECT_EQ(source->status().state, SourceState::resting);
      source->hide(false);
      settle();
      EXPECT_EQ(shown(8), on_show == show::OnShow::restart ? "aaabbbcc" : "bbcccaaa");
      EXPECT_EQ(source->status().state, SourceState::live);
    }
  }
}

TEST_F(SlideshowTest, ClosedItKeepsNoPicture) {
  show::SlideshowSource config{{"a.png", "b.png"}, Millis(100), true};
  config.when_hidden = show::WhenHidden::close;
  start(config);
  std::weak_ptr<const Frame> first = source->pull(0, {}).video;
  ASSERT_FALSE(first.expired());
  source->hide(true);
  EXPECT_FALSE(source->ready());
  for (int i = 0; i < 2'000'000 && !first.expired(); ++i) std::this_thread::yield();
  EXPECT_TRUE(first.expired());
}

TEST_F(SlideshowTest, PassesOverABrokenPictureAndTriesItAgain) {
  start(show::SlideshowSource{{"a.png", "gone.png", "b.png"}, Millis(100), true});
  EXPECT_EQ(shown(6), "aaaaaa");
  EXPECT_THAT(source->status().detail, HasSubstr("no such file"));
  write("gone.png", 40);
  EXPECT_EQ(shown(9), "bbbaaaddd");
}

TEST_F(SlideshowTest, FailsWhileThereIsNoPicture) {
  start(show::SlideshowSource{{"gone.png"}, Millis(100), true});
  EXPECT_EQ(shown(1), "-");
  EXPECT_EQ(source->status().state, SourceState::failed);
  EXPECT_TRUE(source->status().retries);
  write("gone.png", 40);
  SteadyClock wall;  // at a hundred frames a second: what is loaded must come while it is due
  std::string seen;
  for (int n = 0; n < 3000 && seen.find("ddd") == std::string::npos; ++n) {
    seen += shown(1);
    wall.wait_until(wall.now() + Millis(10), {});
  }
  EXPECT_THAT(seen, HasSubstr("ddd"));
  EXPECT_EQ(source->status().state, SourceState::live);
}

}  // namespace
}  // namespace mainstay
