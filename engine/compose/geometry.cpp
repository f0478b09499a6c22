#include "engine/compose/geometry.h"

#include <algorithm>
#include <utility>

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

struct Size {
  std::int64_t width = 0;
  std::int64_t height = 0;
};

/// The layer's box on the program for a picture that is shown as large as `shown` by itself.
Size box_of(const show::Layer& layer, Size shown, bool own_size, Size program) {
  Size box{layer.width > 0 ? layer.width : program.width, layer.height > 0 ? layer.height : program.height};
  if (!own_size || layer.fit || (layer.width > 0 && layer.height > 0)) return box;
  if (layer.width > 0) {
    box.height = std::max<std::int64_t>(1, mul_div(shown.height, box.width, shown.width, Rounding::nearest));
  } else if (layer.height > 0) {
    box.width = std::max<std::int64_t>(1, mul_div(shown.width, box.height, shown.height, Rounding::nearest));
  } else if (shown.width <= program.width && shown.height <= program.height) {
    box = shown;
  }
  return box;
}

/// A rectangle of a turned picture, in the picture as it came: `area` of it was turned.
ffi::Rect turned_back(ffi::Rect part, ffi::Rect area, int rotate) {
  ffi::Rect out = part;
  switch (rotate) {
    case 90:
      out = {part.y, area.height - part.x - part.width, part.height, part.width};
      break;
    case 180:
      out = {area.width - part.x - part.width, area.height - part.y - part.height, part.width, part.height};
      break;
    case 270:
      out = {area.width - part.y - part.height, part.x, part.height, part.width};
      break;
    default:
      break;
  }
  out.x = area.x + (out.x & ~1);
  out.y = area.y + (out.y & ~1);
  return out;
}

/// The part of a picture of width×height pixels, shown as `shown`, that has the box's shape: what lies outside is cut
/// off on both sides alike.
ffi::Rect covering(int width, int height, Size shown, Size box) {
  const bool wider = shown.width * box.height > box.width * shown.height;
  ffi::Rect crop{0, 0, width, height};
  if (wider)
    crop.width = std::min(width, even_size(mul_div(width * box.width, shown.height, shown.width * box.height)));
  else
    crop.height = std::min(height, even_size(mul_div(height * box.height, shown.width, shown.height * box.width)));
  crop.x = (width - crop.width) / 2 & ~1;
  crop.y = (height - crop.height) / 2 & ~1;
  return crop;
}

}  // namespace

ffi::Rect cropped(const PictureShape& picture, const show::Crop& crop) {
  const int left = std::clamp(crop.left, 0, picture.width) & ~1;
  const int top = std::clamp(crop.top, 0, picture.height) & ~1;
  return {left, top, picture.width - std::clamp(crop.right, 0, picture.width) - left,
          picture.height - std::clamp(crop.bottom, 0, picture.height) - top};
}

Placement place_layer(const PictureShape& picture, const show::Layer& layer, int program_width, int program_height) {
  Placement place;
  if (picture.width <= 0 || picture.height <= 0 || picture.sar_num <= 0 || picture.sar_den <= 0) return place;
  const ffi::Rect area = cropped(picture, layer.crop);
  if (area.width <= 0 || area.height <= 0) return place;
  // As wide as it is on screen, with square pixels.
  Size shown{std::max<std::int64_t>(1, mul_div(area.width, picture.sar_num, picture.sar_den, Rounding::nearest)),
             area.height};
  ffi::Rect turned{0, 0, area.width, area.height};
  place.rotate = layer.rotate;
  if (layer.rotate % 180 != 0) {
    std::swap(shown.width, shown.height);
    std::swap(turned.width, turned.height);
  }
  const Size box = box_of(layer, shown, picture.own_size, {program_width, program_height});
  std::int64_t x = layer.x;
  std::int64_t y = layer.y;
  const show::Fit fit = layer.fit.value_or(show::Fit::contain);
  switch (fit) {
    case show::Fit::stretch:
      place.width = even_size(box.width);
      place.height = even_size(box.height);
      break;
    case show::Fit::contain: {
      const bool wider = shown.width * box.height > box.width * shown.height;  // than the box
      place.width = even_size(wider ? box.width : mul_div(shown.width, box.height, shown.height, Rounding::nearest));
      place.height = even_size(wider ? mul_div(shown.height, box.width, shown.width, Rounding::nearest) : box.height);
      x += (box.width - place.width) / 2;
      y += (box.height - place.height) / 2;
      break;
    }
    case show::Fit::cover:
      place.width = even_size(box.width);
      place.height = even_size(box.height);
      turned = covering(turned.width, turned.height, shown, box);
      break;
    case show::Fit::none:
      place.width = even_size(shown.width);
      place.height = even_size(shown.height);
      break;
  }
  place.crop = turned_back(turned, area, layer.rotate);
  place.x = to_even(x);
  place.y = to_even(y);
  clip(place.x, place.width, program_width, place.inner.x, place.inner.width);
  clip(place.y, place.height, program_height, place.inner.y, place.inner.height);
  if (fit == show::Fit::none) {  // its own size, but not beyond its box
    place.inner.width = std::min(place.inner.width, even_size(box.width));
    place.inner.height = std::min(place.inner.height, even_size(box.height));
  }
  return place;
}

}  // namespace mainstay
