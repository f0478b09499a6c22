#include "engine/compose/filters/planes.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace mainstay {

namespace {

// BT.709-6, 3.2 to 3.4: R'G'B' of 255 steps to codes.
constexpr double kRed = 0.2126;
constexpr double kBlue = 0.0722;
constexpr double kGreen = 1 - kRed - kBlue;
constexpr int kBits = 16;

constexpr int fixed(double value) {
  return static_cast<int>(value * (1 << kBits) + (value < 0 ? -0.5 : 0.5));
}

constexpr int kYr = fixed(kRed * 219 / 255);
constexpr int kYb = fixed(kBlue * 219 / 255);
constexpr int kYg = fixed(219.0 / 255) - kYr - kYb;
constexpr int kHalf = fixed(0.5 * 224 / 255);
constexpr int kUr = fixed(-kRed / (2 * (1 - kBlue)) * 224 / 255);
constexpr int kUg = -kHalf - kUr;
constexpr int kVb = fixed(-kBlue / (2 * (1 - kRed)) * 224 / 255);
constexpr int kVg = -kHalf - kVb;
static_assert(kGreen > 0);

/// A premultiplied sum by 255 / alpha, rounded.
int straight(std::int64_t sum, int alpha) {
  return alpha == 0 ? 0 : static_cast<int>((sum * 255 / alpha + (1 << (kBits - 1))) >> kBits);
}

std::uint8_t code(int value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

MAINSTAY_WIDE void multiply_row(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* to, int count) {
  for (int x = 0; x < count; ++x) {
    const auto product = static_cast<std::uint16_t>(a[x] * b[x] + 128);
    to[x] = static_cast<std::uint8_t>((product + (product >> 8)) >> 8);
  }
}

/// Towards black by alpha.
MAINSTAY_WIDE void premultiply_row(const std::uint8_t* codes, const std::uint8_t* alpha, std::uint8_t* to, int count,
                                   int black) {
  for (int x = 0; x < count; ++x) {
    const auto sum = static_cast<std::uint16_t>(codes[x] * alpha[x] + black * (255 - alpha[x]) + 128);
    to[x] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(sum + (sum >> 8)) >> 8);
  }
}

/// Alpha as chroma has it: the mean of its four pixels.
MAINSTAY_WIDE void halve_row(const std::uint8_t* top, const std::uint8_t* bottom, std::uint8_t* to, int width) {
  const int pairs = width / 2;
  for (int x = 0; x < pairs; ++x)
    to[x] = static_cast<std::uint8_t>((top[2 * x] + top[2 * x + 1] + bottom[2 * x] + bottom[2 * x + 1] + 2) >> 2);
  if (width % 2 != 0) to[pairs] = static_cast<std::uint8_t>((top[width - 1] + bottom[width - 1] + 1) >> 1);
}

/// Two rows of bgra, of which the second may be the first again; `shown` says whether it is one of its own.
void convert_rows(const std::uint8_t* top, const std::uint8_t* bottom, bool shown, int width, int y,
                  WritableFrame& out) {
  for (int x = 0; x < width; x += 2) {
    std::int64_t u = 0;
    std::int64_t v = 0;
    int alpha = 0;
    for (int i = 0; i < 4; ++i) {
      const int column = std::min(x + i % 2, width - 1);
      const std::uint8_t* pixel = (i < 2 ? top : bottom) + static_cast<std::ptrdiff_t>(column) * 4;
      u += kHalf * pixel[0] + kUg * pixel[1] + kUr * pixel[2];
      v += kVb * pixel[0] + kVg * pixel[1] + kHalf * pixel[2];
      alpha += pixel[3];
      if (i >= 2 && !shown) continue;
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(y + i / 2) * out.strides[0] + column;
      out.planes[0][at] = code(16 + straight(std::int64_t{kYb} * pixel[0] + kYg * pixel[1] + kYr * pixel[2], pixel[3]));
      out.alpha[at] = pixel[3];
    }
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(y / 2) * out.strides[1] + x / 2;
    out.planes[1][at] = code(128 + straight(u, alpha));
    out.planes[2][at] = code(128 + straight(v, alpha));
  }
}

}  // namespace

ffi::Plane plane_of(const Frame& frame, int plane) {
  if (plane == kAlphaPlane) return {frame.alpha, frame.alpha_stride, frame.width, frame.height};
  if (plane == 0) return {frame.planes[0], frame.strides[0], frame.width, frame.height};
  return {frame.planes[plane], frame.strides[plane], (frame.width + 1) / 2, (frame.height + 1) / 2};
}

ffi::WritablePlane plane_of(WritableFrame& frame, int plane) {
  if (plane == kAlphaPlane) return {frame.alpha, frame.alpha_stride, frame.width, frame.height};
  if (plane == 0) return {frame.planes[0], frame.strides[0], frame.width, frame.height};
  return {frame.planes[plane], frame.strides[plane], frame.width / 2, frame.height / 2};
}

