#include "engine/package/codec_strings.h"

#include <gtest/gtest.h>

#include "engine/ffi/av/audio_encoder.h"
#include "engine/ffi/av/video_encoder.h"

namespace mainstay::package {
namespace {

StreamInfo stream_of(Codec codec, const char* profile, const char* level, int height) {
  ffi::VideoEncoderConfig config;
  config.codec = codec;
  config.width = height * 16 / 9 / 2 * 2;
  config.height = height;
  config.kbps = 500;
  config.profile = profile;
  config.level = level;
  config.preset = codec == Codec::av1 ? "12" : "veryfast";
  auto encoder = ffi::VideoEncoder::open(config);
  EXPECT_TRUE(encoder) << encoder.error().describe();
  return encoder ? *(*encoder)->stream() : StreamInfo{};
}

TEST(CodecStrings, avc_tells_profile_constraints_and_level) {
  EXPECT_EQ(codec_string(stream_of(Codec::h264, "high", "4.0", 360)), "avc1.640028");
  EXPECT_EQ(codec_string(stream_of(Codec::h264, "main", "3.1", 360)), "avc1.4d401f");
  EXPECT_EQ(codec_string(stream_of(Codec::h264, "baseline", "3.0", 360)), "avc1.42c01e");
}

TEST(CodecStrings, hevc_tells_profile_compatibility_tier_level_and_constraints) {
  EXPECT_EQ(codec_string(stream_of(Codec::hevc, "main", "4.0", 360)), "hvc1.1.6.L120.90");
}

TEST(CodecStrings, av1_tells_profile_level_tier_and_depth) {
  const std::string text = codec_string(stream_of(Codec::av1, "", "", 360));
  EXPECT_TRUE(text.starts_with("av01.0.")) << text;
  EXPECT_TRUE(text.ends_with("M.08")) << text;
  EXPECT_EQ(text.size(), 13U) << text;
}

TEST(CodecStrings, sound_is_named_by_its_kind) {
  StreamInfo sound;
  sound.kind = MediaKind::audio;
  sound.codec = Codec::opus;
  EXPECT_EQ(codec_string(sound), "opus");
  sound.codec = Codec::aac;
  sound.extradata = {0x11, 0x90};
  EXPECT_EQ(codec_string(sound), "mp4a.40.2");
}

TEST(CodecStrings, cut_parameter_sets_give_nothing) {
  StreamInfo cut = stream_of(Codec::h264, "high", "4.0", 360);
  cut.extradata.resize(5);
  EXPECT_EQ(codec_string(cut), "");
}

}  // namespace
}  // namespace mainstay::package
