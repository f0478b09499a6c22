#include "engine/compose/matrix.h"

#include <algorithm>
#include <array>

namespace mainstay {

namespace {

struct Weights {
  double red;
  double blue;
};

constexpr Weights kBt601{0.299, 0.114};
constexpr Weights kBt709{0.2126, 0.0722};
constexpr Weights kBt2020{0.2627, 0.0593};

/// Y' = Y + yu·U + yv·V, U' = uu·U + uv·V, V' = vu·U + vv·V on codes around zero, in 1/2^14. (Grey stays grey, so Y
/// never reaches U' and V'.)
struct Coefficients {
  int yu, yv, uu, uv, vu, vv;
};

constexpr int kShift = 14;

constexpr int fixed(double value) {
  return static_cast<int>(value * (1 << kShift) + (value < 0 ? -0.5 : 0.5));
}

constexpr Coefficients between(Weights from, Weights to) {
  // R'−Y = 2(1−kr)·Cr, B'−Y = 2(1−kb)·Cb with Cb and Cr in 224ths and Y in 219ths of a code.
  const double scale = 219.0 / 224.0;
  const double r_per_v = 2 * (1 - from.red) * scale;
  const double b_per_u = 2 * (1 - from.blue) * scale;
  const double green = 1 - from.red - from.blue;
  const double g_per_u = -from.blue * b_per_u / green;
  const double g_per_v = -from.red * r_per_v / green;
  const double to_green = 1 - to.red - to.blue;
  const double yu = to_green * g_per_u + to.blue * b_per_u;
  const double yv = to_green * g_per_v + to.red * r_per_v;
  const double per_u = 1 / (2 * (1 - to.blue) * scale);
  const double per_v = 1 / (2 * (1 - to.red) * scale);
  return {fixed(yu),          fixed(yv),          fixed((b_per_u - yu) * per_u),
          fixed(-yv * per_u), fixed(-yu * per_v), fixed((r_per_v - yv) * per_v)};
}

constexpr Coefficients k601To709 = between(kBt601, kBt709);
constexpr Coefficients k2020To709 = between(kBt2020, kBt709);

std::uint8_t clamped(int value) {
  return static_cast<std::uint8_t>(std::clamp(value, 1, 254));
}

}  // namespace

void to_bt709(const Frame& source, WritableFrame& target) {
  const Coefficients c = source.matrix == ColorMatrix::bt2020 ? k2020To709 : k601To709;
  constexpr int kHalf = 1 << (kShift - 1);
  const int chroma_width = (source.width + 1) / 2;
  const int chroma_height = (source.height + 1) / 2;
  for (int cy = 0; cy < chroma_height; ++cy) {
    const std::uint8_t* u = source.planes[1] + static_cast<std::ptrdiff_t>(cy) * source.strides[1];
    const std::uint8_t* v = source.planes[2] + static_cast<std::ptrdiff_t>(cy) * source.strides[2];
    std::uint8_t* to_u = target.planes[1] + static_cast<std::ptrdiff_t>(cy) * target.strides[1];
    std::uint8_t* to_v = target.planes[2] + static_cast<std::ptrdiff_t>(cy) * target.strides[2];
    for (int cx = 0; cx < chroma_width; ++cx) {
      const int du = u[cx] - 128;
      const int dv = v[cx] - 128;
      to_u[cx] = clamped(128 + ((c.uu * du + c.uv * dv + kHalf) >> kShift));
      to_v[cx] = clamped(128 + ((c.vu * du + c.vv * dv + kHalf) >> kShift));
    }
    for (int y = 2 * cy; y < std::min(2 * cy + 2, source.height); ++y) {
      const std::uint8_t* in = source.planes[0] + static_cast<std::ptrdiff_t>(y) * source.strides[0];
      std::uint8_t* out = target.planes[0] + static_cast<std::ptrdiff_t>(y) * target.strides[0];
      for (int cx = 0; cx < chroma_width; ++cx) {
        const int shift = (c.yu * (u[cx] - 128) + c.yv * (v[cx] - 128) + kHalf) >> kShift;
        out[2 * cx] = clamped(in[2 * cx] + shift);
        if (2 * cx + 1 < source.width) out[2 * cx + 1] = clamped(in[2 * cx + 1] + shift);
      }
    }
  }
}

}  // namespace mainstay
