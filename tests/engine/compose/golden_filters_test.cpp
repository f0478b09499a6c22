// Golden pictures of filters: each against its formula in double precision. Bounds in dB of the worst plane.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tests/engine/compose/filter_support.h"

namespace mainstay {
namespace {

using golden::Doubles;
using golden::FakeFiles;
using golden::filtered;

constexpr int kWidth = 320;
constexpr int kHeight = 180;
constexpr double kRounded = 50;  // nothing but rounding

// --- R'G'B' ----------------------------------------------------------------------------------------------------------

using Color = std::array<double, 3>;

Color rgb_of(double y, double u, double v) {
  const double luma = (y - 16) / 219;
  const double red = luma + 1.5748 * (v - 128) / 224;
  const double blue = luma + 1.8556 * (u - 128) / 224;
  return {red, (luma - 0.2126 * red - 0.0722 * blue) / 0.7152, blue};
}

/// Every pixel through `map` in R'G'B' from 0 to 1, then luma and chroma by `codes_of`.
Doubles through_rgb(const Doubles& in, const std::function<Color(Color)>& map,
                    const std::function<Color(Color)>& codes_of) {
  Doubles out = in;
  std::fill(out.planes[1].begin(), out.planes[1].end(), 0);
  std::fill(out.planes[2].begin(), out.planes[2].end(), 0);
  for (int y = 0; y < in.height; ++y)
    for (int x = 0; x < in.width; ++x) {
      Color color = rgb_of(in.at(0, x, y), in.at(1, x / 2, y / 2), in.at(2, x / 2, y / 2));
      for (double& part : color) part = std::clamp(part, 0.0, 1.0);
      const Color codes = codes_of(map(color));
      out.at(0, x, y) = std::clamp(codes[0], 16.0, 235.0);
      out.at(1, x / 2, y / 2) += codes[1] / 4;
      out.at(2, x / 2, y / 2) += codes[2] / 4;
    }
  for (int plane = 1; plane < 3; ++plane)
    for (double& code : out.planes[static_cast<std::size_t>(plane)]) code = std::clamp(code, 16.0, 240.0);
  return out;
}

Color codes_of(Color c) {
  return golden::codes({c[0], c[1], c[2], 1});
}

// --- keys ------------------------------------------------------------------------------------------------------------

double power(double share) {
  return std::pow(std::clamp(share, 0.0, 1.0), 1.5);
}

Doubles chroma_keyed(const Doubles& in, const Color& key, const show::ChromaKeyFilter& s) {
  Doubles out = in;
  std::vector<double> small(in.planes[1].size());
  for (int y = 0; y < in.high(1); ++y)
    for (int x = 0; x < in.wide(1); ++x) {
      const double far = std::hypot(in.at(1, x, y) - key[1], in.at(2, x, y) - key[2]) / 255 - s.similarity;
      small[static_cast<std::size_t>(y) * in.wide(1) + x] = 255 * power(far / s.smoothness);
      for (int plane = 1; plane < 3; ++plane)
        out.at(plane, x, y) = 128 + (in.at(plane, x, y) - 128) * power(far / s.spill);
    }
  const auto at = [&](int x, int y) {
    x = std::clamp(x, 0, in.wide(1) - 1);
    y = std::clamp(y, 0, in.high(1) - 1);
    return small[static_cast<std::size_t>(y) * in.wide(1) + x];
  };
  for (int y = 0; y < in.height; ++y)
    for (int x = 0; x < in.width; ++x) {
      const double cx = (x + 0.5) / 2 - 0.5;
      const double cy = (y + 0.5) / 2 - 0.5;
      const int left = static_cast<int>(std::floor(cx));
      const int top = static_cast<int>(std::floor(cy));
      const double fx = cx - left;
      const double fy = cy - top;
      out.at(3, x, y) = (1 - fy) * ((1 - fx) * at(left, top) + fx * at(left + 1, top)) +
                        fy * ((1 - fx) * at(left, top + 1) + fx * at(left + 1, top + 1));
    }
  return golden::premultiplied(out);
}

TEST(GoldenFilters, AChromaKeyTakesOutWhatHasTheColour) {
  // A green screen with a figure before it, soft at its edges.
  const auto stage = [](double u, double v) {
    const double inside = std::clamp(8 * (0.33 - std::hypot(u - 0.5, v - 0.5)), 0.0, 1.0);
    return golden::Rgb{0.1 + 0.7 * inside, 0.75 - 0.35 * inside, 0.15 + 0.2 * inside, 1};
  };
  const FramePtr picture = golden::video(kWidth, kHeight, stage);
  const show::ChromaKeyFilter settings{.color = "#1abf26", .similarity = 0.1, .smoothness = 0.15, .spill = 0.25};
  const FramePtr keyed = filtered(settings, picture);
  ASSERT_NE(keyed->alpha, nullptr);
  EXPECT_EQ(keyed->alpha[0], 0);
  EXPECT_EQ(keyed->alpha[90 * keyed->alpha_stride + 160], 255);
  const Color key = golden::codes({0x1a / 255.0, 0xbf / 255.0, 0x26 / 255.0, 1});
  EXPECT_GE(golden::psnr(*keyed, chroma_keyed(golden::doubles_of(*picture), key, settings)), 46);
}

TEST(GoldenFilters, ALumaKeyKeepsWhatLiesBetweenTwoLevels) {
  const FramePtr picture = golden::video(kWidth, kHeight);
  for (const bool invert : {false, true}) {
    const show::LumaKeyFilter settings{.low = 0.35, .high = 0.6, .softness = 0.2, .invert = invert};
    Doubles wanted = golden::doubles_of(*picture);
    for (std::size_t i = 0; i < wanted.planes[0].size(); ++i) {
      const double luma = (wanted.planes[0][i] - 16) / 219;
      const double below = std::clamp(1 - (0.35 - luma) / 0.2, 0.0, 1.0);
      const double above = std::clamp(1 - (luma - 0.6) / 0.2, 0.0, 1.0);
      wanted.planes[3][i] = 255 * (invert ? 1 - std::min(below, above) : std::min(below, above));
    }
    EXPECT_GE(golden::psnr(*filtered(settings, picture), golden::premultiplied(wanted)), kRounded) << invert;
  }
}

// --- colours ---------------------------------------------------------------------------------------------------------

TEST(GoldenFilters, LiftGammaAndGainAreCurvesOfRedGreenAndBlue) {
  const FramePtr picture = golden::video(kWidth, kHeight);
  show::ColorCorrectFilter s;
  s.lift = {.master = 0.05, .r = 0.1, .g = 0, .b = -0.05};
  s.gamma = {.master = 1.2, .r = 0.8, .g = 1, .b = 1.5};
  s.gain = {.master = 0.9, .r = 1, .g = 1.2, .b = 0.8};
  const Color lift{0.15, 0.05, 0};
  const Color gamma{0.96, 1.2, 1.8};
  const Color gain{0.9, 1.08, 0.72};
  const Doubles wanted = through_rgb(
      golden::doubles_of(*picture),
      [&](Color c) {
        for (std::size_t i = 0; i < 3; ++i) {
          const double line = gain[i] * c[i] + lift[i] * (1 - c[i]);
          c[i] = std::clamp(std::pow(std::max(0.0, line), 1 / gamma[i]), 0.0, 1.0);
        }
        return c;
      },
      codes_of);
  EXPECT_GE(golden::psnr(*filtered(s, picture), wanted), kRounded);
}

Doubles toned(Doubles codes, const show::ColorCorrectFilter& s) {
  const double angle = s.hue * std::numbers::pi / 180;
  for (double& y : codes.planes[0])
    y = std::clamp(16 + 219 * (((y - 16) / 219 - 0.5) * s.contrast + 0.5 + s.brightness), 16.0, 235.0);
  for (std::size_t i = 0; i < codes.planes[1].size(); ++i) {
    const double u = (codes.planes[1][i] - 128) * s.contrast * s.saturation;
    const double v = (codes.planes[2][i] - 128) * s.contrast * s.saturation;
    codes.planes[1][i] = std::clamp(128 + u * std::cos(angle) - v * std::sin(angle), 16.0, 240.0);
    codes.planes[2][i] = std::clamp(128 + u * std::sin(angle) + v * std::cos(angle), 16.0, 240.0);
  }
  return codes;
}

TEST(GoldenFilters, ContrastBrightnessSaturationAndHueAreOfLumaAndChroma) {
  const FramePtr picture = golden::video(kWidth, kHeight);
  const show::ColorCorrectFilter s{.saturation = 1.4, .contrast = 0.8, .brightness = 0.07, .hue = 35};
  EXPECT_GE(golden::psnr(*filtered(s, picture), toned(golden::doubles_of(*picture), s)), kRounded);
}

TEST(GoldenFilters, TonesAtTheEndsOfTheirRangesAreAsExact) {
  const FramePtr picture = golden::busy(64, 36);
  const Doubles codes = golden::doubles_of(*picture);
  for (const double contrast : {0.0, 1.0, 4.0})
    for (const double brightness : {-1.0, 0.0, 1.0})
      for (const double saturation : {0.0, 1.0, 4.0})
        for (const double hue : {-180.0, -45.0, 0.0, 90.0}) {
          const show::ColorCorrectFilter s{
              .saturation = saturation, .contrast = contrast, .brightness = brightness, .hue = hue};
          EXPECT_GE(golden::psnr(*filtered(s, picture), toned(codes, s)), kRounded)
              << contrast << ' ' << brightness << ' ' << saturation << ' ' << hue;
        }
}

TEST(GoldenFilters, TonesShareThePlanesThatTheyLeaveAsTheyAre) {
  const FramePtr picture = golden::video(kWidth, kHeight);
  const FramePtr greyer = filtered(show::ColorCorrectFilter{.saturation = 0.5}, picture);
  EXPECT_EQ(greyer->planes[0], picture->planes[0]);
  EXPECT_NE(greyer->planes[1], picture->planes[1]);
  const FramePtr brighter = filtered(show::ColorCorrectFilter{.brightness = 0.1}, picture);
  EXPECT_NE(brighter->planes[0], picture->planes[0]);
  EXPECT_EQ(brighter->planes[1], picture->planes[1]);
  EXPECT_EQ(filtered(show::ColorCorrectFilter{}, picture)->planes, picture->planes);
}

TEST(GoldenFilters, CurvesAndTonesTogetherAreOneAfterTheOther) {
  const FramePtr picture = golden::video(kWidth, kHeight);
  show::ColorCorrectFilter s{.saturation = 0.6, .contrast = 1.1, .brightness = -0.03, .hue = -20};
  s.gamma.master = 1.4;
  const Doubles curved = through_rgb(
      golden::doubles_of(*picture),
      [](Color c) {
        for (double& part : c) part = std::pow(part, 1 / 1.4);
        return c;
      },
      codes_of);
  EXPECT_GE(golden::psnr(*filtered(s, picture), toned(curved, s)), kRounded);
}

TEST(GoldenFilters, CurvesHoldAtTheEndsOfTonesToo) {
  // A step of red is a quarter of a code, and four times as strong it is one.
  constexpr double kFourfold = 44;
  const FramePtr picture = golden::busy(64, 36);
  const Doubles codes = golden::doubles_of(*picture);
  for (const double gamma : {0.5, 1.0, 1.8}) {
    const auto curve = [&](Color c) {
      for (double& part : c) part = std::pow(std::min(1.0, part * 1.1), 1 / gamma);
      return c;
    };
    const Doubles curved = through_rgb(codes, curve, codes_of);
    show::ColorCorrectFilter s;
    s.gain.master = 1.1;
    s.gamma.master = gamma;
    for (const double contrast : {0.0, 1.0, 4.0})
      for (const double brightness : {-1.0, 1.0})
        for (const double saturation : {0.0, 1.0}) {
          s.contrast = contrast;
          s.brightness = brightness;
          s.saturation = saturation;
          EXPECT_GE(golden::psnr(*filtered(s, picture), toned(curved, s)), kFourfold)
              << gamma << ' ' << contrast << ' ' << brightness << ' ' << saturation;
        }
  }
}

/// What a table's nodes are; not straight, and every colour of its own.
Color node(double r, double g, double b) {
  return {0.1 + 0.8 * std::pow(r, 1.3) - 0.1 * g, std::clamp(0.9 * g + 0.2 * b * b - 0.05, 0.0, 1.0),
          0.5 * b + 0.4 * r * g};
}

/// Tetrahedral interpolation: from the corner below, along the axes in the order of their fractions.
Color between_nodes(Color c, int size) {
  std::array<int, 3> at{};
  std::array<double, 3> fraction{};
  std::array<std::size_t, 3> order{0, 1, 2};
  for (std::size_t i = 0; i < 3; ++i) {
    const double place = std::clamp(c[i], 0.0, 1.0) * (size - 1);
    at[i] = std::min(static_cast<int>(place), size - 2);
    fraction[i] = place - at[i];
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return fraction[a] > fraction[b]; });
  const auto color_at = [&] {
    const double last = size - 1;
    return node(at[0] / last, at[1] / last, at[2] / last);
  };
  Color here = color_at();
  Color out = here;
  for (const std::size_t axis : order) {
    ++at[axis];
    const Color next = color_at();
    for (std::size_t i = 0; i < 3; ++i) out[i] += fraction[axis] * (next[i] - here[i]);
    here = next;
  }
  return out;
}

TEST(GoldenFilters, ATableIsInterpolatedInTetrahedra) {
  const FramePtr picture = golden::video(kWidth, kHeight);
  FakeFiles files;
  for (const int size : {5, 33}) {
    auto cube = ColorCube::parse(golden::cube_text(size, node));
    ASSERT_TRUE(cube) << cube.error().describe();
    files.put("grade.cube", *cube);
    for (const double amount : {1.0, 0.4}) {
      const Doubles wanted = through_rgb(
          golden::doubles_of(*picture),
          [&](Color c) {
            const Color graded = between_nodes(c, size);
            for (std::size_t i = 0; i < 3; ++i) c[i] = std::clamp(c[i] + amount * (graded[i] - c[i]), 0.0, 1.0);
            return c;
          },
          codes_of);
      const show::LutFilter settings{.path = "grade.cube", .amount = amount};
      EXPECT_GE(golden::psnr(*filtered(settings, picture, &files), wanted), kRounded) << size << ' ' << amount;
    }
  }
}

TEST(GoldenFilters, ATableThatSaysNothingLeavesThePictureAsItIs) {
  const FramePtr picture = golden::busy(kWidth, kHeight);
  FakeFiles files;
  files.put("same.cube", *ColorCube::parse(golden::cube_text(2, [](double r, double g, double b) {
              return Color{r, g, b};
            })));
  // Grain makes colours that R'G'B' does not have: those are cut off.
  const Doubles wanted = through_rgb(
      golden::doubles_of(*picture), [](Color c) { return c; }, codes_of);
  EXPECT_GE(golden::psnr(*filtered(show::LutFilter{.path = "same.cube"}, picture, &files), wanted), kRounded);
}

// --- shapes ----------------------------------------------------------------------------------------------------------

TEST(GoldenFilters, AMaskHasRoundCorners) {
  const FramePtr picture = golden::video(kWidth, kHeight);
  const FramePtr masked = filtered(show::MaskFilter{.radius = 40}, picture);
  Doubles wanted = golden::doubles_of(*picture);
  constexpr int kFine = 8;
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) {
      int inside = 0;  // of the pixel's parts
      for (int i = 0; i < kFine * kFine; ++i) {
        const double px = x + (i % kFine + 0.5) / kFine;
        const double py = y + (i / kFine + 0.5) / kFine;
        const double dx = std::max({40 - px, px - (kWidth - 40), 0.0});
        const double dy = std::max({40 - py, py - (kHeight - 40), 0.0});
        inside += dx * dx + dy * dy <= 40 * 40 ? 1 : 0;
      }
      wanted.at(3, x, y) = 255.0 * inside / (kFine * kFine);
    }
  EXPECT_GE(golden::psnr(*masked, golden::premultiplied(wanted)), 46);
  EXPECT_EQ(masked->alpha[0], 0);
  EXPECT_EQ(masked->alpha[90 * masked->alpha_stride], 255);
}

