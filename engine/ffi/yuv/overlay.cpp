#include "engine/ffi/yuv/overlay.h"

#include <libyuv/planar_functions.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "engine/ffi/yuv/blend.h"
#include "engine/ffi/yuv/bt709.h"
#include "engine/ffi/yuv/premultiplied.h"
#include "engine/ffi/yuv/scale_bgra.h"

namespace mainstay::ffi {

namespace {

constexpr int kOpaque = 256;
using namespace bt709;

/// 255 / alpha, which takes the premultiplication out again.
constexpr std::array<std::int64_t, 256> make_inverses() {
  std::array<std::int64_t, 256> inverses{};
  for (int a = 1; a < 256; ++a) inverses[a] = ((std::int64_t{255} << kBits) + a / 2) / a;
  return inverses;
}

constexpr std::array<std::int64_t, 256> kInverse = make_inverses();

std::uint8_t luma_of(const std::uint8_t* pixel) {
  const std::int64_t sum = std::int64_t{kYb} * pixel[0] + kYg * pixel[1] + kYr * pixel[2];
  const std::int64_t straight = sum * kInverse[pixel[3]] >> kBits;
  return static_cast<std::uint8_t>(std::min<std::int64_t>(235, 16 + ((straight + (1 << (kBits - 1))) >> kBits)));
}

std::uint8_t chroma_of(std::int64_t sum, int alpha) {
  if (alpha == 0) return 128;
  const std::int64_t straight = sum * 255 / alpha;
  return static_cast<std::uint8_t>(std::clamp<std::int64_t>(128 + ((straight + (1 << (kBits - 1))) >> kBits), 16, 240));
}

/// The rows and columns that are not transparent, spread to even ones.
Rect visible_box(const std::uint8_t* bgra, int stride, int width, int height) {
  int left = width;
  int right = 0;
  int top = height;
  int bottom = 0;
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* alpha = bgra + static_cast<std::ptrdiff_t>(y) * stride + 3;
    int first = 0;
    while (first < width && alpha[4 * first] == 0) ++first;
    if (first == width) continue;
    int last = width;
    while (alpha[4 * (last - 1)] == 0) --last;
    left = std::min(left, first);
    right = std::max(right, last);
    top = std::min(top, y);
    bottom = y + 1;
  }
  if (right == 0) return {};
  left &= ~1;
  top &= ~1;
  return {left, top, (right - left + 1) & ~1, (bottom - top + 1) & ~1};
}

bool even(Rect r) {
  return r.x % 2 == 0 && r.y % 2 == 0;
}

}  // namespace

Result<Overlay> Overlay::make(const Frame& graphic, Rect crop, int width, int height, Rect part) {
  const Error wrong{Errc::invalid, "a graphic cannot be laid so", nullptr};
  if (graphic.format != PixelFormat::bgra || width % 2 != 0 || height % 2 != 0 || !even(part)) return wrong;
  if (crop.x < 0 || crop.y < 0 || crop.width <= 0 || crop.height <= 0 || crop.x + crop.width > graphic.width ||
      crop.y + crop.height > graphic.height)
    return wrong;
  if (part.x < 0 || part.y < 0 || part.width <= 0 || part.height <= 0 || part.x + part.width > width ||
      part.y + part.height > height)
    return wrong;
  BgraImage scaled;
  const std::uint8_t* pixels = nullptr;
  int stride = 0;
  const auto as_it_is = [](int size, int placed) {
    return placed - size == 0 || (placed - size == 1 && size % 2 != 0);
  };
  if (as_it_is(crop.width, width) && as_it_is(crop.height, height)) {
    part.width = std::min(part.width, crop.width - part.x);
    part.height = std::min(part.height, crop.height - part.y);
    stride = graphic.strides[0];
    pixels = graphic.planes[0] + static_cast<std::ptrdiff_t>(crop.y + part.y) * stride +
             static_cast<std::ptrdiff_t>(crop.x + part.x) * 4;
  } else {
    MAINSTAY_TRY(scaled, scale_bgra(graphic, crop, width, height, part));
    pixels = scaled.bytes.data();
    stride = scaled.width * 4;
  }
  Overlay overlay;
  overlay.box_ = visible_box(pixels, stride, part.width, part.height);
  if (overlay.box_.width == 0) return overlay;
  const Rect box = overlay.box_;
  overlay.convert(pixels + static_cast<std::ptrdiff_t>(box.y) * stride + static_cast<std::ptrdiff_t>(box.x) * 4, stride,
                  std::min(box.width, part.width - box.x), std::min(box.height, part.height - box.y));
  overlay.box_.x += part.x;
  overlay.box_.y += part.y;
  return overlay;
}

