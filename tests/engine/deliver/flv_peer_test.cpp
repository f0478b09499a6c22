// Decoder configuration records against those that FFmpeg's muxers write for the same streams.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/deliver/flv_codecs.h"
#include "tests/engine/deliver/rtmp_peers.h"

namespace mainstay {
namespace {

using namespace mainstay::testing;  // NOLINT: a test's own helpers
using Bytes = std::vector<std::uint8_t>;

// A clip in MP4, whose record FFmpeg wrote, and the same as our encoders give it.
struct Clip {
  TempDir dir;
  Bytes record;
  Bytes ours;

  Clip(const std::string& encoder, const std::vector<std::string>& options) {
    const std::string file = (dir / "clip.mp4").string();
    std::vector<std::string> command{
        "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30:duration=0.2", "-c:v", encoder};
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), {"-y", file});
    Process ffmpeg(command);
    EXPECT_EQ(ffmpeg.wait(Seconds(30)), 0);
    record = read_extradata(file);
    ours = read_annex_b_extradata(file);
  }
};

TEST(Configuration, OfH264IsTheOneThatFfmpegWrites) {
  for (const char* format : {"yuv420p", "yuv422p", "yuv444p", "yuv420p10le"}) {
    const Clip clip("libx264", {"-pix_fmt", format, "-preset", "ultrafast"});
    const auto made = make_avcc(clip.ours);
    ASSERT_TRUE(made) << made.error().describe();
    EXPECT_EQ(*made, clip.record) << format;
  }
}

TEST(Configuration, OfHevcSaysWhatFfmpegSays) {
  for (const char* format : {"yuv420p", "yuv420p10le", "yuv444p"}) {
    const Clip clip("libx265", {"-pix_fmt", format, "-preset", "ultrafast", "-x265-params", "log-level=none"});
    const auto made = make_hvcc(clip.ours);
    ASSERT_TRUE(made) << made.error().describe();
    ASSERT_GT(clip.record.size(), 23U);
    // Profile, tier, level, chroma, depths, layers; the arrays differ, because FFmpeg keeps the encoder's SEI there.
    EXPECT_EQ(Bytes(made->begin(), made->begin() + 22), Bytes(clip.record.begin(), clip.record.begin() + 22)) << format;
  }
}

TEST(Configuration, OfAv1IsTheOneThatFfmpegWrites) {
  for (const char* format : {"yuv420p", "yuv420p10le"}) {
    const Clip clip("libsvtav1", {"-pix_fmt", format, "-preset", "12"});
    // FFmpeg's record holds the sequence header behind four bytes.
    ASSERT_GT(clip.record.size(), 4U);
    const auto made = make_av1c(std::span(clip.record).subspan(4));
    ASSERT_TRUE(made) << made.error().describe();
    EXPECT_EQ(*made, clip.record) << format;
  }
}

}  // namespace
}  // namespace mainstay
