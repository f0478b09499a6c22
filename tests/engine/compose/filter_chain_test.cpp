// A layer's filters together: order, what is kept, what is made anew, and pictures of every shape.
#include <gtest/gtest.h>

#include "engine/compose/filters/filter_tables.h"
#include "tests/engine/compose/filter_support.h"

namespace mainstay {
namespace {

using golden::FakeFiles;

constexpr Rate kRate{25, 1};

FramePtr plain(int width, int height, int luma) {
  WritableFrame picture = WritableFrame::make(width, height);
  picture.fill(static_cast<std::uint8_t>(luma), 128, 128);
  return std::move(picture).freeze();
}

int luma_of(const FramePtr& picture) {
  return picture ? picture->planes[0][0] : -1;
}

show::ColorCorrectFilter brighter(double by) {
  return {.brightness = by};
}

show::DelayFilter delayed(int ms) {
  return {.delay = Millis{ms}};
}

TEST(FilterChain, APictureThatStandsStillIsFilteredOnce) {
  FilterChain chain(kRate, nullptr);
  chain.use({show::BlurFilter{}, show::SharpenFilter{}});
  const FramePtr picture = golden::busy(64, 48);
  const FramePtr first = chain.apply(picture, {}, 0);
  EXPECT_EQ(chain.apply(picture, {}, 1), first);
  EXPECT_EQ(chain.filtered(), 2);
  EXPECT_NE(chain.apply(golden::busy(64, 48, 2), {}, 2), first);
}

TEST(FilterChain, FiltersThatAreSwitchedOffCostNothing) {
  FilterChain chain(kRate, nullptr);
  chain.use({show::BlurFilter{.enabled = false}, show::ChromaKeyFilter{.enabled = false}});
  EXPECT_TRUE(chain.empty());
}

TEST(FilterChain, FiltersWorkInTheirOrder) {
  // What is brightened first is above the key's level when it is keyed.
  const show::LumaKeyFilter key{.low = 0.5, .softness = 0};
  FilterChain chain(kRate, nullptr);
  chain.use({brighter(0.4), key});
  EXPECT_EQ(chain.apply(plain(16, 16, 80), {}, 0)->alpha[0], 255);
  chain.use({key, brighter(0.4)});
  EXPECT_EQ(chain.apply(plain(16, 16, 80), {}, 1)->alpha[0], 0);
}

TEST(FilterChain, SettingsThatChangeLeaveTheOtherFiltersAsTheyAre) {
  FilterChain chain(kRate, nullptr);
  chain.use({show::BlurFilter{}, brighter(0.1)});
  const FramePtr picture = golden::busy(64, 48);
  chain.apply(picture, {}, 0);
  chain.use({show::BlurFilter{}, brighter(0.2)});
  chain.apply(picture, {}, 1);
  EXPECT_EQ(chain.filtered(), 3);  // the blur once, the brightness twice
}

TEST(FilterChain, APictureIsCutBeforeItIsFiltered) {
  FilterChain chain(kRate, nullptr);
  chain.use({show::MaskFilter{.radius = 8}});
  const FramePtr out = chain.apply(golden::busy(64, 48), {.left = 10, .top = 4, .right = 6, .bottom = 4}, 0);
  EXPECT_EQ(out->width, 48);
  EXPECT_EQ(out->height, 40);
  EXPECT_EQ(out->alpha[0], 0);
  EXPECT_EQ(out->alpha[20 * out->alpha_stride + 24], 255);
}

TEST(FilterChain, APictureThatIsCutAwayShowsNothing) {
  FilterChain chain(kRate, nullptr);
  chain.use({show::BlurFilter{}});
  EXPECT_EQ(chain.apply(golden::busy(64, 48), {.left = 64}, 0), nullptr);
  EXPECT_EQ(chain.apply(nullptr, {}, 1), nullptr);
}

TEST(FilterChain, AGraphicIsFilteredWithItsAlpha) {
  const auto paint = [](double u, double) { return golden::Rgb{0.9, 0.2, 0.1, u}; };
  const FramePtr graphic = golden::graphic(64, 48, paint);
  const FramePtr out = golden::filtered(brighter(0.1), graphic);
  ASSERT_EQ(out->format, PixelFormat::i420);
  const auto codes = golden::codes({0.9, 0.2, 0.1, 1});
  golden::Doubles wanted(64, 48);
  for (int y = 0; y < 48; ++y)
    for (int x = 0; x < 64; ++x) {
      wanted.at(0, x, y) = codes[0] + 21.9;
      wanted.at(1, x / 2, y / 2) = codes[1];
      wanted.at(2, x / 2, y / 2) = codes[2];
      wanted.at(3, x, y) = 255 * (x + 0.5) / 64;
    }
  EXPECT_GE(golden::psnr(*out, golden::premultiplied(wanted)), 45);
}

TEST(FilterChain, APictureOfAnotherMatrixIsFilteredInTheProgramsOwn) {
  const FramePtr sd = golden::video(64, 48, golden::painting, ColorMatrix::bt601);
  const FramePtr out = golden::filtered(show::BlurFilter{.radius = 0}, sd);
  EXPECT_EQ(out->matrix, ColorMatrix::bt709);
  EXPECT_GE(golden::psnr(*out, golden::doubles_of(*golden::video(64, 48))), 45);
}

TEST(FilterChain, EveryFilterTakesPicturesOfEverySize) {
  FakeFiles files;
  files.put("mask.png", golden::busy(7, 5));
  files.put("grade.cube", *ColorCube::parse(golden::cube_text(3, [](double r, double g, double b) {
              return std::array<double, 3>{b, r, g};
            })));
  show::ColorCorrectFilter curved;
  curved.gamma.r = 2;
  const std::vector<show::Filter> all = {show::ChromaKeyFilter{},
                                         show::LumaKeyFilter{},
                                         show::ColorCorrectFilter{.hue = 20},
                                         curved,
                                         show::LutFilter{.path = "grade.cube"},
                                         show::MaskFilter{.path = "mask.png", .radius = 3, .feather = 2},
                                         show::BlurFilter{.radius = 40},
                                         show::BlurFilter{.radius = 3},
                                         show::SharpenFilter{},
                                         show::DelayFilter{},
                                         show::DeinterlaceFilter{}};
  for (const auto& [width, height] : {std::pair{1, 1}, {2, 2}, {3, 5}, {17, 4}, {33, 31}, {130, 9}}) {
    for (const FramePtr& picture : {golden::busy(width, height), golden::graphic(width, height, [](double u, double v) {
                                      return golden::Rgb{u, v, 0.5, u};
                                    })}) {
      for (const show::Filter& filter : all) {
        FilterChain chain(kRate, &files);
        chain.use({filter});
        for (int n = 0; n < 3; ++n) {
          const FramePtr out = chain.apply(picture, {}, n);
          ASSERT_NE(out, nullptr);
          EXPECT_EQ(out->width, width);
          EXPECT_EQ(out->height, height);
        }
      }
      FilterChain chain(kRate, &files);
      chain.use(all);
      ASSERT_NE(chain.apply(picture, {}, 0), nullptr);
    }
  }
}

// --- files -----------------------------------------------------------------------------------------------------------

TEST(FilterChain, WhatReadsAFilePassesThePictureUntilTheFileIsThere) {
  FakeFiles files;
  FilterChain chain(kRate, &files);
  chain.use({show::LutFilter{.path = "black.cube"}, show::MaskFilter{.path = "none.png"}});
  const FramePtr picture = plain(16, 16, 180);
  EXPECT_EQ(chain.apply(picture, {}, 0), picture);
  const auto black = [](double, double, double) { return std::array<double, 3>{}; };
  files.put("black.cube", *ColorCube::parse(golden::cube_text(2, black)));
  EXPECT_EQ(luma_of(chain.apply(picture, {}, 1)), 16);
  files.put("none.png", golden::graphic(8, 8, [](double, double) { return golden::Rgb{0, 0, 0, 0}; }));
  EXPECT_EQ(chain.apply(picture, {}, 2)->alpha[0], 0);
}

/// Tables that are there when the test says so.
class SlowFiles final : public FilterFiles {
 public:
  bool ready() const override { return true; }
  std::uint64_t version() const override { return made_; }
  std::shared_ptr<const ColorCube> cube(const std::string&) const override { return nullptr; }
  std::shared_ptr<const MaskImage> mask(const std::string&) const override { return nullptr; }
  std::shared_ptr<const void> prepared(const show::Filter& filter) const override {
    ++asked;
    return made_ > 0 && same_table(filter, filter_) ? table_ : nullptr;
  }
  void make(const show::Filter& filter) {
    filter_ = filter;
    table_ = prepare_filter(filter, nullptr);
    ++made_;
  }
  mutable int asked = 0;