TEST(GoldenFilters, AFeatheredMaskFadesInwards) {
  const FramePtr picture = golden::video(kWidth, kHeight);
  const FramePtr masked = filtered(show::MaskFilter{.radius = 30, .feather = 20}, picture);
  Doubles wanted = golden::doubles_of(*picture);
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) {
      // How deep inside: to the nearest side, in a corner to its circle.
      const double px = std::min(x + 0.5, kWidth - x - 0.5);
      const double py = std::min(y + 0.5, kHeight - y - 0.5);
      const double deep = px < 30 && py < 30 ? 30 - std::hypot(30 - px, 30 - py) : std::min(px, py);
      wanted.at(3, x, y) = 255 * std::clamp(deep / 20, 0.0, 1.0);
    }
  EXPECT_GE(golden::psnr(*masked, golden::premultiplied(wanted)), kRounded);
}

TEST(GoldenFilters, APictureMasksByItsAlphaOrItsLuma) {
  const FramePtr picture = golden::video(kWidth, kHeight);
  FakeFiles files;
  const auto paint = [](double u, double v) { return golden::Rgb{u, u, u, 0.25 + 0.75 * v}; };
  files.put("shape.png", golden::graphic(kWidth, kHeight, paint));
  for (const bool luma : {false, true}) {
    Doubles wanted = golden::doubles_of(*picture);
    for (int y = 0; y < kHeight; ++y)
      for (int x = 0; x < kWidth; ++x) {
        const double alpha = 0.25 + 0.75 * (y + 0.5) / kHeight;
        wanted.at(3, x, y) = 255 * (luma ? alpha * (x + 0.5) / kWidth : alpha);
      }
    show::MaskFilter settings{.path = "shape.png"};
    if (luma) settings.channel = show::MaskChannel::luma;
    EXPECT_GE(golden::psnr(*filtered(settings, picture, &files), golden::premultiplied(wanted)), 48) << luma;
  }
}

