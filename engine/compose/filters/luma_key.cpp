#include "engine/compose/filters/luma_key.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/compose/filters/planes.h"

namespace mainstay {

namespace {

/// How much is left of what lies `beyond` a level.
double left(double beyond, double softness) {
  if (beyond <= 0) return 1;
  return softness > 0 ? std::max(0.0, 1 - beyond / softness) : 0;
}

}  // namespace

LumaKey::LumaKey(const show::LumaKeyFilter& settings) {
  for (int code = 0; code < 256; ++code) {
    const double luma = std::clamp((code - 16) / 219.0, 0.0, 1.0);
    const double kept =
        std::min(left(settings.low - luma, settings.softness), left(luma - settings.high, settings.softness));
    table_[code] = static_cast<std::uint8_t>(std::lround(255 * (settings.invert ? 1 - kept : kept)));
  }
}

FramePtr LumaKey::apply(const FramePtr& picture, std::int64_t) {
  WritableFrame out = take_like(pool_, *picture, true);
  ffi::WritablePlane alpha = plane_of(out, kAlphaPlane);
  map_plane(plane_of(*picture, 0), table_, alpha);
  if (picture->alpha != nullptr) multiply_planes(plane_of(*picture, kAlphaPlane), alpha, alpha);
  return replaced(picture, std::move(out), kAlpha);
}

}  // namespace mainstay
