// Golden pictures of transitions at several positions. Bounds in dB of the worst plane.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/compose/transition_mixer.h"
#include "tests/engine/compose/golden_support.h"

namespace mainstay {
namespace {

using golden::Golden;
using golden::Rgb;

constexpr int kWidth = 320;
constexpr int kHeight = 180;
constexpr double kBound = 45;
constexpr double kEdge = 40;  // hard edges that fall between pixels

Rgb other(double u, double v) {
  return golden::painting(1 - v, u * 0.7);
}

Rgb lerp(const Rgb& a, const Rgb& b, double share) {
  const auto part = [&](double x, double y) { return x + share * (y - x); };
  return {part(a.red, b.red), part(a.green, b.green), part(a.blue, b.blue)};
}

using Maker = std::function<Rgb(double x, double y)>;  // pixel middles

double mix_psnr(const show::Transition& how, double position, const Maker& wanted) {
  TransitionMixer mixer(kWidth, kHeight);
  const FramePtr found =
      mixer.mix(golden::video(kWidth, kHeight), golden::video(kWidth, kHeight, other), how, position);
  return golden::psnr(*found, golden::golden(kWidth, kHeight, [&](int x, int y) { return wanted(x + 0.5, y + 0.5); }));
}

Rgb from(double x, double y) {
  return golden::painting(x / kWidth, y / kHeight);
}
Rgb to(double x, double y) {
  return other(x / kWidth, y / kHeight);
}

constexpr double kPositions[] = {0.1, 0.25, 0.5, 0.8};

TEST(GoldenTransition, IsThePictureItselfAtBothEnds) {
  TransitionMixer mixer(kWidth, kHeight);
  const FramePtr a = golden::video(kWidth, kHeight);
  const FramePtr b = golden::video(kWidth, kHeight, other);
  for (const show::Transition& how :
       std::vector<show::Transition>{show::FadeTransition{}, show::DipTransition{}, show::WipeTransition{},
                                     show::SlideTransition{}, show::PushTransition{}}) {
    EXPECT_EQ(mixer.mix(a, b, how, 0), a);
    EXPECT_EQ(mixer.mix(a, b, how, 1), b);
  }
}

TEST(GoldenTransition, Fade) {
  for (const double p : kPositions)
    EXPECT_GE(mix_psnr(show::FadeTransition{}, p, [&](double x, double y) { return lerp(from(x, y), to(x, y), p); }),
              kBound)
        << p;
}

TEST(GoldenTransition, DipToColour) {
  const Rgb color{0x20 / 255.0, 0x80 / 255.0, 0xC0 / 255.0};
  for (const double p : kPositions)
    EXPECT_GE(mix_psnr(show::DipTransition{.color = "#2080C0"}, p,
                       [&](double x, double y) {
                         return p < 0.5 ? lerp(from(x, y), color, 2 * p) : lerp(to(x, y), color, 2 - 2 * p);
                       }),
              kBound)
        << p;
}

double reached(show::WipeShape shape, double u, double v) {
  switch (shape) {
    case show::WipeShape::right:
      return u;
    case show::WipeShape::left:
      return 1 - u;
    case show::WipeShape::down:
      return v;
    case show::WipeShape::up:
      return 1 - v;
    case show::WipeShape::diagonal:
      return (u + v) / 2;
    case show::WipeShape::circle:
      break;
  }
  return std::hypot((u - 0.5) * kWidth, (v - 0.5) * kHeight) / std::hypot(kWidth / 2.0, kHeight / 2.0);
}

TEST(GoldenTransition, WipesOfEveryShapeSoftAndHard) {
  for (const show::WipeShape shape : {show::WipeShape::left, show::WipeShape::right, show::WipeShape::up,
                                      show::WipeShape::down, show::WipeShape::diagonal, show::WipeShape::circle})
    for (const double softness : {0.0, 0.1, 0.5, 1.0})
      for (const double p : kPositions) {
        const double psnr =
            mix_psnr(show::WipeTransition{.shape = shape, .softness = softness}, p, [&](double x, double y) {
              const double time = reached(shape, x / kWidth, y / kHeight);
              const double share =
                  softness == 0 ? (time < p ? 1 : 0) : std::clamp((p * (1 + softness) - time) / softness, 0.0, 1.0);
              return lerp(from(x, y), to(x, y), share);
            });
        EXPECT_GE(psnr, softness == 0 ? 33 : kEdge) << int(shape) << " softness " << softness << " at " << p;
      }
}

TEST(GoldenTransition, SlideAndPushInEveryDirection) {
  for (const double p : {0.25, 0.5, 0.8})
    for (const show::Direction direction :
         {show::Direction::left, show::Direction::right, show::Direction::up, show::Direction::down}) {
      const bool sideways = direction == show::Direction::left || direction == show::Direction::right;
      const double sign = direction == show::Direction::left || direction == show::Direction::up ? 1 : -1;
      const double way = sideways ? kWidth : kHeight;
      // Whole pairs of pixels, as chroma has half the resolution.
      const double in = 2 * std::floor(std::lround(p * way) / 2.0);
      const auto seen = [&](bool push) {
        return [=](double x, double y) {
          const double at = (sideways ? x : y) + sign * (in - way);  // in the new picture
          const double old = push ? (sideways ? x : y) + sign * in : (sideways ? x : y);
          const bool is_new = at >= 0 && at < way;
          if (is_new) return sideways ? to(at, y) : to(x, at);
          return sideways ? from(old, y) : from(x, old);
        };
      };
      EXPECT_GE(mix_psnr(show::SlideTransition{.direction = direction}, p, seen(false)), kBound) << int(direction) << p;
      EXPECT_GE(mix_psnr(show::PushTransition{.direction = direction}, p, seen(true)), kBound) << int(direction) << p;
    }
}

}  // namespace
}  // namespace mainstay