// --- soft and sharp --------------------------------------------------------------------------------------------------

Doubles blurred(const Doubles& in, double sigma) {
  Doubles out = in;
  for (int plane = 0; plane < 3; ++plane) {
    const double s = plane == 0 ? sigma : sigma / 2;
    const int reach = static_cast<int>(std::ceil(4 * s));
    std::vector<double> weights;
    double total = 0;
    for (int k = -reach; k <= reach; ++k) total += weights.emplace_back(std::exp(-k * k / (2 * s * s)));
    const auto bell = [&](int k) { return weights[static_cast<std::size_t>(k + reach)]; };
    Doubles columns = in;
    for (int y = 0; y < in.high(plane); ++y)
      for (int x = 0; x < in.wide(plane); ++x) {
        double sum = 0;
        for (int k = -reach; k <= reach; ++k) sum += bell(k) * in.at(plane, x, y + k);
        columns.at(plane, x, y) = sum / total;
      }
    for (int y = 0; y < in.high(plane); ++y)
      for (int x = 0; x < in.wide(plane); ++x) {
        double sum = 0;
        for (int k = -reach; k <= reach; ++k) sum += bell(k) * columns.at(plane, x + k, y);
        out.at(plane, x, y) = sum / total;
      }
  }
  return out;
}

TEST(GoldenFilters, ABlurIsAGaussianBell) {
  const FramePtr picture = golden::busy(kWidth, kHeight);
  for (const double radius : {2.0, 4.0, 8.0, 12.0, 24.0, 60.0}) {
    const FramePtr soft = filtered(show::BlurFilter{.radius = radius}, picture);
    EXPECT_GE(golden::psnr(*soft, blurred(golden::doubles_of(*picture), radius / 2)), 40) << radius;
  }
}