 private:
  show::Filter filter_;
  std::shared_ptr<const void> table_;
  std::uint64_t made_ = 0;
};

TEST(FilterChain, AKeyThatIsChangedGoesOnAsItWasUntilItsTableIsMade) {
  SlowFiles files;
  FilterChain chain(kRate, &files);
  show::ChromaKeyFilter key{.color = "#808080", .similarity = 0.1};  // the plain picture's own chroma
  chain.use({key});
  EXPECT_EQ(chain.apply(plain(16, 16, 80), {}, 0)->alpha, nullptr) << "it passes as it is";
  files.make(key);
  EXPECT_EQ(chain.apply(plain(16, 16, 80), {}, 1)->alpha[0], 0);
  show::ChromaKeyFilter other = key;
  other.color = "#00ff00";
  chain.use({other});
  EXPECT_EQ(chain.apply(plain(16, 16, 80), {}, 2)->alpha[0], 0) << "keyed as before";
  const int asked = files.asked;
  EXPECT_EQ(chain.apply(plain(16, 16, 80), {}, 3)->alpha[0], 0);
  EXPECT_EQ(files.asked, asked) << "looked for when something was made, not with every picture";
  files.make(other);
  EXPECT_EQ(chain.apply(plain(16, 16, 80), {}, 4)->alpha[0], 255);
}

TEST(FilterChain, AFileThatChangesIsTakenOver) {
  FakeFiles files;
  FilterChain chain(kRate, &files);
  chain.use({show::LutFilter{.path = "grade.cube"}});
  const auto grey = [](double level) {
    return *ColorCube::parse(golden::cube_text(2, [level](double, double, double) {
      return std::array<double, 3>{level, level, level};
    }));
  };
  files.put("grade.cube", grey(0));
  const FramePtr picture = plain(16, 16, 100);
  EXPECT_EQ(luma_of(chain.apply(picture, {}, 0)), 16);
  files.put("grade.cube", grey(1));
  EXPECT_EQ(luma_of(chain.apply(picture, {}, 1)), 235);
}

// --- delay -----------------------------------------------------------------------------------------------------------

TEST(FilterChain, ADelayShowsPicturesSoManyFramesLater) {
  FilterChain chain(kRate, nullptr);
  chain.use({delayed(120)});  // 3 frames
  for (int n = 0; n < 10; ++n) {
    const int shown = luma_of(chain.apply(plain(16, 16, 20 + n), {}, n));
    EXPECT_EQ(shown, 20 + std::max(0, n - 3)) << n;
  }
}

TEST(FilterChain, ADelayOfNothingIsNone) {
  FilterChain chain(kRate, nullptr);
  chain.use({delayed(0)});
  for (int n = 0; n < 3; ++n) EXPECT_EQ(luma_of(chain.apply(plain(16, 16, 20 + n), {}, n)), 20 + n);
}

TEST(FilterChain, AStillPictureComesOutOfADelayAsItWent) {
  FilterChain chain(kRate, nullptr);
  chain.use({delayed(80), brighter(0.1)});
  const FramePtr still = plain(16, 16, 50);
  for (int n = 0; n < 5; ++n) chain.apply(still, {}, n);
  EXPECT_EQ(chain.filtered(), 1);
}

TEST(FilterChain, ADelayBeginsAnewAfterAGap) {
  FilterChain chain(kRate, nullptr);
  chain.use({delayed(120)});
  for (int n = 0; n < 5; ++n) chain.apply(plain(16, 16, 20 + n), {}, n);
  EXPECT_EQ(luma_of(chain.apply(plain(16, 16, 90), {}, 50)), 90);
}

TEST(FilterChain, ADelayThatStandsFirstIsFedWhileNobodyLooks) {
  FilterChain chain(kRate, nullptr);
  chain.use({delayed(120), brighter(0)});
  for (int n = 0; n < 5; ++n) chain.keep_up(plain(16, 16, 20 + n), {}, n);
  EXPECT_EQ(luma_of(chain.apply(plain(16, 16, 25), {}, 5)), 22);
}

TEST(FilterChain, ADelayOfAnotherLengthKeepsWhatItHolds) {
  FilterChain chain(kRate, nullptr);
  chain.use({delayed(160)});
  for (int n = 0; n < 8; ++n) chain.apply(plain(16, 16, 20 + n), {}, n);
  chain.use({delayed(40)});
  EXPECT_EQ(luma_of(chain.apply(plain(16, 16, 28), {}, 8)), 27);
}

TEST(FilterChain, WhatWasMissingIsMissingLater) {
  FilterChain chain(kRate, nullptr);
  chain.use({delayed(40), brighter(0)});
  EXPECT_EQ(luma_of(chain.apply(plain(16, 16, 20), {}, 0)), 20);
  EXPECT_EQ(luma_of(chain.apply(nullptr, {}, 1)), 20);
  EXPECT_EQ(luma_of(chain.apply(plain(16, 16, 22), {}, 2)), -1);
  EXPECT_EQ(luma_of(chain.apply(plain(16, 16, 23), {}, 3)), 22);
}

}  // namespace
}  // namespace mainstay
