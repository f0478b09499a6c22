#include "engine/compose/filters/rgb_rows.h"

#include <cmath>
#include <numbers>

namespace mainstay {

namespace {

constexpr double kRed = 0.2126;
constexpr double kBlue = 0.0722;
constexpr double kGreen = 1 - kRed - kBlue;
// Towards R'G'B' in 16 bits: a byte is moved up by eight, and of the product with a factor of kRgbIn steps a code the
// upper half is taken. Eighths of a step are left, with room for the brightest blue.
constexpr int kInBits = 3;
constexpr int kUp = 8;
constexpr int kOutBits = 18;

constexpr int fixed(double value, int bits) {
  return static_cast<int>(value * (1 << bits) + (value < 0 ? -0.5 : 0.5));
}

constexpr auto kLuma = static_cast<std::uint16_t>(fixed(kRgbIn / 219.0, kInBits + kUp));
constexpr auto kRedV = static_cast<std::int16_t>(fixed(2 * (1 - kRed) * kRgbIn / 224, kInBits + kUp));
constexpr auto kBlueU = static_cast<std::int16_t>(fixed(2 * (1 - kBlue) * kRgbIn / 224, kInBits + kUp));
constexpr auto kGreenU =
    static_cast<std::int16_t>(fixed(-2 * (1 - kBlue) * kBlue / kGreen * kRgbIn / 224, kInBits + kUp));
constexpr auto kGreenV =
    static_cast<std::int16_t>(fixed(-2 * (1 - kRed) * kRed / kGreen * kRgbIn / 224, kInBits + kUp));
/// Black is code 16; and a half, to round.
constexpr auto kBlack = static_cast<std::int16_t>((1 << (kInBits - 1)) - fixed(16 * kRgbIn / 219.0, kInBits));

inline std::int16_t part_of(std::uint8_t chroma, std::int16_t factor) {
  const auto up = static_cast<std::int16_t>((chroma - 128) << kUp);
  return static_cast<std::int16_t>((std::int32_t{up} * factor) >> 16);
}

/// What chroma adds to each of R', G' and B', for both pixels of a pair.
MAINSTAY_WIDE void spread(const std::uint8_t* __restrict u, const std::uint8_t* __restrict v,
                          std::int16_t* __restrict r, std::int16_t* __restrict g, std::int16_t* __restrict b,
                          int pairs) {
  for (int x = 0; x < pairs; ++x) {
    r[2 * x] = r[2 * x + 1] = static_cast<std::int16_t>(part_of(v[x], kRedV) + kBlack);
    g[2 * x] = g[2 * x + 1] = static_cast<std::int16_t>(part_of(u[x], kGreenU) + part_of(v[x], kGreenV) + kBlack);
    b[2 * x] = b[2 * x + 1] = static_cast<std::int16_t>(part_of(u[x], kBlueU) + kBlack);
  }
}

inline std::int16_t step_of(std::int16_t sum) {
  constexpr auto kMost = static_cast<std::int16_t>(kRgbIn);
  return std::min(std::max(static_cast<std::int16_t>(sum >> kInBits), std::int16_t{0}), kMost);
}

MAINSTAY_WIDE void add_luma(const std::uint8_t* __restrict luma, const std::int16_t* __restrict cr,
                            const std::int16_t* __restrict cg, const std::int16_t* __restrict cb,
                            std::int16_t* __restrict r, std::int16_t* __restrict g, std::int16_t* __restrict b,
                            int count) {
  for (int x = 0; x < count; ++x) {
    const auto up = static_cast<std::uint16_t>(luma[x] << kUp);
    const auto grey = static_cast<std::int16_t>((std::uint32_t{up} * kLuma) >> 16);
    r[x] = step_of(static_cast<std::int16_t>(grey + cr[x]));
    g[x] = step_of(static_cast<std::int16_t>(grey + cg[x]));
    b[x] = step_of(static_cast<std::int16_t>(grey + cb[x]));
  }
}

MAINSTAY_WIDE void luma_row(const std::int16_t* r, const std::int16_t* g, const std::int16_t* b, int wr, int wg, int wb,
                            int zero, std::uint8_t* out, int count) {
  for (int x = 0; x < count; ++x) {
    const int value = (wr * r[x] + wg * g[x] + wb * b[x] + zero) >> kOutBits;
    out[x] = static_cast<std::uint8_t>(std::min(std::max(value, 16), 235));
  }
}

/// Sums of four pixels.
MAINSTAY_WIDE void sum_fours(const std::int16_t* top, const std::int16_t* bottom, std::int16_t* out, int pairs) {
  for (int x = 0; x < pairs; ++x)
    out[x] = static_cast<std::int16_t>(top[2 * x] + top[2 * x + 1] + bottom[2 * x] + bottom[2 * x + 1]);
}

MAINSTAY_WIDE void chroma_row(const std::int16_t* r, const std::int16_t* g, const std::int16_t* b, int wr, int wg,
                              int wb, int zero, std::uint8_t* out, int count) {
  for (int x = 0; x < count; ++x) {
    const int value = (wr * r[x] + wg * g[x] + wb * b[x] + zero) >> kOutBits;
    out[x] = static_cast<std::uint8_t>(std::min(std::max(value, 16), 240));
  }
}

MAINSTAY_WIDE void limit(std::int16_t* row, int count) {
  for (int x = 0; x < count; ++x)
    row[x] = std::min(std::max(row[x], std::int16_t{0}), static_cast<std::int16_t>(kRgbOut));
}

}  // namespace

ToCodes ToCodes::bt709(double contrast, double offset, double factor, double degrees) {
  ToCodes out{};
  out.y = {219 * contrast * kRed, 219 * contrast * kGreen, 219 * contrast * kBlue, 16 + 219 * offset};
  const std::array<double, 3> cb{-kRed / (2 * (1 - kBlue)), -kGreen / (2 * (1 - kBlue)), 0.5};
  const std::array<double, 3> cr{0.5, -kGreen / (2 * (1 - kRed)), -kBlue / (2 * (1 - kRed))};
  const double angle = degrees * std::numbers::pi / 180;
  for (std::size_t i = 0; i < 3; ++i) {
    out.u[i] = 224 * factor * (std::cos(angle) * cb[i] - std::sin(angle) * cr[i]);
    out.v[i] = 224 * factor * (std::sin(angle) * cb[i] + std::cos(angle) * cr[i]);
  }
  out.u[3] = out.v[3] = 128;
  return out;
}

void RgbRows::begin(int width) {
  width_ = width;
  even_width_ = (width + 1) & ~1;
  rows_.resize(static_cast<std::size_t>(even_width_) * 6);
  chroma_.resize(static_cast<std::size_t>(even_width_) * 3);
  fours_.resize(static_cast<std::size_t>(even_width_) * 3 / 2);
}

void RgbRows::use(const ToCodes& back) {
  const auto in_bits = [](const std::array<double, 4>& sum, double of) {
    return Fixed{fixed(sum[0] / of, kOutBits), fixed(sum[1] / of, kOutBits), fixed(sum[2] / of, kOutBits),
                 fixed(sum[3] + 0.5, kOutBits)};
  };
  luma_ = in_bits(back.y, kRgbOut);
  u_ = in_bits(back.u, 4.0 * kRgbOut);
  v_ = in_bits(back.v, 4.0 * kRgbOut);
}

RgbRow RgbRows::row(int i) {
  const auto stride = static_cast<std::size_t>(even_width_);
  std::int16_t* first = rows_.data() + stride * 3 * static_cast<std::size_t>(i);
  return {first, first + stride, first + 2 * stride};
}

void RgbRows::load(const Frame& picture, int y, const RgbRow& to) {
  const auto stride = static_cast<std::size_t>(even_width_);
  std::int16_t* r = chroma_.data();
  std::int16_t* g = r + stride;
  std::int16_t* b = g + stride;
  if (y % 2 == 0)  // the row below has the same
    spread(row_of(plane_of(picture, 1), y / 2), row_of(plane_of(picture, 2), y / 2), r, g, b, even_width_ / 2);
  add_luma(row_of(plane_of(picture, 0), y), r, g, b, to.r, to.g, to.b, width_);
  if (even_width_ == width_) return;
  for (std::int16_t* part : {to.r, to.g, to.b}) part[width_] = part[width_ - 1];
}

void RgbRows::store_luma(const RgbRow& row, WritableFrame& out, int y) const {
  for (std::int16_t* part : {row.r, row.g, row.b}) limit(part, even_width_);
  luma_row(row.r, row.g, row.b, luma_.r, luma_.g, luma_.b, luma_.zero, row_of(plane_of(out, 0), y), width_);
}

void RgbRows::store_chroma(const RgbRow& top, const RgbRow& bottom, WritableFrame& out, int y) {
  const int pairs = even_width_ / 2;
  std::int16_t* r = fours_.data();
  std::int16_t* g = r + pairs;
  std::int16_t* b = g + pairs;
  sum_fours(top.r, bottom.r, r, pairs);
  sum_fours(top.g, bottom.g, g, pairs);
  sum_fours(top.b, bottom.b, b, pairs);
  chroma_row(r, g, b, u_.r, u_.g, u_.b, u_.zero, row_of(plane_of(out, 1), y), pairs);
  chroma_row(r, g, b, v_.r, v_.g, v_.b, v_.zero, row_of(plane_of(out, 2), y), pairs);
}

}  // namespace mainstay
