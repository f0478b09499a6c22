#include "engine/show/ladder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/show/check.h"
#include "engine/show/hls_timing.h"
#include "engine/show/parse.h"

namespace mainstay::show {
namespace {

using ::testing::ElementsAre;

std::vector<int> heights(const std::vector<VideoEncode>& rungs) {
  std::vector<int> out;
  for (const VideoEncode& rung : rungs) out.push_back(rung.height);
  return out;
}

std::string document(const std::string& encode, const std::string& program = R"({"width": 1920, "height": 1080})") {
  return R"({"program": )" + program + R"(, "sources": {"bars": {"type": "bars"}}, "encode": )" + encode + "}";
}

TEST(Ladder, apple_has_rungs_from_the_program_down) {
  const auto rungs = make_ladder("apple", Program{}, {});
  EXPECT_THAT(heights(rungs), ElementsAre(0, 720, 720, 540, 432, 360, 234));
  EXPECT_EQ(rungs.front().kbps, 6000);
  EXPECT_EQ(rungs.front().name, "v0");
  EXPECT_EQ(rungs.back().name, "v6");
}

TEST(Ladder, no_rung_is_larger_than_the_program_or_breaks_a_cap) {
  Program program;
  program.width = 1280;
  program.height = 720;
  Caps caps;
  caps.max_video_kbps = 3000;
  EXPECT_THAT(heights(make_ladder("apple", program, caps)), ElementsAre(0, 540, 432, 360, 234));
  caps.max_height = 400;
  EXPECT_THAT(heights(make_ladder("apple", program, caps)), ElementsAre(360, 234));
}

TEST(Ladder, upright_pictures_count_lines_on_their_shorter_side) {
  Program program;
  program.width = 1080;
  program.height = 1920;
  EXPECT_THAT(heights(make_ladder("mobile", program, {})), ElementsAre(960, 768, 640, 416));
}

TEST(Ladder, a_cap_below_all_rungs_leaves_one) {
  Caps caps;
  caps.max_video_kbps = 100;
  const auto rungs = make_ladder("mobile", Program{}, caps);
  ASSERT_EQ(rungs.size(), 1U);
  EXPECT_EQ(rungs[0].kbps, 100);
}

TEST(Ladder, senseless_caps_still_give_a_rendition_that_can_be_written_down) {
  Caps caps;
  caps.max_video_kbps = 1;
  caps.max_vbv_ms = 1;
  caps.max_height = 17;
  caps.video_codecs = {Codec::vp9, Codec::hevc};
  const auto rungs = make_ladder("apple", Program{}, caps);
  ASSERT_EQ(rungs.size(), 1U);
  EXPECT_EQ(rungs[0].kbps, 10);
  EXPECT_EQ(rungs[0].vbv_ms, 50);
  EXPECT_EQ(rungs[0].height, 16);
  EXPECT_EQ(rungs[0].codec, Codec::hevc);
}

TEST(Ladder, takes_the_place_of_what_the_document_has_and_then_stands_there_itself) {
  const Parsed parsed = parse_show(document(R"({"ladder": "mobile", "video": [{"name": "old"}]})"));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.show.encode.video.size(), 4U);
  EXPECT_EQ(parsed.show.encode.audio.size(), 1U);
  EXPECT_TRUE(parsed.show.encode.ladder.empty());
  EXPECT_THAT(to_json(parsed.show), ::testing::Not(::testing::HasSubstr("ladder")));
  EXPECT_EQ(parse_show(to_json(parsed.show)).show, parsed.show);
}

TEST(Ladder, an_unknown_one_is_told) {
  const Parsed parsed = parse_show(document(R"({"ladder": "aple"})"));
  ASSERT_EQ(parsed.errors.size(), 1U);
  EXPECT_EQ(parsed.errors[0].pointer, "/encode/ladder");
  EXPECT_THAT(parsed.errors[0].message, ::testing::HasSubstr("one of apple, mobile, single"));
}

TEST(Ladder, every_rung_passes_the_check) {
  for (const std::string& name : ladder_names()) {
    Show show = parse_show(document("{\"ladder\": \"" + name + "\"}")).show;
    show.hls.emplace();
    EXPECT_TRUE(check(show, {}).empty()) << name;
  }
}

Show show_of(Rate rate, std::vector<double> keyints) {
  Show show;
  show.program.rate = rate;
  for (const double keyint : keyints) {
    VideoEncode& video = show.encode.video.emplace_back();
    video.name = "v" + std::to_string(show.encode.video.size() - 1);
    video.keyint_s = keyint;
  }
  show.hls.emplace();
  return show;
}

TEST(HlsTimingTest, segments_are_whole_key_frame_intervals_and_parts_whole_frames) {
  struct Case {
    Rate rate;
    double keyint;
    double segment;
    int part;
    std::int64_t segment_frames;
    std::int64_t part_frames;
  };
  for (const Case& c :
       {Case{{30, 1}, 2, 2, 333, 60, 10}, Case{{30, 1}, 1, 4, 333, 120, 10}, Case{{30000, 1001}, 2, 2, 333, 60, 10},
        Case{{25, 1}, 2, 6, 200, 150, 5}, Case{{50, 1}, 1, 1.4, 20, 50, 1}, Case{{30, 1}, 2, 3, 9000, 120, 120}}) {
    Show show = show_of(c.rate, {c.keyint});
    show.hls->segment_s = c.segment;
    show.hls->part_ms = c.part;
    const HlsTiming timing = hls_timing(show, *show.hls);
    EXPECT_EQ(timing.segment_frames, c.segment_frames) << c.rate.str() << " " << c.segment;
    EXPECT_EQ(timing.part_frames, c.part_frames) << c.rate.str() << " " << c.part;
  }
}

TEST(HlsTimingTest, key_frames_of_all_renditions_fall_on_segments) {
  Show show = show_of({30, 1}, {2, 1, 0.7});
  show.sources["bars"] = BarsSource{};
  const auto errors = check(show, {});
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].pointer, "/encode/video/2/keyint_s");
  show.hls->video = {"v0", "v1"};
  EXPECT_TRUE(check(show, {}).empty());
}

}  // namespace
}  // namespace mainstay::show
