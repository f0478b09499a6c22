// Films with alpha: what decoders give for each of the ways that they are stored in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/sources/file_source.h"
#include "tests/support/clips.h"

namespace mainstay {
namespace {

using testing::HasSubstr;

struct FilmSourceTest : testing::Test {
  ManualClock clock{ManualClock::Drive::program};
  Log log{{LogLevel::off, false, [](std::string_view) {}}};

  SourceContext context(Rate rate = {30, 1}) { return {"film", clock, log, rate, 320, 180, Millis(500), ""}; }

  /// Half a second, of 64×36: the left half clear, the right half red at half. Empty when ffmpeg cannot make it.
  static std::string film(const std::string& name, const std::string& args, const std::string& format) {
    const std::string path = test::clip_folder().file(name);
    // Matrix and range are said, so that there is one answer for what comes out.
    const std::string command =
        "ffmpeg -v error -nostdin -y -f lavfi -i \"color=c=red:s=64x36:r=30:d=0.5,format=rgba,"
        "geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lt(X,32),0,128)',"
        "scale=out_color_matrix=bt601:out_range=tv,format=" +
        format + "\" " + args + " " + path;
    EXPECT_TRUE(test::run_command(command)) << command;
    return path;
  }

  void expect_red_at_half(const std::string& path) {
    FilmSource source(show::FileSource{.path = path}, context());
    source.start();
    const SourceOutput out = source.pull(0, {});
    ASSERT_TRUE(out.video) << path << ": " << source.status().detail;
    const Frame& frame = *out.video;
    ASSERT_NE(frame.alpha, nullptr) << path;
    const auto at = [&](int plane, int x, int y) {
      return frame.planes[static_cast<std::size_t>(plane)][y * frame.strides[static_cast<std::size_t>(plane)] + x];
    };
    EXPECT_NEAR(frame.alpha[18 * frame.alpha_stride + 8], 0, 2) << path;
    EXPECT_NEAR(frame.alpha[18 * frame.alpha_stride + 52], 128, 3) << path;
    EXPECT_NEAR(at(0, 8, 18), 16, 2) << path << ": premultiplied";
    EXPECT_NEAR(at(1, 4, 9), 128, 2) << path;
    // Red is 81, 90, 240 in BT.601 and 63, 102, 240 in BT.709; half of the way from black.
    const bool sd = frame.matrix == ColorMatrix::bt601;
    EXPECT_NEAR(at(0, 52, 18), 16 + ((sd ? 81 : 63) - 16) / 2, 3) << path;
    EXPECT_NEAR(at(1, 26, 9), 128 + ((sd ? 90 : 102) - 128) / 2, 3) << path;
    EXPECT_NEAR(at(2, 26, 9), 128 + (240 - 128) / 2, 3) << path;
    EXPECT_EQ(source.length(), 15) << path;
  }
};

TEST_F(FilmSourceTest, Vp9InWebm) {
  expect_red_at_half(film("vp9.webm", "-c:v libvpx-vp9 -crf 10 -b:v 0 -cpu-used 8 -auto-alt-ref 0", "yuva420p"));
}

TEST_F(FilmSourceTest, Vp8InWebm) {
  expect_red_at_half(film("vp8.webm", "-c:v libvpx -crf 4 -b:v 4M -auto-alt-ref 0", "yuva420p"));
}

TEST_F(FilmSourceTest, ProRes4444InMov) {
  expect_red_at_half(film("prores.mov", "-c:v prores_ks -profile:v 4444 -alpha_bits 8", "yuva444p10le"));
}

TEST_F(FilmSourceTest, RunLengthAndPngInMov) {
  expect_red_at_half(film("rle.mov", "-c:v qtrle", "argb"));
  expect_red_at_half(film("png.mov", "-c:v png", "rgba"));
}

TEST_F(FilmSourceTest, OneWhoseAlphaIsFullHasNone) {
  const std::string path = test::clip_folder().file("full.mov");
  ASSERT_TRUE(test::run_command(
      "ffmpeg -v error -nostdin -y -f lavfi -i color=c=red:s=64x36:r=30:d=0.2,format=rgba -c:v png " + path));
  FileSource source(show::FileSource{.path = path}, context());
  source.start();
  const SourceOutput out = source.pull(0, {});
  ASSERT_TRUE(out.video);
  EXPECT_EQ(out.video->alpha, nullptr);
}

TEST_F(FilmSourceTest, AFilmHasPicturesAndAnEnd) {
  const auto why = [&](const std::string& path) {
    FilmSource source(show::FileSource{.path = path}, context());
    source.start();
    source.await_open();
    source.pull(0, {});
    EXPECT_EQ(source.status().state, SourceState::failed);
    EXPECT_EQ(source.length(), 0);
    return source.status().detail;
  };
  EXPECT_THAT(why(test::make_clip({.name = "sound.wav", .args = "", .frames = 0})), HasSubstr("has no pictures"));
  const std::string path = test::clip_folder().file("long.mov");
  ASSERT_TRUE(
      test::run_command("ffmpeg -v error -nostdin -y -f lavfi -i color=c=red:s=16x16:r=1:d=70 -c:v qtrle " + path));
  EXPECT_THAT(why(path), HasSubstr("takes 70 s: a stinger takes 60 s at most"));
}

}  // namespace
}  // namespace mainstay
