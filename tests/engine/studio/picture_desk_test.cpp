#include "engine/studio/picture_desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <vector>

namespace mainstay {
namespace {

FramePtr picture(int width = 64, int height = 36) {
  WritableFrame frame = WritableFrame::make(width, height);
  frame.fill(126, 128, 128);
  return std::move(frame).freeze();
}

PictureOrder order(std::function<void(Result<ImageFile>)> done) {
  PictureOrder out;
  out.picture = [] { return picture(); };
  out.done = std::move(done);
  return out;
}

TEST(PictureDeskTest, PicturesAreMadeOneAfterTheOtherAndNoMoreThanFewWait) {
  ManualClock clock;
  PictureDesk desk(clock, "desk");
  std::promise<void> begun;
  std::promise<void> go_on;
  std::vector<std::size_t> done;
  ASSERT_TRUE(desk.take(order([&](const Result<ImageFile>&) {
    begun.set_value();
    go_on.get_future().wait();
  })));
  begun.get_future().wait();
  std::promise<void> all;
  for (std::size_t i = 0; i < PictureDesk::kMostWaiting; ++i) {
    ASSERT_TRUE(desk.take(order([&, i](const Result<ImageFile>& image) {
      EXPECT_TRUE(image);
      done.push_back(i);
      if (done.size() == PictureDesk::kMostWaiting) all.set_value();
    })));
  }
  EXPECT_FALSE(desk.take(order([](const Result<ImageFile>&) { FAIL(); })));
  go_on.set_value();
  all.get_future().wait();
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
}

TEST(PictureDeskTest, APictureThatIsNotThereYetIsWaitedForAndNotForEver) {
  ManualClock clock;
  PictureDesk desk(clock, "desk");
  std::atomic<int> asked{0};
  std::promise<Result<ImageFile>> came;
  PictureOrder late = order([&](Result<ImageFile> image) { came.set_value(std::move(image)); });
  late.picture = [&]() -> FramePtr { return ++asked > 3 ? picture() : nullptr; };
  late.inside = {32, 0};
  ASSERT_TRUE(desk.take(std::move(late)));
  auto first = came.get_future();
  while (first.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) clock.advance(Millis(10));
  const Result<ImageFile> image = first.get();
  ASSERT_TRUE(image);
  EXPECT_EQ(image->size, (ImageSize{32, 18}));

  std::promise<Result<ImageFile>> never;
  PictureOrder none = order([&](Result<ImageFile> given) { never.set_value(std::move(given)); });
  none.picture = [] { return FramePtr(); };
  ASSERT_TRUE(desk.take(std::move(none)));
  auto second = never.get_future();
  while (second.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) clock.advance(Millis(100));
  const Result<ImageFile> nothing = second.get();
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, Errc::again);
}

TEST(PictureDeskTest, WhoWaitsWhenItEndsIsAnswered) {
  ManualClock clock;
  std::vector<Errc> answers;
  {
    PictureDesk desk(clock, "desk");
    for (int i = 0; i < 3; ++i) {
      PictureOrder none = order([&](const Result<ImageFile>& image) { answers.push_back(image.error().code); });
      none.picture = [] { return FramePtr(); };
      ASSERT_TRUE(desk.take(std::move(none)));
    }
  }
  EXPECT_THAT(answers, ::testing::ElementsAre(Errc::cancelled, Errc::cancelled, Errc::cancelled));
}

TEST(PictureDeskTest, TheShapeOfThePictureIsKept) {
  EXPECT_EQ(fit_inside({1920, 1080}, {}), (ImageSize{1920, 1080}));
  EXPECT_EQ(fit_inside({1920, 1080}, {640, 0}), (ImageSize{640, 360}));
  EXPECT_EQ(fit_inside({1920, 1080}, {0, 360}), (ImageSize{640, 360}));
  EXPECT_EQ(fit_inside({1920, 1080}, {400, 400}), (ImageSize{400, 225}));
  EXPECT_EQ(fit_inside({1080, 1920}, {400, 400}), (ImageSize{225, 400}));
  EXPECT_EQ(fit_inside({1920, 8}, {8, 8}), (ImageSize{8, 1}));
}

}  // namespace
}  // namespace mainstay
