#include <gmock/gmock.h>

#include "tests/engine/sources/graphics_fixture.h"
#include "tests/support/pictures.h"

namespace mainstay {
namespace {

using testing::HasSubstr;

struct TextSourceTest : GraphicsTest {
  void write(const std::string& text) {
    test::write_file(folder.file("new"), text);
    std::filesystem::rename(folder.file("new"), folder.file("title.txt"));
  }
  void next_look() {
    for (Instant next = kNever; next == kNever || next <= clock.now(); next = clock.next_deadline())
      std::this_thread::yield();
    clock.advance_to(clock.next_deadline());
    for (Instant next = kNever; next == kNever || next <= clock.now(); next = clock.next_deadline())
      std::this_thread::yield();
  }
};

TEST_F(TextSourceTest, ShowsItsText) {
  start(show::TextSource{.text = "Good evening"});
  const FramePtr picture = pull();
  ASSERT_TRUE(picture);
  EXPECT_GT(test::ink(*picture), 500);
  EXPECT_EQ(pull(), picture) << "the same picture on every tick";
  EXPECT_THAT(source->status().detail, HasSubstr("DejaVu Sans 48 px, "));
}

TEST_F(TextSourceTest, TakesAChangedFileOverAndKeepsTheLastGoodText) {
  write("one\n");
  start(show::TextSource{.path = "title.txt"});
  const int narrow = pull()->width;
  write("\xEF\xBB\xBFone and two\r\n");
  next_look();
  const FramePtr wide = pull();
  EXPECT_GT(wide->width, 2 * narrow);
  write("\xff\xff");
  next_look();
  EXPECT_EQ(pull(), wide);
  EXPECT_THAT(source->status().detail, HasSubstr("the last good one stays: the text is not UTF-8"));
  std::filesystem::remove(folder.file("title.txt"));
  next_look();
  EXPECT_EQ(pull(), wide);
}

TEST_F(TextSourceTest, WaitsForAFileThatIsNotThereYet) {
  start(show::TextSource{.path = "title.txt"});
  EXPECT_EQ(pull(), nullptr);
  EXPECT_EQ(source->status().state, SourceState::failed);
  EXPECT_TRUE(source->status().retries);
  write("here");
  next_look();
  EXPECT_TRUE(pull());
  EXPECT_EQ(source->status().state, SourceState::live);
}

TEST_F(TextSourceTest, FailsForGoodOnBrokenMarkup) {
  start(show::TextSource{.text = "<b>", .markup = true});
  EXPECT_EQ(source->status().state, SourceState::failed);
  EXPECT_FALSE(source->status().retries);
}

struct TickerTest : TextSourceTest {
  /// Where in the strip the window stands, by the pointer.
  std::ptrdiff_t offset(const FramePtr& picture) {
    return (picture->planes[0] - static_cast<const std::uint8_t*>(picture->owner.get())) / 4;
  }
};

TEST_F(TickerTest, StandsWhereTheFramesNumberSays) {
  rate = Rate{30000, 1001};
  show::TickerSource config;
  config.text = "one\ntwo\nthree";
  config.speed = 100;
  start(config);
  const FramePtr first = pull();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->width, 1280);
  EXPECT_EQ(offset(first), 0);
  EXPECT_GT(test::ink(*first), 1000) << "the text fills the window, over and over";
  // The length of a round: a second ticker with the same text stands at the same place a round later.
  std::ptrdiff_t period = 0;
  std::ptrdiff_t last = 0;
  for (FrameIndex n = 1; n < 2000; ++n) {
    const std::int64_t at = n * 100 * 1001 / 30000;
    const std::ptrdiff_t found = offset(source->pull(n, {}).video);
    if (period == 0 && found < last) period = at - found;
    ASSERT_EQ(found, period == 0 ? at : at % period) << "frame " << n;
    last = found;
  }
  EXPECT_GT(period, 100);
  for (const FrameIndex n : {FrameIndex{25'920'000}, FrameIndex{25'920'001}})  // after ten days
    EXPECT_EQ(offset(source->pull(n, {}).video), n * 100 * 1001 / 30000 % period);
  EXPECT_EQ(source->pull(25'920'001, {}).video, source->pull(25'920'001, {}).video) << "no new picture when it stands";
}

TEST_F(TickerTest, RunsToTheRightBelowZero) {
  show::TickerSource config;
  config.text = "one";
  config.speed = -30;
  config.width = 200;
  start(config);
  const std::ptrdiff_t first = offset(source->pull(1, {}).video);
  EXPECT_EQ(offset(source->pull(2, {}).video), first - 1);
}

TEST_F(TickerTest, RunsOnAfterAChangeAndFromTheStartWhenTold) {
  show::TickerSource config;
  config.text = "one";
  config.speed = 30;
  start(config);
  for (frame = 0; frame < 11;) pull();
  auto next = make(config);
  next->take_over(*source);
  source = std::move(next);
  source->start();
  settle();
  EXPECT_EQ(offset(source->pull(0, {}).video), 10);
  EXPECT_EQ(offset(source->pull(1, {}).video), 11);
  ASSERT_TRUE(source->act(SourceAction::restart));
  EXPECT_EQ(offset(source->pull(2, {}).video), 0);
  EXPECT_EQ(offset(source->pull(3, {}).video), 1);
}

TEST_F(TickerTest, StandsStillWhileNobodySeesItWhereThatIsSet) {
  show::TickerSource config;
  config.text = "one";
  config.speed = 30;
  for (const auto when : {show::WhenHidden::pause, show::WhenHidden::close}) {
    for (const auto on_show : {show::OnShow::go_on, show::OnShow::restart}) {
      frame = 0;
      config.when_hidden = when;
      config.on_show = on_show;
      start(config);
      while (frame < 11) pull();
      source->hide(true);
      EXPECT_EQ(source->status().state, SourceState::resting);
      source->hide(false);
      settle();
      EXPECT_EQ(offset(pull()), on_show == show::OnShow::restart ? 0 : 11);
      EXPECT_EQ(offset(pull()), on_show == show::OnShow::restart ? 1 : 12);
      EXPECT_EQ(source->status().state, SourceState::live);
    }
  }
}

TEST_F(TickerTest, ClosedItLetsGoOfItsStrip) {
  show::TickerSource config;
  config.text = "one";
  config.when_hidden = show::WhenHidden::close;
  start(config);
  std::weak_ptr<const void> strip = pull()->owner;
  ASSERT_FALSE(strip.expired());
  source->hide(true);
  EXPECT_TRUE(strip.expired());
  EXPECT_FALSE(source->ready());
}

TEST_F(TickerTest, TakesAChangedFileOver) {
  write("one");
  show::TickerSource config;
  config.path = "title.txt";
  start(config);
  const FramePtr one = pull();
  write("one\ntwo");
  next_look();
  EXPECT_NE(pull()->owner, one->owner);
}

TEST_F(GraphicsTest, AnSvgIsDrawnAtItsSize) {
  test::write_file(
      folder.file("logo.svg"),
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20"/></svg>)");
  start(show::SvgSource{"logo.svg", 400, 0});
  const FramePtr picture = pull();
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->height, 200);
  EXPECT_EQ(source->status().detail, "400×200 svg");
}

}  // namespace
}  // namespace mainstay