void Overlay::convert(const std::uint8_t* bgra, int stride, int width, int height) {
  WritableFrame picture = WritableFrame::make(box_.width, box_.height);
  picture.fill(16, 128, 128);
  alpha_stride_ = picture.width;
  alpha_.luma.assign(static_cast<std::size_t>(alpha_stride_) * picture.height, 0);
  alpha_.chroma.assign(static_cast<std::size_t>(alpha_stride_ / 2) * (picture.height / 2), 0);
  for (int y = 0; y < height; y += 2) {
    for (int x = 0; x < width; x += 2) {
      std::int64_t u = 0;
      std::int64_t v = 0;
      int alpha = 0;
      for (int row = y; row < std::min(y + 2, height); ++row) {
        const std::uint8_t* pixel =
            bgra + static_cast<std::ptrdiff_t>(row) * stride + static_cast<std::ptrdiff_t>(x) * 4;
        for (int column = x; column < std::min(x + 2, width); ++column, pixel += 4) {
          picture.planes[0][static_cast<std::ptrdiff_t>(row) * picture.strides[0] + column] = luma_of(pixel);
          alpha_.luma[static_cast<std::size_t>(row) * alpha_stride_ + column] = pixel[3];
          u += kHalf * pixel[0] + kUg * pixel[1] + kUr * pixel[2];
          v += kVb * pixel[0] + kVg * pixel[1] + kHalf * pixel[2];
          alpha += pixel[3];
        }
      }
      picture.planes[1][static_cast<std::ptrdiff_t>(y / 2) * picture.strides[1] + x / 2] = chroma_of(u, alpha);
      picture.planes[2][static_cast<std::ptrdiff_t>(y / 2) * picture.strides[2] + x / 2] = chroma_of(v, alpha);
      alpha_.chroma[static_cast<std::size_t>(y / 2) * (alpha_stride_ / 2) + x / 2] =
          static_cast<std::uint8_t>((alpha + 2) / 4);
    }
  }
  const auto is_opaque = [](std::uint8_t a) { return a == 255; };
  opaque_ = std::all_of(alpha_.luma.begin(), alpha_.luma.end(), is_opaque);
  picture_ = std::move(picture).freeze();
}

const Overlay::Alpha& Overlay::faded(int opacity) {
  if (opacity == kOpaque) return alpha_;
  if (opacity == faded_to_) return faded_;
  faded_.luma.resize(alpha_.luma.size());
  faded_.chroma.resize(alpha_.chroma.size());
  const std::vector<std::uint8_t> clear(static_cast<std::size_t>(alpha_stride_), 0);
  const auto fade = [&](const std::vector<std::uint8_t>& from, std::vector<std::uint8_t>& to, int stride, int rows) {
    libyuv::InterpolatePlane(clear.data(), 0, from.data(), stride, to.data(), stride, stride, rows, opacity);
  };
  fade(alpha_.luma, faded_.luma, alpha_stride_, picture_->height);
  fade(alpha_.chroma, faded_.chroma, alpha_stride_ / 2, picture_->height / 2);
  faded_to_ = opacity;
  return faded_;
}

Status Overlay::lay(Rect inner, WritableFrame& target, int x, int y, int opacity, std::optional<BlendMode> mode) {
  const bool inside = x >= 0 && y >= 0 && x % 2 == 0 && y % 2 == 0 && inner.width >= 0 && inner.height >= 0 &&
                      x + inner.width <= target.width && y + inner.height <= target.height;
  if (!even(inner) || !inside || opacity < 0 || opacity > kOpaque)
    return Error{Errc::invalid, "a graphic cannot be laid there", nullptr};
  const int left = std::max(inner.x, box_.x);
  const int top = std::max(inner.y, box_.y);
  const int width = std::min(inner.x + inner.width, box_.x + box_.width) - left;
  const int height = std::min(inner.y + inner.height, box_.y + box_.height) - top;
  if (width <= 0 || height <= 0 || opacity == 0) return {};
  x += left - inner.x;
  y += top - inner.y;
  const Rect from{left - box_.x, top - box_.y, width, height};
  if (mode) {
    const AlphaPlane alpha{opaque_ ? nullptr : alpha_.luma.data(), alpha_stride_};
    return blend_mode_i420(*picture_, from, alpha, target, x, y, opacity, *mode);
  }
  if (opaque_) return blend_i420(*picture_, from, target, x, y, opacity);
  const Alpha& alpha = faded(opacity);
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    const int alpha_stride = alpha_stride_ >> shift;
    const std::uint8_t* a = (plane == 0 ? alpha.luma : alpha.chroma).data();
    blend_plane(picture_->planes[plane] + static_cast<std::ptrdiff_t>(from.y >> shift) * picture_->strides[plane] +
                    (from.x >> shift),
                picture_->strides[plane],
                a + static_cast<std::ptrdiff_t>(from.y >> shift) * alpha_stride + (from.x >> shift), alpha_stride,
                target.planes[plane] + static_cast<std::ptrdiff_t>(y >> shift) * target.strides[plane] + (x >> shift),
                target.strides[plane], (width + shift) >> shift, (height + shift) >> shift);
  }
  cover(target, {x, y, width, height},
        {alpha.luma.data() + static_cast<std::ptrdiff_t>(from.y) * alpha_stride_ + from.x, alpha_stride_}, kOpaque);
  return {};
}

}  // namespace mainstay::ffi
