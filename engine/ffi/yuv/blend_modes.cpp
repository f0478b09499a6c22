#include "engine/ffi/yuv/blend_modes.h"

#include <libyuv/convert_argb.h>

#include <algorithm>
#include <vector>

#include "engine/ffi/yuv/bt709.h"
#include "engine/ffi/yuv/premultiplied.h"

namespace mainstay::ffi {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr int kBytes = 4;  // a pixel's

int div255(int value) {  // exact for 0 to 65,025, rounded
  value += 128;
  return (value + (value >> 8)) >> 8;
}

template <BlendMode mode>
int together(int below, int over) {
  if constexpr (mode == BlendMode::add) return std::min(255, below + over);
  if constexpr (mode == BlendMode::multiply) return div255(below * over);
  return below + over - div255(below * over);
}

/// One row: `below` becomes what the two give together, by `alpha` (of 255) of each pixel.
template <BlendMode mode>
void mix_row(std::uint8_t* below, const std::uint8_t* over, const std::uint8_t* alpha, int width) {
  for (int x = 0; x < width; ++x) {
    const int a = alpha[x];
    for (int c = 0; c < 3; ++c) {
      const int at = x * kBytes + c;
      below[at] =
          static_cast<std::uint8_t>(below[at] + (a * (together<mode>(below[at], over[at]) - below[at]) + 127) / 255);
    }
  }
}

void mix_row(BlendMode mode, std::uint8_t* below, const std::uint8_t* over, const std::uint8_t* alpha, int width) {
  if (mode == BlendMode::add) return mix_row<BlendMode::add>(below, over, alpha, width);
  if (mode == BlendMode::multiply) return mix_row<BlendMode::multiply>(below, over, alpha, width);
  return mix_row<BlendMode::screen>(below, over, alpha, width);
}

/// Two rows of a plane set, from a corner on.
struct Rows {
  std::uint8_t* y[2];
  std::uint8_t* u;
  std::uint8_t* v;
};

std::uint8_t code(int sum, int zero) {
  return static_cast<std::uint8_t>(zero + ((sum + (1 << (bt709::kBits - 1))) >> bt709::kBits));
}

/// Two rows of bgra back to codes; quarters of which nothing was covered stay as they are.
void store(const std::uint8_t* top, const std::uint8_t* bottom, const std::uint8_t* const alpha[2], Rows rows,
           int width) {
  for (int x = 0; x < width; x += 2) {
    if ((alpha[0][x] | alpha[0][x + 1] | alpha[1][x] | alpha[1][x + 1]) == 0) continue;
    int u = 0;
    int v = 0;
    for (int row = 0; row < 2; ++row) {
      const std::uint8_t* pixel = (row == 0 ? top : bottom) + static_cast<std::ptrdiff_t>(x) * kBytes;
      for (int column = 0; column < 2; ++column, pixel += kBytes) {
        rows.y[row][x + column] = code(bt709::kYb * pixel[0] + bt709::kYg * pixel[1] + bt709::kYr * pixel[2], 16);
        u += bt709::kHalf * pixel[0] + bt709::kUg * pixel[1] + bt709::kUr * pixel[2];
        v += bt709::kVb * pixel[0] + bt709::kVg * pixel[1] + bt709::kHalf * pixel[2];
      }
    }
    rows.u[x / 2] = code(u / 4, 128);
    rows.v[x / 2] = code(v / 4, 128);
  }
}

/// The alpha that counts for two rows: the source's by the layer's opacity.
void fade(AlphaPlane alpha, int x, int y, int opacity, Bytes& out, int width) {
  if (alpha.data == nullptr) {
    std::fill_n(out.begin(), width, static_cast<std::uint8_t>(std::min(255, opacity)));
    return;
  }
  const std::uint8_t* from = alpha.data + static_cast<std::ptrdiff_t>(y) * alpha.stride + x;
  for (int i = 0; i < width; ++i) out[i] = static_cast<std::uint8_t>((from[i] * opacity + 128) >> 8);
}

bool inside(Rect r, int width, int height) {
  return r.x >= 0 && r.y >= 0 && r.width > 0 && r.height > 0 && r.x + r.width <= width && r.y + r.height <= height &&
         (r.x | r.y | r.width | r.height) % 2 == 0;
}

}  // namespace

Status blend_mode_i420(const Frame& source, Rect crop, AlphaPlane alpha, WritableFrame& target, int x, int y,
                       int opacity, BlendMode mode) {
  const Rect place{x, y, crop.width, crop.height};
  if (source.format != PixelFormat::i420 || !inside(crop, (source.width + 1) & ~1, (source.height + 1) & ~1) ||
      !inside(place, target.width, target.height) || opacity < 0 || opacity > 256)
    return Error{Errc::invalid, "a picture cannot be blended there", nullptr};
  const auto row_bytes = static_cast<std::size_t>(crop.width) * kBytes;
  Bytes below(row_bytes * 2);
  Bytes over(row_bytes * 2);
  Bytes alphas[2] = {Bytes(crop.width), Bytes(crop.width)};
  const auto at = [](auto* plane, int stride, int px, int py) {
    return plane + static_cast<std::ptrdiff_t>(py) * stride + px;
  };
  for (int row = 0; row < crop.height; row += 2) {
    const int sy = crop.y + row;
    const int ty = y + row;
    const Rows rows{
        {at(target.planes[0], target.strides[0], x, ty), at(target.planes[0], target.strides[0], x, ty + 1)},
        at(target.planes[1], target.strides[1], x / 2, ty / 2),
        at(target.planes[2], target.strides[2], x / 2, ty / 2)};
    const auto bgra = [&](const std::uint8_t* luma, int stride, const std::uint8_t* u, const std::uint8_t* v,
                          Bytes& to) {
      libyuv::I420ToARGBMatrix(luma, stride, u, 0, v, 0, to.data(), static_cast<int>(row_bytes),
                               &libyuv::kYuvH709Constants, crop.width, 2);
    };
    bgra(rows.y[0], target.strides[0], rows.u, rows.v, below);
    bgra(at(source.planes[0], source.strides[0], crop.x, sy), source.strides[0],
         at(source.planes[1], source.strides[1], crop.x / 2, sy / 2),
         at(source.planes[2], source.strides[2], crop.x / 2, sy / 2), over);
    for (int i = 0; i < 2; ++i) {
      fade(alpha, crop.x, sy + i, opacity, alphas[i], crop.width);
      mix_row(mode, below.data() + row_bytes * i, over.data() + row_bytes * i, alphas[i].data(), crop.width);
    }
    const std::uint8_t* const both[2] = {alphas[0].data(), alphas[1].data()};
    store(below.data(), below.data() + row_bytes, both, rows, crop.width);
  }
  if (alpha.data != nullptr) alpha.data += static_cast<std::ptrdiff_t>(crop.y) * alpha.stride + crop.x;
  cover(target, place, alpha, opacity);
  return {};
}

}  // namespace mainstay::ffi
