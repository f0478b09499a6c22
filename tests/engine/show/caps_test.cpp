#include "engine/show/caps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/show/renditions.h"
#include "resources/resources.h"
#include "tests/engine/show/show_support.h"

namespace mainstay::show {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(CapsPresetsTest, AllOfTheFileAreReadAndSayWhereTheyComeFrom) {
  const auto file = nlohmann::json::parse(resource("presets/caps.json"));
  EXPECT_EQ(caps_presets().size(), file.size()) << "a preset has an error and was left out";
  for (const CapsPreset& preset : caps_presets()) {
    EXPECT_THAT(preset.description, Not(IsEmpty())) << preset.name;
    EXPECT_THAT(preset.source, HasSubstr("as of 20")) << preset.name;
    EXPECT_TRUE(preset.caps.max_video_kbps && preset.caps.max_audio_kbps && preset.caps.max_height) << preset.name;
    EXPECT_THAT(preset.caps.preset, IsEmpty()) << preset.name << " rests on another preset";
    EXPECT_THAT(preset.caps.video_codecs, Not(IsEmpty())) << preset.name;
  }
  for (const char* name : {"youtube-1080p30", "youtube-1080p60", "youtube-720p30", "youtube-2160p60", "twitch",
                           "facebook-1080p30", "apple-1080p-6000", "aws-ivs-webrtc"}) {
    EXPECT_THAT(caps_preset_names(), Contains(name));
  }
}

TEST(CapsTest, TheStricterOfTwoCounts) {
  Caps a;
  a.max_video_kbps = 5000;
  a.max_rate = Rate{60, 1};
  a.max_profile.emplace("high");
  a.max_level.emplace("4.2");
  a.video_codecs = {Codec::h264, Codec::hevc};
  Caps b;
  b.max_video_kbps = 6000;
  b.max_audio_kbps = 128;
  b.max_rate = Rate{60000, 1001};
  b.max_profile.emplace("main");
  b.max_level.emplace("5");
  b.video_codecs = {Codec::hevc, Codec::av1};
  for (const Caps& both : {stricter(a, b), stricter(b, a)}) {
    EXPECT_EQ(both.max_video_kbps, 5000);
    EXPECT_EQ(both.max_audio_kbps, 128);
    EXPECT_EQ(both.max_rate, (Rate{60000, 1001}));
    EXPECT_EQ(both.max_profile, "main");
    EXPECT_EQ(both.max_level, "4.2");
    EXPECT_THAT(both.video_codecs, ElementsAre(Codec::hevc));
  }
}

TEST(CapsTest, APresetIsMergedIn) {
  Caps caps;
  caps.preset = "twitch";
  caps.max_video_kbps = 2500;
  const Result<Caps> resolved = resolve_caps(caps);
  ASSERT_TRUE(resolved);
  EXPECT_EQ(resolved->max_video_kbps, 2500);
  EXPECT_EQ(resolved->max_audio_kbps, 320);
  EXPECT_EQ(*resolve_caps(*resolved), *resolved) << "resolving twice changes nothing";
  caps.preset = "twtch";
  EXPECT_THAT(resolve_caps(caps).error().message, HasSubstr("did you mean \"twitch\"?"));
}

TEST(CapsTest, ARenditionIsHeldToTheCapsOfEveryDestinationThatSendsIt) {
  Show show;
  VideoEncode high;
  VideoEncode low;
  low.name = "v1";
  show.encode.video = {high, low};
  show.encode.audio = {AudioEncode{}};
  show.encode.caps.max_video_kbps = 9000;
  show.destinations["a"].caps.preset = "twitch";
  show.destinations["b"].caps.max_video_kbps = 1000;
  show.destinations["b"].caps.max_audio_kbps = 96;
  show.destinations["b"].video = "v1";
  show.destinations["c"].caps.max_keyint_s = 1;
  const Caps of_high = effective_caps(show, high);
  EXPECT_EQ(of_high.max_video_kbps, 6000);
  EXPECT_EQ(of_high.max_keyint_s, 1);
  const Caps of_low = effective_caps(show, low);
  EXPECT_EQ(of_low.max_video_kbps, 1000);
  EXPECT_FALSE(of_low.max_keyint_s);
  EXPECT_EQ(effective_caps(show, show.encode.audio[0]).max_audio_kbps, 96);
}

TEST(RenditionsTest, KeepTheShapeOfTheProgramInEvenNumbers) {
  Program program;
  VideoEncode video;
  EXPECT_EQ(rendition_size(program, video), (PictureSize{1920, 1080}));
  video.height = 720;
  EXPECT_EQ(rendition_size(program, video), (PictureSize{1280, 720}));
  video.height = 480;
  EXPECT_EQ(rendition_size(program, video), (PictureSize{854, 480}));
  video.height = 234;
  EXPECT_EQ(rendition_size(program, video), (PictureSize{416, 234}));
}

TEST(ProfilesTest, HaveTheOrderOfTheirCodec) {
  EXPECT_LT(profile_rank(Codec::h264, "baseline"), profile_rank(Codec::h264, "main"));
  EXPECT_LT(profile_rank(Codec::h264, "main"), profile_rank(Codec::h264, "high"));
  EXPECT_LT(profile_rank(Codec::hevc, "main"), profile_rank(Codec::hevc, "main10"));
  EXPECT_EQ(profile_rank(Codec::hevc, "baseline"), -1);
}

}  // namespace
}  // namespace mainstay::show
