#include "engine/compose/filters/color_correct.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

namespace mainstay {

namespace {

constexpr int kUp = 8;  // a byte is moved up by so much before it is multiplied
constexpr int kMostBits = 6;
constexpr double kMost = 32767;

/// The upper half of a product; what a vector unit has one instruction for.
inline std::int16_t upper(std::int16_t a, std::int16_t b) {
  return static_cast<std::int16_t>((std::int32_t{a} * b) >> 16);
}

MAINSTAY_WIDE void line_row(const std::uint8_t* __restrict in, std::uint16_t factor, std::int16_t zero,
                            std::int16_t scale, std::int16_t low, std::int16_t high, std::uint8_t* __restrict out,
                            int count) {
  for (int x = 0; x < count; ++x) {
    const auto up = static_cast<std::uint16_t>(in[x] << kUp);
    const auto product = static_cast<std::int16_t>((std::uint32_t{up} * factor) >> 16);
    const std::int16_t value = upper(static_cast<std::int16_t>(product + zero), scale);
    out[x] = static_cast<std::uint8_t>(std::min(std::max(value, low), high));
  }
}

MAINSTAY_WIDE void turn_row(const std::uint8_t* __restrict own, const std::uint8_t* __restrict other,
                            std::int16_t along, std::int16_t across, std::int16_t zero, std::int16_t scale,
                            std::uint8_t* __restrict out, int count) {
  for (int x = 0; x < count; ++x) {
    const auto mine = static_cast<std::int16_t>((own[x] - 128) << kUp);
    const auto theirs = static_cast<std::int16_t>((other[x] - 128) << kUp);
    const auto sum = static_cast<std::int16_t>(upper(mine, along) + upper(theirs, across) + zero);
    const std::int16_t value = upper(sum, scale);
    out[x] = static_cast<std::uint8_t>(std::min(std::max(value, std::int16_t{16}), std::int16_t{240}));
  }
}

/// By which a sum loses its bits behind the point.
std::int16_t scale_of(int bits) {
  return static_cast<std::int16_t>(1 << (16 - bits));
}

}  // namespace

// Two bits behind the point are left with the strongest contrast and saturation, so the scale always fits.
ColorCorrect::Line ColorCorrect::line_of(double factor, double zero) {
  int bits = kMostBits;
  while (bits > 2 && std::max(255 * factor, std::abs(zero) + 1) * (1 << bits) > kMost) --bits;
  return {static_cast<std::uint16_t>(std::lround(factor * (1 << (bits + kUp)))),
          static_cast<std::int16_t>(std::lround((zero + 0.5) * (1 << bits))), bits};
}

ColorCorrect::Turn ColorCorrect::turn_of(double along, double across) {
  int bits = kMostBits;
  const double larger = std::max(std::abs(along), std::abs(across));
  const double sum = 128 * (std::abs(along) + std::abs(across)) + 129;
  while (bits > 2 && (larger * (1 << (bits + kUp)) + 1 > kMost || sum * (1 << bits) > kMost)) --bits;
  const auto fixed = [&](double value) { return static_cast<std::int16_t>(std::lround(value * (1 << (bits + kUp)))); };
  return {fixed(along), fixed(across), bits};
}

ColorCorrect::ColorCorrect(const show::ColorCorrectFilter& s) {
  const double offset = 0.5 - 0.5 * s.contrast + s.brightness;
  const double strength = s.contrast * s.saturation;
  curved_ = s.lift != show::ColorOffsets{} || s.gamma != show::ColorFactors{} || s.gain != show::ColorFactors{};
  if (curved_) {
    const double lift[3] = {s.lift.r, s.lift.g, s.lift.b};
    const double gamma[3] = {s.gamma.r, s.gamma.g, s.gamma.b};
    const double gain[3] = {s.gain.r, s.gain.g, s.gain.b};
    std::array<CurveTables::Curve, 3> curves;
    for (std::size_t part = 0; part < 3; ++part) {
      for (std::size_t i = 0; i <= kRgbIn; ++i) {
        const double c = static_cast<double>(i) / kRgbIn;
        const double line = s.gain.master * gain[part] * c + (s.lift.master + lift[part]) * (1 - c);
        curves[part][i] = std::clamp(std::pow(std::max(0.0, line), 1 / (s.gamma.master * gamma[part])), 0.0, 1.0);
      }
    }
    curves_.use(curves, ToCodes::bt709(s.contrast, offset, strength, s.hue));
    return;
  }
  luma_stays_ = s.contrast == 1 && s.brightness == 0;
  luma_ = line_of(s.contrast, 16 + 219 * offset - 16 * s.contrast);
  turned_ = s.hue != 0;
  chroma_stays_ = strength == 1 && !turned_;
  chroma_ = line_of(strength, 128 - 128 * strength);
  const double angle = s.hue * std::numbers::pi / 180;
  turn_ = turn_of(strength * std::cos(angle), strength * std::sin(angle));
}

FramePtr ColorCorrect::plain(const FramePtr& picture) {
  const unsigned changed = (luma_stays_ ? 0U : kLuma) | (chroma_stays_ ? 0U : kChroma);
  if (changed == 0) return picture;
  WritableFrame out = take_like(pool_, *picture, false);
  const auto line = [&](int plane, const Line& by, std::int16_t high) {
    const ffi::Plane in = plane_of(*picture, plane);
    for (int y = 0; y < in.height; ++y)
      line_row(row_of(in, y), by.factor, by.zero, scale_of(by.bits), 16, high, row_of(plane_of(out, plane), y),
               in.width);
  };
  const auto turn = [&](int plane, int other, int across) {
    const ffi::Plane own = plane_of(*picture, plane);
    const auto zero = static_cast<std::int16_t>((128 << turn_.bits) + (1 << (turn_.bits - 1)));
    for (int y = 0; y < own.height; ++y)
      turn_row(row_of(own, y), row_of(plane_of(*picture, other), y), turn_.along, static_cast<std::int16_t>(across),
               zero, scale_of(turn_.bits), row_of(plane_of(out, plane), y), own.width);
  };
  if (!luma_stays_) line(0, luma_, 235);
  if (turned_) {
    turn(1, 2, -turn_.across);
    turn(2, 1, turn_.across);
  } else if (!chroma_stays_) {
    line(1, chroma_, 240);
    line(2, chroma_, 240);
  }
  return replaced(picture, std::move(out), changed);
}

FramePtr ColorCorrect::apply(const FramePtr& picture, std::int64_t) {
  if (!curved_) return plain(picture);
  WritableFrame out = take_like(pool_, *picture, false);
  rows_.each_pair(*picture, [&](const RgbRow& top, const RgbRow& bottom, int y, int rows) {
    curves_.store(top, bottom, y, rows, out);
  });
  return replaced(picture, std::move(out), kColors);
}

}  // namespace mainstay
