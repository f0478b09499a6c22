#include "engine/sources/file_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "engine/sources/frame_code.h"
#include "tests/support/clips.h"

namespace mainstay {
namespace {

using test::Clip;
using test::kX264;
using test::kX264B;
using testing::HasSubstr;

struct Aired {
  std::vector<std::int64_t> codes;  // -1: no picture, -2: unreadable
  std::vector<float> sound;
  std::int64_t repeated = 0;
  SourceStatus status;
};

struct FileSourceTest : testing::Test {
  ManualClock clock{ManualClock::Drive::program};
  Log log{{LogLevel::off, false, [](std::string_view) {}}};

  SourceContext context(Rate rate = {30, 1}) { return {"clip", clock, log, rate, 320, 180, Millis(500), ""}; }

  static show::FileSource config(const std::string& path) {
    show::FileSource file;
    file.path = path;
    file.threads = 2;
    return file;
  }

  Aired air(const show::FileSource& file, FrameIndex frames, Rate rate = {30, 1}) {
    FileSource source(file, context(rate));
    source.start();
    Aired aired;
    for (FrameIndex k = 0; k < frames; ++k) {
      const SourceOutput out = source.pull(k, {});
      aired.repeated += out.repeated;
      aired.codes.push_back(!out.video ? -1 : read_frame_code(*out.video) ? *read_frame_code(*out.video) : -2);
      EXPECT_EQ(aired.sound.size(), static_cast<std::size_t>(rate.first_sample(k)));
      if (out.audio) {
        EXPECT_EQ(out.audio->samples, rate.samples(k));
        const auto left = out.audio->plane(0);
        aired.sound.insert(aired.sound.end(), left.begin(), left.end());
      } else {
        aired.sound.resize(aired.sound.size() + static_cast<std::size_t>(rate.samples(k)), 0.0f);
      }
    }
    aired.status = source.status();
    return aired;
  }
};

TEST_F(FileSourceTest, MapsAFileOfTheProgramsRateOneToOneInEveryContainer) {
  for (const char* name : {"one.mp4", "one.ts", "one.flv", "one.mkv"}) {
    const Aired aired = air(config(test::make_clip({name, kX264B + "-c:a aac"})), 44);
    const std::int64_t begin = aired.codes[1] == 0 ? 1 : 0;  // sound that starts earlier moves the pictures by a frame
    for (std::int64_t k = begin; k < 44; ++k) ASSERT_EQ(aired.codes[static_cast<std::size_t>(k)], k - begin) << name;
    const auto clicks = test::clicks(aired.sound);
    ASSERT_EQ(clicks.size(), 2u) << name;
    const bool exact = std::string(name) == "one.mp4" || std::string(name) == "one.ts";
    for (std::size_t i = 0; i < 2; ++i)
      EXPECT_NEAR(static_cast<double>(clicks[i]), static_cast<double>(24000 * (i + 1) + begin * 1600), exact ? 1 : 48)
          << name;
    EXPECT_EQ(aired.repeated, 0);
    EXPECT_EQ(aired.status.state, SourceState::live);
    EXPECT_THAT(aired.status.detail, HasSubstr("320×180 30 fps h264, 48 kHz 2 ch aac"));
  }
}

TEST_F(FileSourceTest, EndsOnItsLastPictureAndSaysSo) {
  const Aired aired = air(config(test::make_clip({"one.mp4", kX264B + "-c:a aac"})), 60);
  EXPECT_EQ(aired.codes[44], 44);
  EXPECT_EQ(aired.codes[59], 44);
  EXPECT_EQ(aired.repeated, 0) << "an end is no fault";
  EXPECT_EQ(aired.status.state, SourceState::ended);
  EXPECT_EQ(aired.status.frames, 45);
}

TEST_F(FileSourceTest, LoopsFiftyTimesWithoutLosingAFrameOrASample) {
  for (const char* name : {"loop.mp4", "loop.ts", "loop.mkv"}) {
    show::FileSource file = config(test::make_clip({name, kX264 + "-c:a aac", 320, 180, {30, 1}, 20}));
    file.loop = true;
    const FrameIndex total = 50 * 20 + 51;
    const Aired aired = air(file, total);
    const auto begin = static_cast<std::size_t>(aired.codes[1] == 0 ? 1 : 0);
    const std::size_t length = 20 + begin;  // sound that starts earlier belongs to the round
    for (std::size_t k = 0; k < aired.codes.size(); ++k) {
      const auto place = static_cast<std::int64_t>(k % length);
      ASSERT_EQ(aired.codes[k], std::max<std::int64_t>(0, place - static_cast<std::int64_t>(begin)))
          << name << " " << k;
    }
    const auto clicks = test::clicks(aired.sound);
    const std::size_t rounds = (aired.codes.size() - 16 - begin) / length + 1;
    ASSERT_GE(clicks.size(), 50u) << name;
    EXPECT_NEAR(static_cast<double>(clicks.size()), static_cast<double>(rounds), 1) << name;
    for (std::size_t i = 0; i < clicks.size(); ++i)
      ASSERT_NEAR(static_cast<double>(clicks[i]), static_cast<double>(24000 + (begin + i * length) * 1600),
                  std::string(name) == "loop.mkv" ? 48 : 1)
          << name << " round " << i;
    EXPECT_EQ(aired.repeated, 0);
  }
}

TEST_F(FileSourceTest, PlaysFromInToOutExactly) {
  for (const char* name : {"cut.mp4", "cut.ts", "cut.mkv"}) {
    show::FileSource file = config(test::make_clip({name, kX264B + "-c:a aac", 320, 180, {30, 1}, 90}));
    file.in = Millis(700);
    file.out = Millis(1900);
    file.loop = true;
    const Aired aired = air(file, 36 * 5);
    const std::int64_t begin = std::string(name) == "cut.mp4" ? 0 : 1;  // AAC's priming starts earlier
    for (std::size_t k = 0; k < aired.codes.size(); ++k)
      ASSERT_EQ(aired.codes[k], 21 - begin + static_cast<std::int64_t>(k % 36)) << name << " " << k;
    const auto clicks = test::clicks(aired.sound);
    ASSERT_EQ(clicks.size(), 10u) << name;
    for (std::size_t i = 0; i < clicks.size(); ++i)
      ASSERT_NEAR(static_cast<double>(clicks[i]),
                  static_cast<double>(24000 * (2 + i % 2) - 21 * 1600 + begin * 1600 + (i / 2) * 57600), 48)
          << name;
  }
}

TEST_F(FileSourceTest, ConvertsTheRateWithoutDrift) {
  const std::string path = test::make_clip({"pal.mp4", kX264 + "-c:a aac", 320, 180, {25, 1}, 75});
  const Aired aired = air(config(path), 90);
  for (std::int64_t k = 0; k < 90; ++k) ASSERT_EQ(aired.codes[static_cast<std::size_t>(k)], k * 25 / 30);
  EXPECT_EQ(aired.repeated, 0) << "a conversion is no fault";
  EXPECT_EQ(aired.status.skipped, 0);
  const Aired ntsc = air(config(path), 89, {30000, 1001});
  for (std::int64_t k = 0; k < 89; ++k) ASSERT_EQ(ntsc.codes[static_cast<std::size_t>(k)], k * 25 * 1001 / 30000);
}

TEST_F(FileSourceTest, FollowsVariableRate) {
  // Of 60 pictures at 30 a second every third goes, with its time.
  const std::string path =
      test::make_clip({"vfr.mp4", "-vf \"select='mod(n,3)'\" -vsync vfr " + kX264 + "-c:a aac", 320, 180, {30, 1}, 60});
  const Aired aired = air(config(path), 58);
  std::int64_t shown = 1;  // the first picture stands before its time too
  for (std::int64_t k = 0; k < 57; ++k) {
    if (k % 3 != 0) shown = k;
    ASSERT_EQ(aired.codes[static_cast<std::size_t>(k)], shown) << k;
  }
}

TEST_F(FileSourceTest, GivesBlackToSoundAloneAndSilenceToPicturesAlone) {
  const Aired sound = air(config(test::make_clip({"sound.flac", "-c:a flac", 0, 0, {30, 1}, 0})), 60);
  EXPECT_EQ(test::clicks(sound.sound), (std::vector<std::int64_t>{24000, 48000}));
  EXPECT_EQ(sound.status.state, SourceState::ended);
  EXPECT_EQ(sound.status.frames, 45);
  EXPECT_NE(sound.codes[10], -1) << "a black picture";
  const Aired pictures = air(config(test::make_clip({"silent.mp4", kX264, 320, 180, {30, 1}, 30, 0})), 30);
  EXPECT_EQ(pictures.codes[29], 29);
  EXPECT_TRUE(test::clicks(pictures.sound).empty());
}

TEST_F(FileSourceTest, PlaysSoundThatOutlastsThePictures) {
  const std::string path = test::make_clip({"long.mp4", "-vf \"select='lt(n,10)'\" -vsync vfr " + kX264 + "-c:a aac"});
  const Aired aired = air(config(path), 60);
  EXPECT_EQ(aired.status.frames, 45);
  EXPECT_EQ(aired.codes[44], 9);
  EXPECT_EQ(test::clicks(aired.sound).size(), 2u);
}

TEST_F(FileSourceTest, HoldsAStillPictureForEver) {
  const std::string path = test::make_clip({"still.png", "-frames:v 1", 320, 180, {30, 1}, 1, 0});
  const Aired aired = air(config(path), 300);
  EXPECT_EQ(aired.codes[299], 0);
  EXPECT_EQ(aired.status.state, SourceState::live);
}

TEST_F(FileSourceTest, SaysWhyAFileCannotBePlayed) {
  FileSource source(config("/nonexistent/show.mp4"), context());
  source.start();
  const auto out = source.pull(0, {});
  EXPECT_EQ(out.video, nullptr);
  EXPECT_TRUE(source.ready());
  EXPECT_EQ(source.status().state, SourceState::failed);
  EXPECT_THAT(source.status().detail, HasSubstr("no such file: /nonexistent/show.mp4"));
}

TEST_F(FileSourceTest, AFileThatComesLaterIsPlayedFromWhereTheProgramIs) {
  const std::string made = test::make_clip({"one.mp4", kX264B + "-c:a aac"});
  const std::string path = test::clip_folder().file("later.mp4");
  ManualClock live;
  FileSource source(config(path), SourceContext{"clip", live, log, {30, 1}, 320, 180, Millis(100), ""});
  source.start();
  while (!source.ready()) std::this_thread::yield();
  EXPECT_EQ(source.status().state, SourceState::failed);
  EXPECT_TRUE(source.status().retries);
  EXPECT_EQ(source.pull(0, {}).video, nullptr);
  source.pull(40, {});
  std::filesystem::copy_file(made, path);
  while (live.next_deadline() == kNever) std::this_thread::yield();
  EXPECT_LE(live.next_deadline(), Instant(Seconds(1)));
  live.advance(Seconds(1));
  while (source.status().retries || !source.ready()) std::this_thread::yield();
  const auto out = source.pull(45, {});
  ASSERT_TRUE(out.video);
  EXPECT_EQ(read_frame_code(*out.video), 0u) << "from its beginning";
  EXPECT_EQ(source.status().state, SourceState::live);
}

TEST_F(FileSourceTest, FindsAFileBesideTheShow) {
  test::make_clip({"one.mp4", kX264B + "-c:a aac"});
  SourceContext beside = context();
  beside.show_dir = test::clip_folder().file("");
  FileSource source(config("one.mp4"), beside);
  source.start();
  EXPECT_TRUE(source.pull(0, {}).video);
}

TEST_F(FileSourceTest, NeverWaitsOnAirAndStaysOnTheProgramsTime) {
  ManualClock live;
  SourceContext on_air{"clip", live, log, {30, 1}, 320, 180, Millis(100), ""};
  FileSource source(config(test::make_clip({"one.mp4", kX264B + "-c:a aac"})), on_air);
  // Not started: nothing is there, and the program goes on.
  EXPECT_EQ(source.pull(0, {}).video, nullptr);
  EXPECT_EQ(source.status().state, SourceState::opening);
  source.start();
  while (!source.ready()) std::this_thread::yield();
  const auto out = source.pull(3, {});
  ASSERT_TRUE(out.video);
  EXPECT_EQ(read_frame_code(*out.video), 3u) << "what came too late is passed over";
  EXPECT_FALSE(out.repeated);
  EXPECT_EQ(source.status().skipped, 3);
  EXPECT_EQ(source.status().state, SourceState::live);
  // Far ahead of the file: late pictures stand in, each counted, until the file is over.
  SourceOutput last;
  for (FrameIndex k = 1000; source.status().state != SourceState::ended; ++k) {
    last = source.pull(k, {});
    std::this_thread::yield();
  }
  EXPECT_EQ(read_frame_code(*last.video), 44u);
  EXPECT_EQ(source.status().skipped, 5 + 39);
}

TEST_F(FileSourceTest, CanBeDestroyedAtAnyMoment) {
  const std::string path = test::make_clip({"one.mp4", kX264B + "-c:a aac"});
  for (int i = 0; i < 20; ++i) {
    show::FileSource file = config(path);
    file.loop = true;
    FileSource source(file, context());
    source.start();
    for (FrameIndex k = 0; k < i; ++k) source.pull(k, {});
  }
}

}  // namespace
}  // namespace mainstay
