// Its loops are over whole rows of bytes with 16-bit arithmetic, which the compiler makes into vector code at -O3.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif

#include "engine/ffi/yuv/premultiplied.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "engine/ffi/yuv/blend.h"

namespace mainstay::ffi {

namespace {

constexpr int kOpaque = 256;
constexpr std::array<int, 3> kBlack{16, 128, 128};

using Row = std::vector<std::uint8_t>;

/// x / 255, rounded; x up to 255².
constexpr std::uint16_t div255(std::uint16_t x) {
  const auto t = static_cast<std::uint16_t>(x + 128);
  return static_cast<std::uint16_t>((t + (t >> 8)) >> 8);
}

std::uint8_t clamped(int code) {
  return static_cast<std::uint8_t>(std::clamp(code, 0, 255));
}

/// target = source + (target − black) · (255 − alpha) / 255
void lay_row(const std::uint8_t* __restrict source, const std::uint8_t* __restrict alpha,
             std::uint8_t* __restrict target, int count, int black) {
  for (int i = 0; i < count; ++i) {
    const auto under = static_cast<std::uint16_t>(target[i] * (255 - alpha[i]) + black * alpha[i]);
    target[i] = clamped(source[i] + div255(under) - black);
  }
}

void premultiply_row(std::uint8_t* __restrict codes, const std::uint8_t* __restrict alpha, int count, int black) {
  for (int i = 0; i < count; ++i)
    codes[i] =
        static_cast<std::uint8_t>(div255(static_cast<std::uint16_t>(codes[i] * alpha[i] + black * (255 - alpha[i]))));
}

void fade_row(const std::uint8_t* __restrict from, std::uint8_t* __restrict to, int count, int black, int opacity) {
  for (int i = 0; i < count; ++i)
    to[i] = static_cast<std::uint8_t>((from[i] * opacity + black * (kOpaque - opacity) + 128) >> 8);
}

/// The mean of two by two; an odd edge stands for what lies beyond it.
void halve_rows(const std::uint8_t* __restrict upper, const std::uint8_t* __restrict lower, std::uint8_t* __restrict to,
                int width) {
  const int pairs = width / 2;
  for (int i = 0; i < pairs; ++i)
    to[i] = static_cast<std::uint8_t>((upper[2 * i] + upper[2 * i + 1] + lower[2 * i] + lower[2 * i + 1] + 2) >> 2);
  if (width % 2 != 0) to[pairs] = static_cast<std::uint8_t>((upper[width - 1] + lower[width - 1] + 1) >> 1);
}

/// The smallest and the largest of a row.
struct Span {
  std::uint8_t least = 255;
  std::uint8_t most = 0;
};

Span span_of(const std::uint8_t* __restrict row, int count) {
  std::uint8_t least = 255;
  std::uint8_t most = 0;
  for (int i = 0; i < count; ++i) {
    least = std::min(least, row[i]);
    most = std::max(most, row[i]);
  }
  return {least, most};
}

/// A row in pieces: mostly a piece is all transparent, or all opaque.
void lay_pieces(const std::uint8_t* source, const std::uint8_t* alpha, std::uint8_t* target, int count, int black) {
  constexpr int kPiece = 64;
  for (int i = 0; i < count; i += kPiece) {
    const int width = std::min(kPiece, count - i);
    const Span span = span_of(alpha + i, width);
    if (span.most == 0) continue;
    if (span.least == 255)
      std::memcpy(target + i, source + i, static_cast<std::size_t>(width));
    else
      lay_row(source + i, alpha + i, target + i, width, black);
  }
}

template <class Byte>
Byte* at(Byte* plane, int stride, int x, int y) {
  return plane + static_cast<std::ptrdiff_t>(y) * stride + x;
}

/// Alpha of plane 0, or of planes 1 and 2, row by row.
class AlphaRows {
 public:
  AlphaRows(const std::uint8_t* alpha, int stride, int width, int height)
      : alpha_(alpha),
        stride_(stride),
        width_(width),
        height_(height),
        half_(static_cast<std::size_t>(width + 1) / 2) {}

  const std::uint8_t* row(std::size_t plane, int y) {
    if (plane == 0) return at(alpha_, stride_, 0, y);
    const std::uint8_t* const upper = at(alpha_, stride_, 0, 2 * y);
    halve_rows(upper, 2 * y + 1 < height_ ? upper + stride_ : upper, half_.data(), width_);
    return half_.data();
  }

 private:
  const std::uint8_t* const alpha_;
  const int stride_;
  const int width_;
  const int height_;
  Row half_;
};

bool all_of(AlphaPlane alpha, int width, int height, std::uint8_t value) {
  for (int y = 0; y < height; ++y) {
    const Span span = span_of(at(alpha.data, alpha.stride, 0, y), width);
    if (span.least != value || span.most != value) return false;
  }
  return true;
}

std::uint8_t straight(int code, int alpha, int black) {
  if (alpha == 0) return static_cast<std::uint8_t>(black);
  const int over = (code - black) * 255;
  return clamped(black + (over + (over >= 0 ? alpha : -alpha) / 2) / alpha);
}

}  // namespace

void premultiply(WritableFrame& picture) {
  if (picture.alpha == nullptr) return;
  AlphaRows alphas(picture.alpha, picture.alpha_stride, picture.width, picture.height);
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    for (int y = 0; y < picture.height >> shift; ++y) {
      premultiply_row(at(picture.planes[plane], picture.strides[plane], 0, y), alphas.row(plane, y),
                      picture.width >> shift, kBlack[plane]);
    }
  }
}