FramePtr cut(const FramePtr& frame, ffi::Rect crop) {
  if (crop == ffi::Rect{0, 0, frame->width, frame->height}) return frame;
  auto part = std::make_shared<Frame>(*frame);
  part->width = crop.width;
  part->height = crop.height;
  for (int plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    part->planes[plane] = row_of(plane_of(*frame, plane), crop.y >> shift) + (crop.x >> shift);
  }
  if (frame->alpha != nullptr) part->alpha = row_of(plane_of(*frame, kAlphaPlane), crop.y) + crop.x;
  part->owner = frame;
  return part;
}

WritableFrame take_like(ffi::FramePool& pool, const Frame& like, bool with_alpha) {
  return pool.take(like.width, like.height, with_alpha);
}

FramePtr freeze_like(WritableFrame&& picture, const Frame& like) {
  auto frame = std::make_shared<Frame>(*std::move(picture).freeze());
  frame->width = like.width;
  frame->height = like.height;
  frame->sar_num = like.sar_num;
  frame->sar_den = like.sar_den;
  return frame;
}

FramePtr replaced(const FramePtr& picture, WritableFrame&& out, unsigned which) {
  auto frame = std::make_shared<Frame>(*picture);
  for (int plane = 0; plane < 3; ++plane) {
    if ((which & (plane == 0 ? kLuma : kChroma)) == 0) continue;
    frame->planes[plane] = out.planes[plane];
    frame->strides[plane] = out.strides[plane];
  }
  if ((which & kAlpha) != 0) {
    frame->alpha = out.alpha;
    frame->alpha_stride = out.alpha_stride;
  }
  const bool shares = (which & kColors) != kColors || (frame->alpha != nullptr && (which & kAlpha) == 0);
  if (shares)
    frame->owner = std::make_shared<std::pair<FramePtr, std::shared_ptr<const void>>>(picture, std::move(out.memory));
  else
    frame->owner = std::move(out.memory);
  return frame;
}

FramePtr with_alpha(const FramePtr& picture, ffi::Plane alpha, std::shared_ptr<const void> owner) {
  auto frame = std::make_shared<Frame>(*picture);
  frame->alpha = alpha.data;
  frame->alpha_stride = alpha.stride;
  frame->owner = std::make_shared<std::pair<FramePtr, std::shared_ptr<const void>>>(picture, std::move(owner));
  return frame;
}

void map_plane(ffi::Plane from, const std::uint8_t (&table)[256], ffi::WritablePlane to) {
  for (int y = 0; y < from.height; ++y) {
    const std::uint8_t* in = row_of(from, y);
    std::uint8_t* out = row_of(to, y);
    for (int x = 0; x < from.width; ++x) out[x] = table[in[x]];
  }
}

void multiply_planes(ffi::Plane a, ffi::Plane b, ffi::WritablePlane to) {
  for (int y = 0; y < a.height; ++y) multiply_row(row_of(a, y), row_of(b, y), row_of(to, y), a.width);
}

FramePtr straight_i420(const Frame& graphic, ffi::Rect crop, ffi::FramePool& pool) {
  WritableFrame out = pool.take(crop.width, crop.height, true);
  for (int y = 0; y < crop.height; y += 2) {
    const std::uint8_t* top = graphic.planes[0] + static_cast<std::ptrdiff_t>(crop.y + y) * graphic.strides[0] +
                              static_cast<std::ptrdiff_t>(crop.x) * 4;
    const bool two = y + 1 < crop.height;
    convert_rows(top, two ? top + graphic.strides[0] : top, two, crop.width, y, out);
  }
  Frame like = graphic;
  like.width = crop.width;
  like.height = crop.height;
  return freeze_like(std::move(out), like);
}

FramePtr premultiplied(const Frame& picture, ffi::FramePool& pool) {
  WritableFrame out = take_like(pool, picture, true);
  const ffi::Plane alpha = plane_of(picture, kAlphaPlane);
  ffi::copy_plane(alpha, {out.alpha, out.alpha_stride, alpha.width, alpha.height});
  const ffi::Plane luma = plane_of(picture, 0);
  for (int y = 0; y < luma.height; ++y)
    premultiply_row(row_of(luma, y), row_of(alpha, y), row_of(plane_of(out, 0), y), luma.width, 16);
  std::vector<std::uint8_t> half(static_cast<std::size_t>(alpha.width + 1) / 2);
  for (int y = 0; y < (picture.height + 1) / 2; ++y) {
    // An edge of an odd picture stands for what lies beyond it.
    const std::uint8_t* top = row_of(alpha, 2 * y);
    halve_row(top, 2 * y + 1 < alpha.height ? top + alpha.stride : top, half.data(), alpha.width);
    for (int plane = 1; plane < 3; ++plane) {
      const ffi::Plane chroma = plane_of(picture, plane);
      premultiply_row(row_of(chroma, y), half.data(), row_of(plane_of(out, plane), y), chroma.width, 128);
    }
  }
  return freeze_like(std::move(out), picture);
}

}  // namespace mainstay
