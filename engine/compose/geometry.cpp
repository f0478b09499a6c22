#include "engine/compose/geometry.h"

#include <algorithm>

#include "engine/media/rate.h"

namespace mainstay {

namespace {

// A layer blown up beyond this only costs memory.
constexpr int kMaxSide = 16384;

int to_even(std::int64_t value) {
  return static_cast<int>(std::clamp<std::int64_t>(value, -kMaxSide, kMaxSide)) & ~1;
}

/// The nearest even size, at least 2.
int even_size(std::int64_t value) {
  return std::max(2, to_even(value + 1));
}

/// The visible part of a run of `size` at `at` within [0, limit).
void clip(int& at, int size, int limit, int& inner_at, int& inner_size) {
  const int begin = std::max(at, 0);
  const int end = std::min(at + size, limit);
  inner_at = begin - at;
  inner_size = std::max(0, end - begin);
  at = begin;
}

}  // namespace

Placement place_layer(int width, int height, int sar_num, int sar_den, const show::Layer& layer, int program_width,
                      int program_height) {
  Placement place;
  if (width <= 0 || height <= 0 || sar_num <= 0 || sar_den <= 0) return place;
  const int box_width = layer.width > 0 ? layer.width : program_width;
  const int box_height = layer.height > 0 ? layer.height : program_height;
  // As wide as it is on screen, with square pixels.
  const std::int64_t shown_width = std::max<std::int64_t>(1, mul_div(width, sar_num, sar_den, Rounding::nearest));
  place.crop = {0, 0, width, height};
  std::int64_t x = layer.x;
  std::int64_t y = layer.y;
  const bool wider = shown_width * box_height > std::int64_t{box_width} * height;  // than the box
  switch (layer.fit) {
    case show::Fit::stretch:
      place.width = even_size(box_width);
      place.height = even_size(box_height);
      break;
    case show::Fit::contain:
      place.width = even_size(wider ? box_width : mul_div(shown_width, box_height, height, Rounding::nearest));
      place.height = even_size(wider ? mul_div(height, box_width, shown_width, Rounding::nearest) : box_height);
      x += (box_width - place.width) / 2;
      y += (box_height - place.height) / 2;
      break;
    case show::Fit::cover: {
      place.width = even_size(box_width);
      place.height = even_size(box_height);
      // What lies outside the box is cut off on both sides alike.
      const int crop_width =
          wider ? even_size(mul_div(std::int64_t{width} * box_width, height, shown_width * box_height)) : width;
      const int crop_height = wider ? height : even_size(mul_div(shown_width, box_height, box_width));
      place.crop.width = std::min(width, crop_width);
      place.crop.height = std::min(height, crop_height);
      place.crop.x = (width - place.crop.width) / 2 & ~1;
      place.crop.y = (height - place.crop.height) / 2 & ~1;
      break;
    }
    case show::Fit::none:
      place.width = even_size(shown_width);
      place.height = even_size(height);
      break;
  }
  place.x = to_even(x);
  place.y = to_even(y);
  clip(place.x, place.width, program_width, place.inner.x, place.inner.width);
  clip(place.y, place.height, program_height, place.inner.y, place.inner.height);
  if (layer.fit == show::Fit::none) {  // its own size, but not beyond its box
    place.inner.width = std::min(place.inner.width, even_size(box_width));
    place.inner.height = std::min(place.inner.height, even_size(box_height));
  }
  return place;
}

}  // namespace mainstay
