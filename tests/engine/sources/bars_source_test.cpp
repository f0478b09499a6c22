#include "engine/sources/bars_source.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/sources/frame_code.h"

namespace mainstay {
namespace {

struct Bars : testing::Test {
  ManualClock clock;
  Log log{{LogLevel::off, false, [](std::string_view) {}}};

  SourceContext context(int width = 640, int height = 360, Rate rate = {30, 1}) {
    return {"bars", clock, log, rate, width, height, Millis(2000), ""};
  }
};

TEST_F(Bars, HaveTheCodesOfBt709) {
  constexpr double k = 0.75;
  EXPECT_EQ(bt709(k, k, k), (Yuv{180, 128, 128}));
  EXPECT_EQ(bt709(k, k, 0), (Yuv{168, 44, 136}));
  EXPECT_EQ(bt709(0, k, k), (Yuv{145, 147, 44}));
  EXPECT_EQ(bt709(0, k, 0), (Yuv{133, 63, 52}));
  EXPECT_EQ(bt709(k, 0, k), (Yuv{63, 193, 204}));
  EXPECT_EQ(bt709(k, 0, 0), (Yuv{51, 109, 212}));
  EXPECT_EQ(bt709(0, 0, k), (Yuv{28, 212, 120}));
  EXPECT_EQ(bt709(1, 1, 1), (Yuv{235, 128, 128}));
  EXPECT_EQ(bt709(0, 0, 0), (Yuv{16, 128, 128}));
}

TEST_F(Bars, CarryTheFrameNumberInEveryPicture) {
  for (const auto& [w, h] : {std::pair{1920, 1080}, {640, 360}, {160, 90}, {64, 36}}) {
    BarsSource bars({}, context(w, h));
    for (const FrameIndex n : {0, 1, 2, 30, 1799, 65535, 123456789}) {
      const auto out = bars.pull(n, {});
      ASSERT_TRUE(out.video);
      EXPECT_EQ(out.video->width, w);
      EXPECT_EQ(read_frame_code(*out.video), static_cast<std::uint32_t>(n)) << w;
    }
  }
}

TEST_F(Bars, KeepTheirPicturesApartWhileSomebodyHoldsThem) {
  BarsSource bars({}, context());
  std::vector<FramePtr> held;
  for (FrameIndex n = 0; n < 40; ++n) held.push_back(bars.pull(n, {}).video);
  for (FrameIndex n = 0; n < 40; ++n) EXPECT_EQ(read_frame_code(*held[static_cast<std::size_t>(n)]), n);
  held.clear();
  const FramePtr again = bars.pull(40, {}).video;
  EXPECT_EQ(again->planes[0][100], bars.pull(41, {}).video->planes[0][100]);
  EXPECT_EQ(again->planes[0][10], 104) << "40 % grey";
}

TEST_F(Bars, SoundTheirToneWithoutABreakForEver) {
  show::BarsSource config;
  config.tone_hz = 997;
  config.tone_db = -20;
  BarsSource bars(config, context(64, 36, {30000, 1001}));
  for (const FrameIndex start : {FrameIndex{0}, FrameIndex{2'592'000 * 12}}) {  // and a year in
    std::int64_t sample = Rate{30000, 1001}.first_sample(start);
    for (FrameIndex n = start; n < start + 10; ++n) {
      const auto out = bars.pull(n, {});
      ASSERT_EQ(out.audio->samples, (Rate{30000, 1001}.samples(n)));
      for (int i = 0; i < out.audio->samples; ++i, ++sample) {
        const double phase = static_cast<double>(sample % 48000 * 997 % 48000) / 48000;
        ASSERT_NEAR(out.audio->plane(0)[static_cast<std::size_t>(i)], 0.1 * std::sin(2 * M_PI * phase), 1e-6);
        ASSERT_EQ(out.audio->plane(0)[static_cast<std::size_t>(i)], out.audio->plane(1)[static_cast<std::size_t>(i)]);
      }
    }
  }
}

TEST_F(Bars, AreSilentWithoutATone) {
  show::BarsSource config;
  config.tone_hz = 0;
  EXPECT_EQ(BarsSource(config, context()).pull(0, {}).audio, nullptr);
}

TEST_F(Bars, ShowAClockThatRuns) {
  BarsSource with({}, context());
  show::BarsSource config;
  config.clock = false;
  BarsSource without(config, context());
  const auto differing = [](const Frame& a, const Frame& b) {
    int count = 0;
    for (int y = 0; y < a.height * 9 / 12; ++y)
      for (int x = 0; x < a.width; ++x) count += a.planes[0][y * a.strides[0] + x] != b.planes[0][y * b.strides[0] + x];
    return count;
  };
  EXPECT_GT(differing(*with.pull(0, {}).video, *without.pull(0, {}).video), 5000);
  EXPECT_GT(differing(*with.pull(1, {}).video, *with.pull(2, {}).video), 20);
  EXPECT_EQ(differing(*without.pull(1, {}).video, *without.pull(2, {}).video), 0);
}

TEST_F(Bars, FillAPictureWithOneColour) {
  ColorSource red({"#ff0000"}, context());
  const FramePtr picture = red.pull(0, {}).video;
  EXPECT_EQ(picture->planes[0][0], bt709(1, 0, 0).y);
  EXPECT_EQ(picture->planes[2][0], bt709(1, 0, 0).v);
  EXPECT_EQ(red.pull(1, {}).video, picture);
  ColorSource wrong({"reddish"}, context());
  EXPECT_EQ(wrong.status().state, SourceState::failed);
  EXPECT_NE(wrong.status().detail.find("#rrggbb"), std::string::npos);
  EXPECT_TRUE(wrong.pull(0, {}).video) << "black, so that the program has something";
}

TEST_F(Bars, RefuseToReadACodeThatIsBlurred) {
  BarsSource bars({}, context());
  const FramePtr picture = bars.pull(5, {}).video;
  WritableFrame grey = WritableFrame::make(640, 360);
  grey.fill(125, 128, 128);
  EXPECT_EQ(read_frame_code(*std::move(grey).freeze()), std::nullopt);
}

}  // namespace
}  // namespace mainstay
