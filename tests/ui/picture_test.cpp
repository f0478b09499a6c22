#include <gmock/gmock.h>

#include "tests/ui/ui_fixture.h"
#include "ui/picture_feed.h"

namespace mainstay::ui {
namespace {

class PictureTest : public UiTest {
 protected:
  PictureFeed& feed() {
    if (!feed_) {
      feed_ = std::make_unique<PictureFeed>(studio_, clock_);
      QObject::connect(feed_.get(), &PictureFeed::ready, [this](const QImage& image) {
        image_ = image;
        ++arrived_;
      });
    }
    return *feed_;
  }
  ~PictureTest() override { feed_.reset(); }

  std::unique_ptr<PictureFeed> feed_;
  QImage image_;
  int arrived_ = 0;
};

TEST_F(PictureTest, ArrivesAtTheSizeItIsShownIn) {
  studio_.set_picture(test_picture(1920, 1080));
  feed().want({800, 600});
  ASSERT_TRUE(spin_until([this] { return arrived_ > 0; }));
  EXPECT_EQ(image_.size(), QSize(800, 450));
  EXPECT_GT(qRed(image_.pixel(20, 100)), 200);  // the white bar
  EXPECT_LT(qRed(image_.pixel(780, 100)), 60);  // the dark one
}

TEST_F(PictureTest, IsDrawnOnceWhileItStaysTheSame) {
  studio_.set_picture(test_picture(320, 180));
  feed().want({320, 180});
  ASSERT_TRUE(spin_until([this] { return arrived_ > 0; }));
  const int reads = studio_.picture_reads();
  ASSERT_TRUE(spin_until([&] { return studio_.picture_reads() > reads + 10; }));
  EXPECT_EQ(feed().converted(), 1);
  studio_.set_picture(test_picture(320, 180));
  ASSERT_TRUE(spin_until([this] { return arrived_ > 1; }));
  EXPECT_EQ(feed().converted(), 2);
}

TEST_F(PictureTest, IsLeftAloneWhileNobodyLooks) {
  studio_.set_picture(test_picture(320, 180));
  feed().want({320, 180});
  ASSERT_TRUE(spin_until([this] { return arrived_ > 0; }));
  feed().want({});
  // One read may have been on its way.
  const int reads = studio_.picture_reads();
  for (int i = 0; i < 50; ++i) clock_.advance(Millis{40});
  int turns = 0;
  spin_until([&] { return ++turns > 10; });
  EXPECT_LE(studio_.picture_reads(), reads + 1);
  feed().want({160, 90});
  ASSERT_TRUE(spin_until([this] { return image_.width() == 160; }));
}

TEST_F(PictureTest, GoesWhenTheProgramHasNone) {
  studio_.set_picture(test_picture(320, 180));
  feed().want({320, 180});
  ASSERT_TRUE(spin_until([this] { return !image_.isNull(); }));
  studio_.set_picture(nullptr);
  EXPECT_TRUE(spin_until([this] { return image_.isNull(); }));
}

TEST_F(PictureTest, OutlivesItsFeedWhileItIsShown) {
  studio_.set_picture(test_picture(320, 180));
  feed().want({320, 180});
  ASSERT_TRUE(spin_until([this] { return arrived_ > 0; }));
  feed_.reset();
  EXPECT_GT(qRed(image_.pixel(5, 30)), 200);
}

TEST_F(PictureTest, ComesAtMostThirtyTimesASecond) {
  studio_.set_picture(test_picture(320, 180));
  feed().want({320, 180});
  ASSERT_TRUE(spin_until([this] { return arrived_ > 0; }));
  const int reads = studio_.picture_reads();
  const Instant from = clock_.now();
  ASSERT_TRUE(spin_until([&] { return studio_.picture_reads() >= reads + 10; }));
  EXPECT_GE(clock_.now() - from, Millis{290});
}

TEST_F(PictureTest, AHiddenWindowAsksForNone) {
  studio_.set_picture(test_picture());
  open_window();
  see(on_air_snapshot());
  ASSERT_TRUE(spin_until([this] { return window_->picture().has_picture(); }));
  window_->hide();
  see(on_air_snapshot());
  const std::int64_t before = window_->picture().feed().converted();
  studio_.set_picture(test_picture());
  see(on_air_snapshot());
  EXPECT_EQ(window_->picture().feed().converted(), before);
}

}  // namespace
}  // namespace mainstay::ui
