#include "engine/compose/filters/deinterlace.h"

#include <utility>

#include "engine/compose/filters/planes.h"

namespace mainstay {

namespace {

/// FFmpeg reads rows in whole vectors, beyond their ends. That stays within a picture of our own, whose rows are as
/// long as vectors are wide; of a part of another picture nobody knows.
FramePtr copied(const FramePtr& picture, ffi::FramePool& pool) {
  const bool has_alpha = picture->alpha != nullptr;
  WritableFrame out = take_like(pool, *picture, has_alpha);
  for (int plane = 0; plane <= (has_alpha ? kAlphaPlane : 2); ++plane) {
    const ffi::Plane from = plane_of(*picture, plane);
    ffi::WritablePlane to = plane_of(out, plane);
    to.width = from.width;
    to.height = from.height;
    ffi::copy_plane(from, to);
  }
  return freeze_like(std::move(out), *picture);
}

ffi::Deinterlacing method_of(show::DeinterlaceMethod method) {
  return method == show::DeinterlaceMethod::yadif ? ffi::Deinterlacing::yadif : ffi::Deinterlacing::bwdif;
}

}  // namespace

Deinterlace::Deinterlace(const show::DeinterlaceFilter& settings)
    : deinterlacer_(method_of(settings.method), settings.first == show::FieldOrder::top), pool_(6) {}

FramePtr Deinterlace::apply(const FramePtr& picture, std::int64_t tick) {
  if (tick != last_tick_ + 1) deinterlacer_.reset();
  last_tick_ = tick;
  if (!picture) {
    deinterlacer_.reset();
    return nullptr;
  }
  auto whole = deinterlacer_.push(copied(picture, pool_));
  if (!whole || !*whole) return picture;
  return *std::move(whole);
}

}  // namespace mainstay