FramePtr unpremultiplied(const FramePtr& picture) {
  if (picture->alpha == nullptr) return picture;
  WritableFrame out = WritableFrame::make(picture->width, picture->height);
  AlphaRows alphas(picture->alpha, picture->alpha_stride, picture->width, picture->height);
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    const int width = (picture->width + shift) >> shift;
    for (int y = 0; y < (picture->height + shift) >> shift; ++y) {
      const std::uint8_t* const alpha = alphas.row(plane, y);
      const std::uint8_t* const from = at(picture->planes[plane], picture->strides[plane], 0, y);
      std::uint8_t* const to = at(out.planes[plane], out.strides[plane], 0, y);
      for (int x = 0; x < width; ++x) to[x] = straight(from[x], alpha[x], kBlack[plane]);
    }
  }
  struct Owner {
    std::shared_ptr<const void> codes;
    FramePtr alpha;
  };
  auto frame = std::make_shared<Frame>(*std::move(out).freeze());
  frame->width = picture->width;
  frame->height = picture->height;
  frame->matrix = picture->matrix;
  frame->sar_num = picture->sar_num;
  frame->sar_den = picture->sar_den;
  frame->alpha = picture->alpha;
  frame->alpha_stride = picture->alpha_stride;
  frame->owner = std::make_shared<Owner>(Owner{frame->owner, picture});
  return frame;
}

bool all_opaque(AlphaPlane alpha, int width, int height) {
  return alpha.data == nullptr || all_of(alpha, width, height, 255);
}

bool all_transparent(AlphaPlane alpha, int width, int height) {
  return alpha.data != nullptr && all_of(alpha, width, height, 0);
}

Status lay_premultiplied(const Frame& source, Rect crop, WritableFrame& target, int x, int y, int opacity) {
  const bool even = (crop.x | crop.y | x | y) % 2 == 0;
  const bool inside = crop.x >= 0 && crop.y >= 0 && crop.width > 0 && crop.height > 0 &&
                      crop.x + crop.width <= source.width && crop.y + crop.height <= source.height && x >= 0 &&
                      y >= 0 && x + crop.width <= target.width && y + crop.height <= target.height;
  if (source.format != PixelFormat::i420 || source.alpha == nullptr || !even || !inside || opacity < 0 ||
      opacity > kOpaque)
    return Error{Errc::invalid, "a picture with alpha cannot be laid there", nullptr};
  if (opacity == 0) return {};
  const std::uint8_t* const corner = at(source.alpha, source.alpha_stride, crop.x, crop.y);
  AlphaRows alphas(corner, source.alpha_stride, crop.width, crop.height);
  Row faded(static_cast<std::size_t>(crop.width));
  Row faded_alpha(static_cast<std::size_t>(crop.width));
  const auto lay = [&](std::size_t plane, int row, const std::uint8_t* alpha) {
    const int shift = plane == 0 ? 0 : 1;
    const int width = (crop.width + shift) >> shift;
    const std::uint8_t* from =
        at(source.planes[plane], source.strides[plane], crop.x >> shift, (crop.y >> shift) + row);
    std::uint8_t* const to = at(target.planes[plane], target.strides[plane], x >> shift, (y >> shift) + row);
    if (opacity == kOpaque) return lay_pieces(from, alpha, to, width, kBlack[plane]);
    fade_row(from, faded.data(), width, kBlack[plane], opacity);
    fade_row(alpha, faded_alpha.data(), width, 0, opacity);
    lay_pieces(faded.data(), faded_alpha.data(), to, width, kBlack[plane]);
  };
  for (int row = 0; row < crop.height; ++row) lay(0, row, alphas.row(0, row));
  for (int row = 0; row < (crop.height + 1) / 2; ++row) {
    const std::uint8_t* const alpha = alphas.row(1, row);  // of both
    lay(1, row, alpha);
    lay(2, row, alpha);
  }
  cover(target, {x, y, crop.width, crop.height}, {corner, source.alpha_stride}, opacity);
  return {};
}

void cover(WritableFrame& target, Rect where, AlphaPlane alpha, int opacity) {
  if (target.alpha == nullptr || where.width <= 0) return;
  const auto width = static_cast<std::size_t>(where.width);
  const Row full(width, 255);
  Row faded(width, static_cast<std::uint8_t>(std::min(255, opacity)));
  for (int row = 0; row < where.height; ++row) {
    std::uint8_t* const to = at(target.alpha, target.alpha_stride, where.x, where.y + row);
    if (alpha.data == nullptr) {
      if (opacity == kOpaque)
        std::memset(to, 255, width);
      else
        blend_plane(full.data(), 0, faded.data(), 0, to, 0, where.width, 1);
      continue;
    }
    const std::uint8_t* share = at(alpha.data, alpha.stride, 0, row);
    if (opacity != kOpaque) {
      fade_row(share, faded.data(), where.width, 0, opacity);
      share = faded.data();
    }
    blend_plane(full.data(), 0, share, 0, to, 0, where.width, 1);
  }
}

}  // namespace mainstay::ffi
