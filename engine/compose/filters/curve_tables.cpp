#include "engine/compose/filters/curve_tables.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mainstay {

namespace {

constexpr int kMostBits = 6;
constexpr double kMost = std::numeric_limits<std::uint16_t>::max();
/// Where an entry has Cb, Cr and Y'. Luma lies topmost: four of it may be more than its place holds, and are lost.
constexpr int kU = 0;
constexpr int kV = 16;
constexpr int kY = 48;

/// One of Y', Cb and Cr: how many bits behind the point, and the least of each table.
struct Part {
  const std::array<double, 4>& sum;  ///< of R'G'B', as ToCodes has it
  int bits = kMostBits;
  std::array<double, 3> least{};
};

/// As many bits as let `pixels` of the largest sum be held.
Part part_of(const std::array<double, 4>& sum, const std::array<CurveTables::Curve, 3>& curves, int pixels) {
  Part part{sum};
  double span = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto [low, high] = std::minmax_element(curves[i].begin(), curves[i].end());
    part.least[i] = std::min(sum[i] * *low, sum[i] * *high);
    span += std::abs(sum[i]) * (*high - *low);
  }
  while (part.bits > 0 && pixels * (span * (1 << part.bits) + 3) > kMost) --part.bits;  // 3: each is rounded
  return part;
}

MAINSTAY_WIDE void cut_row(const std::uint16_t* __restrict sums, std::uint16_t low, std::uint16_t high,
                           std::uint16_t zero, std::uint16_t scale, std::uint8_t* __restrict out, int count) {
  for (int x = 0; x < count; ++x) {
    const std::uint16_t inside = std::min(std::max(sums[x], low), high);
    const auto moved = static_cast<std::uint16_t>(inside + zero);
    out[x] = static_cast<std::uint8_t>((std::uint32_t{moved} * scale) >> 16);
  }
}

}  // namespace

CurveTables::Cut CurveTables::cut_of(double zero, int bits, int low, int high) {
  const int moved = static_cast<int>(std::lround((zero + 0.5) * (1 << bits)));
  const auto scale = static_cast<std::uint16_t>(1 << (16 - bits));
  const int least = (low << bits) - moved;
  const int most = (high << bits) + (1 << bits) - 1 - moved;
  if (most < 0) return {0, 0, static_cast<std::uint16_t>(high << bits), scale};  // all is brighter
  const auto bound = [](int sum) { return static_cast<std::uint16_t>(std::clamp(sum, 0, static_cast<int>(kMost))); };
  return {bound(least), bound(most), static_cast<std::uint16_t>(moved), scale};
}

void CurveTables::use(const std::array<Curve, 3>& curves, const ToCodes& back) {
  const Part y = part_of(back.y, curves, 1);
  const Part u = part_of(back.u, curves, 4);
  const Part v = part_of(back.v, curves, 4);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t step = 0; step <= kRgbIn; ++step) {
      const auto entry = [&](const Part& part, int at) {
        const double value = (part.sum[i] * curves[i][step] - part.least[i]) * (1 << part.bits);
        return static_cast<std::uint64_t>(std::lround(value)) << at;
      };
      tables_[i][step] = entry(y, kY) | entry(u, kU) | entry(v, kV);
    }
  }
  const auto zero = [](const Part& part) { return part.sum[3] + part.least[0] + part.least[1] + part.least[2]; };
  luma_ = cut_of(zero(y), y.bits, 16, 235);
  u_ = cut_of(zero(u), u.bits + 2, 16, 240);
  v_ = cut_of(zero(v), v.bits + 2, 16, 240);
}

void CurveTables::add_up(const RgbRow& top, const RgbRow& bottom, int pairs) {
  const Table& red = tables_[0];
  const Table& green = tables_[1];
  const Table& blue = tables_[2];
  std::uint16_t* const luma = sums_.data();
  std::uint16_t* const below = luma + 2 * pairs;
  std::uint16_t* const u = below + 2 * pairs;
  std::uint16_t* const v = u + pairs;
  const auto pixel = [&](const RgbRow& row, int x) {
    return red[static_cast<std::size_t>(row.r[x])] + green[static_cast<std::size_t>(row.g[x])] +
           blue[static_cast<std::size_t>(row.b[x])];
  };
  for (int x = 0; x < pairs; ++x) {
    const std::uint64_t a = pixel(top, 2 * x);
    const std::uint64_t b = pixel(top, 2 * x + 1);
    const std::uint64_t c = pixel(bottom, 2 * x);
    const std::uint64_t d = pixel(bottom, 2 * x + 1);
    luma[2 * x] = static_cast<std::uint16_t>(a >> kY);
    luma[2 * x + 1] = static_cast<std::uint16_t>(b >> kY);
    below[2 * x] = static_cast<std::uint16_t>(c >> kY);
    below[2 * x + 1] = static_cast<std::uint16_t>(d >> kY);
    const std::uint64_t four = a + b + c + d;
    u[x] = static_cast<std::uint16_t>(four >> kU);
    v[x] = static_cast<std::uint16_t>(four >> kV);
  }
}

void CurveTables::store(const RgbRow& top, const RgbRow& bottom, int y, int rows, WritableFrame& out) {
  const ffi::WritablePlane luma = plane_of(out, 0);
  const int pairs = luma.width / 2;
  sums_.resize(static_cast<std::size_t>(pairs) * 6);
  add_up(top, bottom, pairs);
  const auto cut = [](const std::uint16_t* sums, const Cut& by, std::uint8_t* to, int count) {
    cut_row(sums, by.low, by.high, by.zero, by.scale, to, count);
  };
  for (int i = 0; i < rows; ++i) cut(sums_.data() + i * 2 * pairs, luma_, row_of(luma, y + i), 2 * pairs);
  const std::uint16_t* const chroma = sums_.data() + 4 * pairs;
  cut(chroma, u_, row_of(plane_of(out, 1), y / 2), pairs);
  cut(chroma + pairs, v_, row_of(plane_of(out, 2), y / 2), pairs);
}

}  // namespace mainstay
