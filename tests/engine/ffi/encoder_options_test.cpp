#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "engine/ffi/av/av_init.h"
#include "engine/ffi/av/encoder_list.h"
#include "engine/ffi/av/parameter_sets.h"
#include "engine/ffi/av/video_encoder_options.h"
#include "tests/engine/ffi/encoder_test_support.h"

namespace mainstay::ffi {
namespace {

using ::testing::Contains;
using testing::encode_pictures;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using testing::small_video;

TEST(EncoderList, auto_stands_for_the_software_encoder) {
  EXPECT_EQ(*resolve_encoder(Codec::h264, "auto"), "libx264");
  EXPECT_EQ(*resolve_encoder(Codec::hevc, "auto"), "libx265");
  EXPECT_EQ(*resolve_encoder(Codec::av1, "auto"), "libsvtav1");
  EXPECT_EQ(*resolve_encoder(Codec::aac, "auto"), "aac");
  EXPECT_EQ(*resolve_encoder(Codec::opus, ""), "libopus");
}

TEST(EncoderList, a_missing_encoder_is_an_error_that_lists_those_present) {
  for (const char* name : {"h264_amf", "h264_of_tomorrow"}) {
    const auto resolved = resolve_encoder(Codec::h264, name);
    ASSERT_FALSE(resolved);
    EXPECT_EQ(resolved.error().code, Errc::unsupported);
    EXPECT_THAT(resolved.error().message, HasSubstr(name));
    EXPECT_THAT(resolved.error().message, HasSubstr("present for h264: libx264"));
  }
}

TEST(EncoderList, an_encoder_of_another_codec_is_the_callers_mistake) {
  const auto resolved = resolve_encoder(Codec::h264, "libx265");
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().code, Errc::invalid);
  EXPECT_THAT(resolved.error().message, HasSubstr("does not make h264"));
}

// Both are built in on Debian; on a machine that has the hardware there is nothing to show.
TEST(EncoderList, hardware_that_is_not_there_is_said_in_words) {
  SteadyClock clock;
  Log log({.level = LogLevel::off});
  const AvInit init(log, clock);
  const auto usable = usable_encoders(Codec::h264);
  for (const std::string name : {"h264_nvenc", "h264_vaapi", "h264_qsv"}) {
    if (std::ranges::find(usable, name) != usable.end()) continue;
    VideoEncoderConfig config = small_video();
    config.encoder = name;
    config.preset.clear();
    const auto encoder = VideoEncoder::open(config);
    ASSERT_FALSE(encoder) << name;
    EXPECT_EQ(encoder.error().code, Errc::unsupported) << encoder.error().message;
    EXPECT_THAT(encoder.error().message, HasSubstr("encoder \"" + name + "\" cannot be used: "));
    EXPECT_THAT(encoder.error().message, HasSubstr("present for h264: libx264"));
  }
}

TEST(VideoEncoder, refuses_what_cannot_be_encoded) {
  VideoEncoderConfig odd = small_video();
  odd.width = 127;
  EXPECT_EQ(VideoEncoder::open(odd).error().code, Errc::invalid);
  VideoEncoderConfig unknown = small_video();
  unknown.options["no_such_option"] = "1";
  const auto encoder = VideoEncoder::open(unknown);
  ASSERT_FALSE(encoder);
  EXPECT_THAT(encoder.error().message, HasSubstr("no_such_option"));
  VideoEncoderConfig reserved = small_video();
  reserved.options["g"] = "999";
  ASSERT_FALSE(VideoEncoder::open(reserved));
  VideoEncoderConfig preset = small_video();
  preset.preset = "quickest";
  ASSERT_FALSE(VideoEncoder::open(preset));
  auto good = VideoEncoder::open(small_video());
  ASSERT_TRUE(good);
  EXPECT_EQ((*good)->send(*testing::moving_picture(64, 64, 0), 0, true).error().code, Errc::invalid);
}

TEST(VideoEncoder, keeps_the_grid_against_the_users_own_x264_options) {
  VideoEncoderConfig config = small_video();
  config.options["x264-params"] = "scenecut=40:open-gop=1:ref=2";
  const auto packets = encode_pictures(config, 0, 40);
  for (const PacketPtr& packet : packets) EXPECT_EQ(packet->key, packet->pts % 15 == 0) << packet->pts;
}

TEST(VideoEncoder, lets_go_of_a_picture_when_it_has_encoded_it) {
  auto encoder = VideoEncoder::open(small_video());
  ASSERT_TRUE(encoder);
  std::weak_ptr<const void> memory;
  {
    const FramePtr frame = testing::moving_picture(128, 72, 0);
    memory = frame->owner;
    ASSERT_TRUE((*encoder)->send(*frame, 0, true));
  }
  ASSERT_TRUE((*encoder)->drain());
  while ((*encoder)->receive()) {
  }
  EXPECT_TRUE(memory.expired());
}

TEST(VideoEncoder, marks_pictures_that_no_other_refers_to) {
  VideoEncoderConfig config = small_video();
  config.bframes = 3;
  config.options["b_strategy"] = "0";
  const auto packets = encode_pictures(config, 0, 45);
  const auto droppable = std::ranges::count_if(packets, [](const auto& p) { return p->droppable; });
  EXPECT_GT(droppable, 10);
  std::vector<PacketPtr> kept;
  std::ranges::copy_if(packets, std::back_inserter(kept), [](const auto& p) { return !p->droppable; });
  for (const auto& picture : testing::decode_pictures(kept)) EXPECT_FALSE(picture.corrupt);
}

TEST(EncoderSetup, tells_each_hardware_encoder_in_its_own_words) {
  VideoEncoderConfig config = small_video();
  config.preset.clear();
  config.profile = "baseline";
  config.level = "4.1";
  const auto nvenc = *encoder_setup(config, "h264_nvenc");
  EXPECT_THAT(nvenc.options, Contains(Pair("rc", "cbr")));
  EXPECT_THAT(nvenc.options, Contains(Pair("forced-idr", "1")));
  EXPECT_THAT(nvenc.options, Contains(Pair("no-scenecut", "1")));
  const auto vaapi = *encoder_setup(config, "h264_vaapi");
  EXPECT_EQ(vaapi.input, PictureInput::vaapi);
  EXPECT_THAT(vaapi.options, Contains(Pair("profile", "constrained_baseline")));
  EXPECT_THAT(vaapi.options, Contains(Pair("rc_mode", "CBR")));
  const auto qsv = *encoder_setup(config, "h264_qsv");
  EXPECT_EQ(qsv.input, PictureInput::nv12);
  EXPECT_EQ(qsv.level_number, 41);
  EXPECT_THAT(qsv.options, Contains(Pair("forced_idr", "1")));
  config.maxrate_kbps = 2 * config.kbps;
  EXPECT_THAT(encoder_setup(config, "hevc_nvenc")->options, Contains(Pair("rc", "vbr")));
  config.low_delay = true;
  EXPECT_THAT(encoder_setup(config, "h264_nvenc")->options, Contains(Pair("zerolatency", "1")));
  EXPECT_THAT(encoder_setup(config, "h264_amf")->options, Contains(Pair("usage", "ultralowlatency")));
  EXPECT_THAT(encoder_setup(config, "h264_videotoolbox")->options, Contains(Pair("realtime", "1")));
}

TEST(EncoderSetup, adds_no_delay_to_the_users_tune_of_x264) {
  VideoEncoderConfig config = small_video();
  config.tune = "film";
  config.low_delay = true;
  EXPECT_THAT(encoder_setup(config, "libx264")->options, Contains(Pair("tune", "film,zerolatency")));
}

TEST(ParameterSets, reads_profile_and_level_of_a_real_header) {
  VideoEncoderConfig config = small_video();
  config.profile = "main";
  config.level = "4.1";
  const auto h264 = VideoEncoder::open(config);
  ASSERT_TRUE(h264);
  EXPECT_EQ((*h264)->stream()->profile, 77);
  EXPECT_EQ((*h264)->stream()->level, 41);
  config.codec = Codec::hevc;
  const auto hevc = VideoEncoder::open(config);
  ASSERT_TRUE(hevc) << hevc.error().describe();
  EXPECT_EQ((*hevc)->stream()->profile, 1);
  EXPECT_EQ((*hevc)->stream()->level, 123);
}

TEST(ParameterSets, takes_leading_headers_off_and_nothing_else) {
  const std::vector<std::uint8_t> unit{0, 0, 0, 1, 9,    0xf0, 0, 0, 0, 1,    0x67, 1,
                                       2, 0, 0, 1, 0x68, 3,    0, 0, 1, 0x65, 4,    5};
  const auto rest = without_parameter_sets(Codec::h264, unit);
  EXPECT_EQ(std::vector<std::uint8_t>(rest.begin(), rest.end()), (std::vector<std::uint8_t>{0, 0, 1, 0x65, 4, 5}));
  EXPECT_TRUE(has_idr(Codec::h264, unit));
  for (std::size_t size = 0; size < unit.size(); ++size) {
    const std::span<const std::uint8_t> cut(unit.data(), size);
    EXPECT_LE(without_parameter_sets(Codec::h264, cut).size(), size);
    (void)profile_level(Codec::h264, cut);
    (void)profile_level(Codec::hevc, cut);
    (void)profile_level(Codec::av1, cut);
  }
}

TEST(AvInit, brings_ffmpegs_complaints_to_our_log_and_hides_secrets) {
  std::mutex mutex;
  std::string lines;
  SteadyClock clock;
  {
    Log log({.level = LogLevel::debug, .json = false, .sink = [&](std::string_view line) {
               const std::lock_guard lock(mutex);
               lines += std::string(line) + "\n";
             }});
    log.redactor().add("veryfast-secret");
    const AvInit init(log, clock);
    const AvComplaints complaints;
    VideoEncoderConfig config = small_video();
    config.preset = "veryfast-secret";
    EXPECT_FALSE(VideoEncoder::open(config));
    log.flush();
  }
  const std::lock_guard lock(mutex);
  EXPECT_THAT(lines, HasSubstr("ffmpeg libx264"));
  EXPECT_THAT(lines, Not(HasSubstr("veryfast-secret")));
}

}  // namespace
}  // namespace mainstay::ffi
