#include "engine/ffi/av/media_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "tests/support/clips.h"

namespace mainstay::ffi {
namespace {

using test::Clip;
using test::kX264;
using test::kX264B;
using testing::HasSubstr;

struct Played {
  std::vector<std::int64_t> codes;
  std::vector<double> times;  // seconds
  std::vector<float> sound;   // left channel, from sample 0
  std::int64_t sound_first = -1;
  std::vector<FramePtr> pictures;  // the first few
  MediaInfo info;
  Error error{Errc::end, "", nullptr};
};

Log& silent_log() {
  static Log log({LogLevel::off, false, [](std::string_view) {}});
  return log;
}

void collect(MediaReader& reader, Played& played, int limit = 5000) {
  for (int i = 0; i < limit; ++i) {
    auto item = reader.read();
    if (!item) {
      played.error = item.error();
      return;
    }
    if (const auto* video = std::get_if<VideoItem>(&*item)) {
      played.codes.push_back(test::code_of(*video->frame));
      played.times.push_back(static_cast<double>(video->pts) * video->time_base.num / video->time_base.den);
      if (played.pictures.size() < 3) played.pictures.push_back(video->frame);
    } else {
      const auto& sound = std::get<AudioItem>(*item);
      if (played.sound_first < 0) played.sound_first = sound.first_sample;
      ASSERT_GE(sound.first_sample, static_cast<std::int64_t>(played.sound.size())) << "sound overlaps";
      played.sound.resize(static_cast<std::size_t>(sound.first_sample), 0.0f);
      const auto left = sound.block->plane(0);
      played.sound.insert(played.sound.end(), left.begin(), left.end());
    }
  }
  played.error = Error{Errc::io, "no end", nullptr};
}

MediaReaderOptions options_for(const std::string& path) {
  MediaReaderOptions options;
  options.name = "source test";
  options.path = path;
  options.threads = 2;
  return options;
}

Played play(const std::string& path) {
  Played played;
  auto reader = MediaReader::make(options_for(path), silent_log());
  if (auto opened = reader->open(); !opened) {
    played.error = opened.error();
    return played;
  }
  played.info = reader->info();
  collect(*reader, played);
  return played;
}

std::vector<std::int64_t> count_up(std::int64_t from, std::int64_t to) {
  std::vector<std::int64_t> numbers;
  for (std::int64_t n = from; n < to; ++n) numbers.push_back(n);
  return numbers;
}

struct FormatCase {
  std::string name;
  Clip clip;
  double rounding_s = 1e-9;  // of the container's timestamps
  int click_slack = 1;       // samples
};

void PrintTo(const FormatCase& c, std::ostream* out) {
  *out << c.name;
}

class EveryFormat : public testing::TestWithParam<FormatCase> {};

TEST_P(EveryFormat, GivesEveryPictureAtItsTimeAndTheSoundAtItsSample) {
  const FormatCase& c = GetParam();
  const std::string path = test::make_clip(c.clip);
  const Played played = play(path);
  EXPECT_EQ(played.error.code, Errc::end) << played.error.describe();
  EXPECT_EQ(played.codes, count_up(0, c.clip.frames));
  const double first = played.times.empty() ? 0 : played.times[0];
  for (std::size_t i = 0; i < played.times.size(); ++i)
    EXPECT_NEAR(played.times[i] - first, static_cast<double>(i) / c.clip.rate.fps(), c.rounding_s + 1e-9) << i;
  if (c.clip.sample_rate == 0) return;
  // Clicks keep their distance to the first picture.
  const auto found = test::clicks(played.sound);
  const double length = c.clip.frames > 0 ? c.clip.frames / c.clip.rate.fps() : 1.5;
  ASSERT_EQ(found.size(), static_cast<std::size_t>((length - 1e-6) / test::kClickEvery)) << played.info.summary;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double expected =
        (test::kClickEvery * static_cast<double>(i + 1) + c.clip.sound_delay_s + first) * kProgramSampleRate;
    EXPECT_NEAR(static_cast<double>(found[i]), expected, c.click_slack + c.rounding_s * 2 * kProgramSampleRate) << i;
  }
}

constexpr double kMilli = 0.001;
constexpr double kTsTick = 1.0 / 90000;

std::vector<FormatCase> format_cases() {
  return {
      FormatCase{"h264_mp4", {"h264.mp4", kX264B + "-c:a aac"}},
      FormatCase{"h264_mkv_flac", {"h264.mkv", kX264B + "-c:a flac"}, kMilli},
      FormatCase{"h264_ts", {"h264.ts", kX264B + "-c:a aac"}, kTsTick},
      FormatCase{"h264_flv", {"h264.flv", kX264B + "-c:a aac"}, kMilli},
      FormatCase{"mpeg4_avi", {"mpeg4.avi", "-c:v mpeg4 -q:v 2 -c:a pcm_s16le"}},
      FormatCase{"mjpeg_mov", {"mjpeg.mov", "-c:v mjpeg -q:v 2 -c:a pcm_s24be"}},
      FormatCase{"prores_mov", {"prores.mov", "-c:v prores_ks -profile:v 1 -c:a pcm_s16le"}},
      FormatCase{"vp9_webm_opus",
                 {"vp9.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 1M -c:a libopus"},
                 kMilli,
                 340},  // FFmpeg's own WebM muxer writes Opus 6.5 ms early
      FormatCase{"vp8_webm_vorbis", {"vp8.webm", "-c:v libvpx -deadline realtime -b:v 1M -c:a libvorbis"}, kMilli, 2},
      FormatCase{
          "hevc_10bit_mp4",
          {"hevc.mp4", "-c:v libx265 -preset ultrafast -x265-params log-level=none -pix_fmt yuv420p10le -c:a aac"}},
      FormatCase{"mpeg2_ts_mp2", {"mpeg2.ts", "-c:v mpeg2video -q:v 2 -bf 2 -c:a mp2"}, kTsTick, 600},
      FormatCase{"ffv1_444_mkv", {"ffv1.mkv", "-c:v ffv1 -pix_fmt yuv444p -c:a pcm_s16le"}, kMilli},
      FormatCase{"ntsc_mp4", {"ntsc.mp4", kX264 + "-c:a aac", 320, 180, {30000, 1001}}},
      FormatCase{"pal_44100_mono", {"mono.mp4", kX264 + "-c:a aac", 320, 180, {25, 1}, 45, 44100, 1}},
      FormatCase{"six_channels", {"six.mp4", kX264 + "-c:a aac", 320, 180, {25, 1}, 45, 48000, 6}},
      FormatCase{"odd_size", {"odd.mkv", "-c:v ffv1 -pix_fmt yuv420p -c:a pcm_s16le", 321, 181}, kMilli},
      FormatCase{"full_range", {"full.mov", "-c:v mjpeg -pix_fmt yuvj422p -q:v 2 -c:a pcm_s16le"}},
      FormatCase{"rgb", {"rgb.mkv", "-c:v ffv1 -pix_fmt bgr0 -c:a pcm_s16le"}, kMilli},
      FormatCase{"late_sound",
                 {"late.mp4", kX264 + "-c:a aac", 320, 180, {30, 1}, 45, 48000, 2, 0.4},
                 0,
                 48},  // MP4 edit lists count ms
      FormatCase{"late_sound_ts", {"late.ts", kX264 + "-c:a aac", 320, 180, {30, 1}, 45, 48000, 2, 0.4}, kTsTick},
      FormatCase{"silent_film", {"silent.mp4", kX264, 320, 180, {30, 1}, 30, 0}},
      FormatCase{"sound_only_flac", {"sound.flac", "-c:a flac", 0, 0, {30, 1}, 0}},
      FormatCase{"sound_only_m4a", {"sound.m4a", "-c:a aac", 0, 0, {30, 1}, 0, 44100}},
      FormatCase{"sound_only_mp3", {"sound.mp3", "-c:a libmp3lame", 0, 0, {30, 1}, 0}, 0, 3}};
}

INSTANTIATE_TEST_SUITE_P(Containers, EveryFormat, testing::ValuesIn(format_cases()),
                         [](const auto& each) { return each.param.name; });

TEST(MediaReader, GivesLimitedRangeI420OfAnyPixelFormat) {
  int seen = 0;
  for (const FormatCase& c : format_cases()) {
    if (c.clip.frames == 0) continue;
    const Played played = play(test::make_clip(c.clip));
    ASSERT_FALSE(played.pictures.empty()) << c.name;
    const Frame& frame = *played.pictures[0];
    EXPECT_EQ(frame.width, c.clip.width) << c.name;
    EXPECT_EQ(frame.height, c.clip.height) << c.name;
    EXPECT_EQ(frame.format, PixelFormat::i420) << c.name;
    EXPECT_EQ(frame.range, ColorRange::limited) << c.name;
    // The clips' luma is 40 + (x + y) % 160 and their chroma neutral.
    for (const int x : {10, 100, 130, 290})
      EXPECT_NEAR(frame.planes[0][20 * frame.strides[0] + x], 40 + (x + 20) % 160, 6) << c.name << " at " << x;
    EXPECT_NEAR(frame.planes[1][20 * frame.strides[1] + 50], 128, 3) << c.name;
    ++seen;
  }
  EXPECT_GT(seen, 15);
}

TEST(MediaReader, StandsRotatedVideoUpright) {
  const std::string flat = test::make_clip({"flat.mp4", kX264, 320, 180, {30, 1}, 10, 0});
  for (const auto& [turn, width] : std::map<int, int>{{90, 180}, {180, 320}, {270, 180}}) {
    const std::string path = test::clip_folder().file("turn" + std::to_string(turn) + ".mp4");
    ASSERT_TRUE(test::run_command("ffmpeg -v error -nostdin -y -i " + flat +
                                  " -c copy -metadata:s:v:0 rotate=" + std::to_string(turn) + " " + path));
    // ffmpeg itself stands it up; our picture has to be the same.
    const std::string raw = path + ".yuv";
    ASSERT_TRUE(test::run_command("ffmpeg -v error -nostdin -y -i " + path + " -frames:v 1 -f rawvideo " + raw));
    const Played played = play(path);
    ASSERT_EQ(played.codes.size(), 10u);
    const Frame& frame = *played.pictures.at(0);
    ASSERT_EQ(frame.width, width) << turn;
    EXPECT_EQ(played.info.width, width);
    std::ifstream in(raw, std::ios::binary);
    std::vector<char> expected(static_cast<std::size_t>(frame.width) * frame.height);
    in.read(expected.data(), static_cast<std::streamsize>(expected.size()));
    for (int y = 0; y < frame.height; y += 7)
      for (int x = 0; x < frame.width; x += 5)
        ASSERT_EQ(frame.planes[0][y * frame.strides[0] + x],
                  static_cast<std::uint8_t>(expected[static_cast<std::size_t>(y) * frame.width + x]))
            << turn << " at " << x << "," << y;
  }
}

TEST(MediaReader, PassesAPictureOnWithoutACopyWhenItIsRightAlready) {
  const std::string path = test::make_clip({"silent.mp4", kX264, 320, 180, {30, 1}, 30, 0});
  auto reader = MediaReader::make(options_for(path), silent_log());
  ASSERT_TRUE(reader->open());
  auto item = reader->read(MediaKind::video);
  ASSERT_TRUE(item);
  const FramePtr frame = std::get<VideoItem>(*item).frame;
  EXPECT_NE(frame->strides[0], 320) << "a decoder's own picture has padding; a pool's has none at this width";
  reader.reset();
  EXPECT_EQ(test::code_of(*frame), 0) << "the picture outlives its reader";
}

TEST(MediaReader, GoesToTheExactPictureAndSample) {
  for (const auto& [name, args] : std::map<std::string, std::string>{{"seek.mp4", kX264B + "-c:a aac"},
                                                                     {"seek.ts", kX264B + "-c:a aac"},
                                                                     {"seek.mkv", kX264B + "-c:a pcm_s16le"},
                                                                     {"seek.avi", "-c:v mpeg4 -g 15 -c:a pcm_s16le"}}) {
    const std::string path = test::make_clip({name, args, 320, 180, {30, 1}, 90});
    const Played whole = play(path);
    ASSERT_EQ(whole.codes, count_up(0, 90)) << name;
    const double first = whole.times[0];
    auto reader = MediaReader::make(options_for(path), silent_log());
    ASSERT_TRUE(reader->open());
    for (const int target : {1, 44, 7, 89, 0, 60, 15}) {
      const Nanos time = Nanos(static_cast<std::int64_t>((first + (target + 0.5) / 30) * 1e9));
      ASSERT_TRUE(reader->seek(time)) << name;
      auto item = reader->read(MediaKind::video);
      ASSERT_TRUE(item) << name << " " << target;
      EXPECT_EQ(test::code_of(*std::get<VideoItem>(*item).frame), target) << name;
      auto sound = reader->read(MediaKind::audio);
      if (!sound) continue;  // past the last sample
      const auto& run = std::get<AudioItem>(*sound);
      EXPECT_EQ(run.first_sample, rescale(time.count(), kNanosBase, kAudioBase)) << name << " " << target;
    }
    Played rest;
    ASSERT_TRUE(reader->seek(Millis(1100)));
    collect(*reader, rest);
    // A run after a jump is the same sound at the same samples.
    for (std::size_t n = 60000; n < std::min(whole.sound.size(), rest.sound.size()); ++n)
      ASSERT_NEAR(rest.sound[n], whole.sound[n], 0.02) << name << " " << n;
    EXPECT_EQ(test::clicks(rest.sound).size(), test::clicks(whole.sound).size() - 2) << name;
  }
}

TEST(MediaReader, GivesEachKindOnRequestHoweverTheyAreInterleaved) {
  const std::string path = test::make_clip({"h264.mp4", kX264B + "-c:a aac"});
  auto reader = MediaReader::make(options_for(path), silent_log());
  ASSERT_TRUE(reader->open());
  std::int64_t samples = 0;
  for (;;) {
    auto item = reader->read(MediaKind::audio);
    if (!item) {
      EXPECT_EQ(item.error().code, Errc::end);
      break;
    }
    samples += std::get<AudioItem>(*item).block->samples;
  }
  EXPECT_NEAR(static_cast<double>(samples), 72000, 1100);
  int pictures = 0;
  while (reader->read(MediaKind::video)) ++pictures;
  EXPECT_EQ(pictures, 45);
}

TEST(MediaReader, SaysInOneLineWhatIsNotMedia) {
  const auto refusal = [](const std::string& path) {
    auto reader = MediaReader::make(options_for(path), silent_log());
    auto opened = reader->open();
    EXPECT_FALSE(opened);
    return opened ? std::string() : opened.error().describe();
  };
  EXPECT_THAT(refusal("/nonexistent/clip.mp4"), HasSubstr("no such file: /nonexistent/clip.mp4"));
  EXPECT_THAT(refusal(test::clip_folder().file("")), HasSubstr("is a folder"));
  const std::string empty = test::clip_folder().file("empty.mp4");
  std::ofstream(empty).flush();
  EXPECT_THAT(refusal(empty), HasSubstr("is empty"));
  const std::string text = test::clip_folder().file("notes.mp4");
  std::ofstream(text) << "Shopping list:\n- milk\n- bread\n";
  EXPECT_THAT(refusal(text), HasSubstr("notes.mp4 is a text file"));
  const std::string subtitles = test::clip_folder().file("words.srt");
  std::ofstream(subtitles) << "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n";
  EXPECT_THAT(refusal(subtitles), HasSubstr("is a text file"));
  const std::string noise = test::clip_folder().file("noise.mp4");
  {
    std::ofstream out(noise, std::ios::binary);
    for (int i = 0; i < 5000; ++i) out.put(static_cast<char>(i * 7919 >> 3));
  }
  EXPECT_FALSE(refusal(noise).empty());
  const std::string playlist = test::clip_folder().file("list.m3u8");
  std::ofstream(playlist) << "#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n";
  EXPECT_FALSE(refusal(playlist).empty()) << "a playlist may not reach out to the network";
}

TEST(MediaReader, ReadsAStreamOfBytesAndCanBeAborted) {
  struct Bytes final : ByteSource {
    std::ifstream in;
    bool endless = false;
    MediaReader* reader = nullptr;
    Result<std::size_t> read(std::span<std::uint8_t> buffer) override {
      in.read(reinterpret_cast<char*>(buffer.data()),
              static_cast<std::streamsize>(std::min<std::size_t>(buffer.size(), 1316)));
      if (in.gcount() > 0) return static_cast<std::size_t>(in.gcount());
      if (!endless) return Error{Errc::end, "over", nullptr};
      reader->abort();
      return Error{Errc::again, "nothing yet", nullptr};
    }
  };
  for (const auto& [name, format] : std::map<std::string, std::string>{{"h264.ts", "mpegts"}, {"h264.flv", "flv"}}) {
    const std::string path = test::make_clip({name, kX264B + "-c:a aac"});
    for (const bool endless : {false, true}) {
      auto bytes = std::make_shared<Bytes>();
      bytes->in.open(path, std::ios::binary);
      bytes->endless = endless;
      MediaReaderOptions options = options_for("the sender's stream");
      options.bytes = bytes;
      options.format = format;
      options.live = true;
      auto reader = MediaReader::make(options, silent_log());
      bytes->reader = reader.get();
      ASSERT_TRUE(reader->open()) << name;
      EXPECT_EQ(reader->info().width, 320);
      Played played;
      collect(*reader, played);
      EXPECT_EQ(played.error.code, endless ? Errc::cancelled : Errc::end) << name;
      if (!endless)
        EXPECT_EQ(played.codes, count_up(0, 45)) << name;
      else
        EXPECT_GT(played.codes.size(), 38u) << name;
    }
  }
}

TEST(MediaReader, FollowsAChangeOfSizeAndOfSoundInTheMiddle) {
  const std::string a = test::make_clip({"a.ts", kX264 + "-c:a aac"});
  const std::string b = test::make_clip({"b.ts", kX264 + "-c:a aac", 640, 360, {30, 1}, 45, 44100, 1});
  const std::string joined = test::clip_folder().file("joined.ts");
  ASSERT_TRUE(test::run_command("cat " + a + " " + b + " > " + joined) || std::filesystem::exists(joined));
  {
    std::ofstream out(joined, std::ios::binary);
    for (const auto& part : {a, b}) out << std::ifstream(part, std::ios::binary).rdbuf();
  }
  const Played played = play(joined);
  EXPECT_EQ(played.error.code, Errc::end) << played.error.describe();
  EXPECT_GE(played.codes.size(), 88u);
  EXPECT_EQ(played.codes.back(), 44);
  EXPECT_GE(test::clicks(played.sound).size(), 3u);
}

TEST(MediaReader, PassesOverPiecesUndecodedAndGoesOnWithTheNextKeyPicture) {
  const std::string path =
      test::make_clip({"passed.ts", kX264B + "-c:a aac", 320, 180, {30, 1}, 90});  // key pictures: every 15th
  auto reader = MediaReader::make(options_for(path), silent_log());
  ASSERT_TRUE(reader->open());
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(reader->read());
  Nanos reached{0};
  for (int pictures = 0; pictures < 20;) {
    const auto passed = reader->pass();
    ASSERT_TRUE(passed) << passed.error().describe();
    if (!*passed) continue;
    EXPECT_GT(**passed, reached) << "times rise";
    reached = **passed;
    ++pictures;
  }
  Played rest;
  collect(*reader, rest);
  ASSERT_FALSE(rest.codes.empty());
  const std::int64_t first = rest.codes.front();
  EXPECT_EQ(first % 15, 0);
  EXPECT_GT(first, 20);
  EXPECT_EQ(rest.codes, count_up(first, 90)) << "from there on all of them";
  EXPECT_NEAR(rest.times.front() - seconds(reached), 0, 0.8);
  EXPECT_EQ(reader->faults().packets + reader->faults().frames, 0);
  const auto clicks = test::clicks(rest.sound);
  ASSERT_FALSE(clicks.empty());
  EXPECT_EQ(reader->pass().error().code, Errc::end);
}

TEST(MediaReader, ReadsAStillPicture) {
  const std::string path = test::make_clip({"still.png", "-frames:v 1 -pix_fmt rgba", 320, 180, {30, 1}, 1, 0});
  const Played played = play(path);
  EXPECT_TRUE(played.info.still);
  EXPECT_EQ(played.codes, count_up(0, 1));
}

TEST(MediaReader, TakesACoverPictureForNoVideo) {
  const std::string still = test::make_clip({"cover.jpg", "-frames:v 1", 320, 180, {30, 1}, 1, 0});
  const std::string sound = test::make_clip({"sound.mp3", "-c:a libmp3lame", 0, 0, {30, 1}, 0});
  const std::string path = test::clip_folder().file("covered.mp3");
  ASSERT_TRUE(test::run_command("ffmpeg -v error -nostdin -y -i " + sound + " -i " + still +
                                " -map 0 -map 1 -c copy -disposition:v:0 attached_pic " + path));
  const Played played = play(path);
  EXPECT_FALSE(played.info.has_video);
  EXPECT_TRUE(played.info.has_audio);
  EXPECT_EQ(test::clicks(played.sound).size(), 2u);
}

}  // namespace
}  // namespace mainstay::ffi
