#include "engine/ffi/yuv/scale_bgra.h"

#include <libyuv/scale_argb.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace mainstay::ffi {

namespace {

constexpr int kShift = 16;  // of weights: 8 bits times them, summed up to one, stay in 32 bits
constexpr int kOne = 1 << kShift;

/// What of a run of pixels goes into one, in 1/2^16.
struct Taps {
  int first = 0;
  std::vector<std::uint32_t> weights;
};

/// The taps of pixels [from, from + count) when `size` pixels become `scaled`.
std::vector<Taps> triangle(int size, int scaled, int from, int count) {
  const double step = static_cast<double>(size) / scaled;
  const double reach = std::max(1.0, step);
  std::vector<Taps> all(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    Taps& taps = all[static_cast<std::size_t>(i)];
    const double centre = (from + i + 0.5) * step - 0.5;
    taps.first = std::max(0, static_cast<int>(std::ceil(centre - reach)));
    const int last = std::min(size - 1, static_cast<int>(std::floor(centre + reach)));
    double sum = 0;
    for (int at = taps.first; at <= last; ++at) sum += std::max(0.0, 1 - std::abs(at - centre) / reach);
    std::uint32_t given = 0;
    std::size_t heaviest = 0;
    for (int at = taps.first; at <= last; ++at) {
      const double weight = std::max(0.0, 1 - std::abs(at - centre) / reach) / sum;
      taps.weights.push_back(static_cast<std::uint32_t>(std::lround(weight * kOne)));
      given += taps.weights.back();
      if (taps.weights.back() > taps.weights[heaviest]) heaviest = taps.weights.size() - 1;
    }
    taps.weights[heaviest] += static_cast<std::uint32_t>(kOne) - given;  // so that a plain area keeps its colour
  }
  return all;
}

/// Adds `count` bytes, weighed. In fixed pieces, which the compiler turns into vector code.
void add_row(std::uint32_t* sums, const std::uint8_t* row, std::size_t count, std::uint32_t weight) {
  constexpr std::size_t kPiece = 16;
  std::size_t i = 0;
  for (; i + kPiece <= count; i += kPiece)
    for (std::size_t k = 0; k < kPiece; ++k) sums[i + k] += row[i + k] * weight;
  for (; i < count; ++i) sums[i] += row[i] * weight;
}

void narrow_row(const std::uint8_t* row, const std::vector<Taps>& columns, std::uint8_t* out) {
  for (const Taps& taps : columns) {
    std::uint32_t sums[4] = {kOne / 2, kOne / 2, kOne / 2, kOne / 2};
    const std::uint8_t* pixel = row + static_cast<std::ptrdiff_t>(taps.first) * 4;
    for (const std::uint32_t weight : taps.weights) {
      for (int c = 0; c < 4; ++c) sums[c] += pixel[c] * weight;
      pixel += 4;
    }
    for (int c = 0; c < 4; ++c) *out++ = static_cast<std::uint8_t>(sums[c] >> kShift);
  }
}

bool inside(Rect r, int width, int height) {
  return r.x >= 0 && r.y >= 0 && r.width > 0 && r.height > 0 && r.x + r.width <= width && r.y + r.height <= height;
}

/// Halving, which libyuv does fast, leaves the filter enough to do: averaging a half once more by less than two would
/// beat with fine patterns.
bool may_halve(Rect crop, int width, int height) {
  if (crop.width % 2 != 0 || crop.height % 2 != 0) return false;
  const bool exact = crop.width == 2 * width && crop.height == 2 * height;
  return exact || (crop.width >= 4 * width && crop.height >= 4 * height);
}

/// `crop` of `source`, halved as often as it may be; `crop` becomes that of the result. Empty when it may not.
BgraImage halve(const Frame& source, Rect& crop, int width, int height) {
  BgraImage image;
  const std::uint8_t* from = source.planes[0] + static_cast<std::ptrdiff_t>(crop.y) * source.strides[0] +
                             static_cast<std::ptrdiff_t>(crop.x) * 4;
  int stride = source.strides[0];
  while (may_halve(crop, width, height)) {
    BgraImage half{crop.width / 2, crop.height / 2, {}};
    half.bytes.resize(static_cast<std::size_t>(half.width) * half.height * 4);
    libyuv::ARGBScale(from, stride, crop.width, crop.height, half.bytes.data(), half.width * 4, half.width, half.height,
                      libyuv::kFilterBox);
    image = std::move(half);
    crop = {0, 0, image.width, image.height};
    from = image.bytes.data();
    stride = image.width * 4;
  }
  return image;
}

/// `part` of `crop` of the pixels, filtered.
BgraImage filter(const std::uint8_t* pixels, int stride, Rect crop, int width, int height, Rect part) {
  BgraImage out{part.width, part.height, {}};
  out.bytes.resize(static_cast<std::size_t>(part.width) * part.height * 4);
  const std::vector<Taps> columns = triangle(crop.width, width, part.x, part.width);
  const std::vector<Taps> rows = triangle(crop.height, height, part.y, part.height);
  const std::size_t bytes_in = static_cast<std::size_t>(crop.width) * 4;
  const std::size_t bytes_out = static_cast<std::size_t>(part.width) * 4;
  std::vector<std::uint32_t> sums(bytes_in);
  std::vector<std::uint8_t> row(bytes_in);
  for (std::size_t y = 0; y < rows.size(); ++y) {
    std::fill(sums.begin(), sums.end(), kOne / 2);
    const std::uint8_t* from =
        pixels + static_cast<std::ptrdiff_t>(crop.y + rows[y].first) * stride + static_cast<std::ptrdiff_t>(crop.x) * 4;
    for (const std::uint32_t weight : rows[y].weights) {
      add_row(sums.data(), from, bytes_in, weight);
      from += stride;
    }
    for (std::size_t i = 0; i < bytes_in; ++i) row[i] = static_cast<std::uint8_t>(sums[i] >> kShift);
    narrow_row(row.data(), columns, out.bytes.data() + y * bytes_out);
  }
  return out;
}

}  // namespace

Result<BgraImage> scale_bgra(const Frame& source, Rect crop, int width, int height, Rect part) {
  if (source.format != PixelFormat::bgra || !inside(crop, source.width, source.height) || !inside(part, width, height))
    return Error{Errc::invalid, "a graphic cannot be scaled so", nullptr};
  BgraImage half = halve(source, crop, width, height);
  if (half.bytes.empty()) return filter(source.planes[0], source.strides[0], crop, width, height, part);
  if (part == Rect{0, 0, half.width, half.height} && crop.width == width && crop.height == height) return half;
  return filter(half.bytes.data(), half.width * 4, crop, width, height, part);
}

}  // namespace mainstay::ffi