TEST(GoldenFilters, SharpeningAddsWhatDiffersFromTheSoftPicture) {
  const FramePtr picture = golden::busy(kWidth, kHeight);
  const Doubles in = golden::doubles_of(*picture);
  const double weights[5] = {1 / 16.0, 4 / 16.0, 6 / 16.0, 4 / 16.0, 1 / 16.0};
  Doubles wanted = in;
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) {
      double soft = 0;
      for (int i = -2; i <= 2; ++i)
        for (int k = -2; k <= 2; ++k) soft += weights[i + 2] * weights[k + 2] * in.at(0, x + k, y + i);
      wanted.at(0, x, y) = std::clamp(in.at(0, x, y) + 0.8 * (in.at(0, x, y) - soft), 0.0, 255.0);
    }
  EXPECT_GE(golden::psnr(*filtered(show::SharpenFilter{.amount = 0.8}, picture), wanted), kRounded);
}

// --- interlaced ------------------------------------------------------------------------------------------------------

/// A bright bar that goes right, at a moment counted in fields.
FramePtr moment(int field) {
  return golden::video(kWidth, kHeight, [field](double u, double v) {
    const double edge = 0.2 + 0.012 * field;
    const double bar = std::clamp(40 * (0.1 - std::abs(u - edge)), 0.0, 1.0);
    return golden::Rgb{0.2 + 0.6 * bar, 0.3 + 0.4 * v, 0.3 + 0.3 * bar, 1};
  });
}

