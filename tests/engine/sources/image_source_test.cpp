#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "engine/sources/still_source.h"
#include "tests/support/clips.h"
#include "tests/support/png.h"

namespace mainstay {
namespace {

using test::png;
using test::Rgba;
using testing::HasSubstr;
using testing::StartsWith;

std::string logo(int width, int alpha = 128) {
  return png(width, 10, [alpha](int, int) { return Rgba{255, 0, 0, alpha}; });
}

struct ImageSourceTest : testing::Test {
  test::TempFolder folder;
  ManualClock clock;
  Log log{{LogLevel::off, false, [](std::string_view) {}}};
  const std::string path = folder.file("logo.png");
  std::unique_ptr<ImageSource> source;
  FrameIndex frame = 0;

  void write(const std::string& bytes) {
    test::write_file(path + ".new", bytes);
    std::filesystem::rename(path + ".new", path);
  }

  void start(const std::string& of = "logo.png") {
    const SourceContext context{"logo", clock, log, {30, 1}, 320, 180, Millis(500), folder.file("")};
    source = std::make_unique<ImageSource>(show::ImageSource{of}, context);
    source->start();
    settle();
  }

  /// Until the source's thread waits for its next look.
  void settle() {
    for (Instant next = kNever; next == kNever || next <= clock.now(); next = clock.next_deadline())
      std::this_thread::yield();
  }

  Nanos until_next_look() { return clock.next_deadline() - clock.now(); }

  void next_look() {
    clock.advance_to(clock.next_deadline());
    settle();
  }

  FramePtr pull() { return source->pull(frame++, {}).video; }
};

TEST_F(ImageSourceTest, GivesTheSamePictureOnEveryTick) {
  write(logo(40));
  start();
  EXPECT_TRUE(source->ready());
  const FramePtr picture = pull();
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->format, PixelFormat::bgra);
  for (int n = 0; n < 5; ++n) EXPECT_EQ(pull(), picture);
  next_look();
  EXPECT_EQ(pull(), picture) << "a file that did not change is not read again";
  EXPECT_EQ(source->status().state, SourceState::live);
  EXPECT_EQ(source->status().detail, "40×10 png with alpha");
  EXPECT_EQ(source->status().frames, 7);
  EXPECT_EQ(source->pull(frame, {}).audio, nullptr);
}

TEST_F(ImageSourceTest, TakesAChangedFileOver) {
  write(logo(40));
  start();
  write(logo(60));
  EXPECT_EQ(pull()->width, 40);
  EXPECT_LE(until_next_look(), Seconds(1));
  next_look();
  EXPECT_EQ(pull()->width, 60);
  EXPECT_EQ(source->status().detail, "60×10 png with alpha");
  write(logo(60, 255));
  next_look();
  EXPECT_EQ(pull()->format, PixelFormat::i420) << "an opaque picture is video";
}

TEST_F(ImageSourceTest, KeepsTheLastGoodPictureWhenTheNewOneIsBroken) {
  write(logo(40));
  start();
  const FramePtr good = pull();
  const std::string next = logo(60);
  write(next.substr(0, next.size() / 2));
  next_look();
  EXPECT_EQ(pull(), good);
  EXPECT_EQ(source->status().state, SourceState::live);
  EXPECT_THAT(source->status().detail, StartsWith("40×10 png with alpha; the last good one stays: logo.png is broken"));
  std::filesystem::remove(path);
  next_look();
  EXPECT_EQ(pull(), good);
  EXPECT_THAT(source->status().detail, HasSubstr("no such file"));
  write(next);
  next_look();
  EXPECT_EQ(pull()->width, 60);
  EXPECT_EQ(source->status().detail, "60×10 png with alpha");
}

TEST_F(ImageSourceTest, FailsWithoutAFileAndTriesAgainLessAndLessOften) {
  start();
  EXPECT_TRUE(source->ready()) << "the program need not wait for it";
  EXPECT_EQ(source->status().state, SourceState::failed);
  EXPECT_TRUE(source->status().retries);
  EXPECT_THAT(source->status().detail, StartsWith("no such file: "));
  EXPECT_EQ(pull(), nullptr);
  for (const int wait : {1, 2, 4, 8, 16, 30, 30}) {
    EXPECT_EQ(until_next_look(), Seconds(wait));
    next_look();
  }
  write(logo(40));
  next_look();
  EXPECT_EQ(source->status().state, SourceState::live);
  EXPECT_FALSE(source->status().retries);
  EXPECT_EQ(pull()->width, 40);
  EXPECT_EQ(until_next_look(), Seconds(1));
}

TEST_F(ImageSourceTest, SaysWhyAFileIsNoPicture) {
  const auto reason = [&](const std::string& name) {
    start(name);
    const SourceStatus status = source->status();
    EXPECT_EQ(status.state, SourceState::failed);
    return status.detail;
  };
  EXPECT_THAT(reason("."), HasSubstr("is a directory, not a picture"));
  test::write_file(path, "Not a picture but a few words.\n");
  EXPECT_EQ(reason("logo.png"), "logo.png is a text file, not a picture");
  test::write_file(path, "");
  EXPECT_EQ(reason("logo.png"), "logo.png is empty");
  EXPECT_THAT(reason("/dev/zero"), HasSubstr("is not a regular file"));
}

TEST_F(ImageSourceTest, IsThereOnTheFirstFrameOfAnOfflineRun) {
  write(logo(40));
  ManualClock offline(ManualClock::Drive::program);
  ImageSource here({"logo.png"}, {"logo", offline, log, {30, 1}, 320, 180, Millis(500), folder.file("")});
  here.start();
  EXPECT_TRUE(here.pull(0, {}).video);
}

TEST_F(ImageSourceTest, CanBeDestroyedAtAnyMoment) {
  write(logo(40));
  for (int n = 0; n < 20; ++n) {
    ImageSource here({n % 2 ? "logo.png" : "absent.png"},
                     {"logo", clock, log, {30, 1}, 320, 180, Millis(500), folder.file("")});
    if (n % 3) here.start();
  }
}

}  // namespace
}  // namespace mainstay
