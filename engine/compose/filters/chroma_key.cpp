#include "engine/compose/filters/chroma_key.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "engine/compose/filters/planes.h"

namespace mainstay {

namespace {

struct Chroma {
  double u;
  double v;
};

/// Of "#rrggbb", as BT.709 codes that are not rounded.
Chroma chroma_of(const std::string& color) {
  const long bits = color.size() == 7 ? std::strtol(color.c_str() + 1, nullptr, 16) : 0;
  const double red = static_cast<double>(bits >> 16 & 255) / 255;
  const double green = static_cast<double>(bits >> 8 & 255) / 255;
  const double blue = static_cast<double>(bits & 255) / 255;
  const double luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return {128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748};
}

/// 0 up to nothing, 1 from `width` on.
double ramp(double beyond, double width) {
  if (width <= 0) return beyond > 0 ? 1 : 0;
  const double share = std::clamp(beyond / width, 0.0, 1.0);
  return share * std::sqrt(share);
}

std::uint8_t byte(double value) {
  return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

}  // namespace

ChromaTable::ChromaTable(const show::ChromaKeyFilter& settings) : entries_(256 * 256) {
  const Chroma key = chroma_of(settings.color);
  for (int u = 0; u < 256; ++u) {
    for (int v = 0; v < 256; ++v) {
      const double beyond = std::hypot(u - key.u, v - key.v) / 255 - settings.similarity;
      const double tint = settings.spill > 0 ? ramp(beyond, settings.spill) : 1;
      entries_[static_cast<std::size_t>(u) * 256 + v] = {byte(128 + (u - 128) * tint), byte(128 + (v - 128) * tint),
                                                         byte(255 * ramp(beyond, settings.smoothness)), 0};
    }
  }
}

FramePtr ChromaKey::apply(const FramePtr& picture, std::int64_t) {
  if (!table_) return picture;
  WritableFrame out = take_like(pool_, *picture, true);
  const ffi::Plane u = plane_of(*picture, 1);
  const ffi::Plane v = plane_of(*picture, 2);
  small_.resize(static_cast<std::size_t>(u.width) * u.height);
  for (int y = 0; y < u.height; ++y) {
    const std::uint8_t* in_u = row_of(u, y);
    const std::uint8_t* in_v = row_of(v, y);
    std::uint8_t* out_u = row_of(plane_of(out, 1), y);
    std::uint8_t* out_v = row_of(plane_of(out, 2), y);
    std::uint8_t* alpha = small_.data() + static_cast<std::size_t>(y) * u.width;
    for (int x = 0; x < u.width; ++x) {
      const ChromaTable::Entry& entry = table_->at(in_u[x], in_v[x]);
      out_u[x] = entry.u;
      out_v[x] = entry.v;
      alpha[x] = entry.alpha;
    }
  }
  ffi::scale_plane({small_.data(), u.width, u.width, u.height}, plane_of(out, kAlphaPlane));
  if (picture->alpha != nullptr) {
    ffi::WritablePlane alpha = plane_of(out, kAlphaPlane);
    multiply_planes(plane_of(*picture, kAlphaPlane), alpha, alpha);
  }
  return replaced(picture, std::move(out), kChroma | kAlpha);
}

}  // namespace mainstay