/// Even rows of one moment, odd rows of the next, in luma and chroma.
FramePtr woven(int field) {
  const FramePtr first = moment(field);
  const FramePtr second = moment(field + 1);
  WritableFrame out = WritableFrame::make(kWidth, kHeight);
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    for (int y = 0; y < kHeight >> shift; ++y) {
      const Frame& from = y % 2 == 0 ? *first : *second;
      std::copy_n(from.planes[plane] + y * from.strides[plane], kWidth >> shift,
                  out.planes[plane] + y * out.strides[plane]);
    }
  }
  return std::move(out).freeze();
}

TEST(GoldenFilters, DeinterlacedPicturesShowOneMomentAndComeAFrameLater) {
  for (const auto method : {show::DeinterlaceMethod::bwdif, show::DeinterlaceMethod::yadif}) {
    FilterChain chain(Rate{25, 1}, nullptr);
    chain.use({show::DeinterlaceFilter{.method = method}});
    FramePtr whole;
    for (int n = 0; n < 6; ++n) whole = chain.apply(woven(2 * n), {}, n);
    const Doubles truth = golden::doubles_of(*moment(2 * 4));
    const double combed = golden::psnr(*woven(2 * 4), truth);
    EXPECT_GE(golden::psnr(*whole, truth), 38);
    EXPECT_GE(golden::psnr(*whole, truth), combed + 8);
  }
}

}  // namespace
}  // namespace mainstay
