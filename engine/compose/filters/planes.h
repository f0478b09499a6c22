// Small things that filters do with planes.
// Plain functions.
// Thread-safety: from any thread.
#pragma once

#include "engine/ffi/yuv/frame_pool.h"
#include "engine/ffi/yuv/plane.h"
#include "engine/ffi/yuv/scale.h"
#include "engine/media/frame.h"

// Loops over bytes are compiled for AVX2 too, and the processor's own is taken when the program starts. Sanitizers run
// before that choice can be made.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define MAINSTAY_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define MAINSTAY_WIDE
#endif

namespace mainstay {

inline constexpr int kAlphaPlane = 3;

/// The plane of luma (0), of chroma (1, 2) or of alpha (3).
ffi::Plane plane_of(const Frame& frame, int plane);
ffi::WritablePlane plane_of(WritableFrame& frame, int plane);

template <class P>
auto* row_of(const P& plane, int y) {
  return plane.data + static_cast<std::ptrdiff_t>(y) * plane.stride;
}

/// `crop` of an i420 picture, without a copy; its corner is even. The whole of it is given on as it is.
FramePtr cut(const FramePtr& frame, ffi::Rect crop);

/// A picture of its own for planes of `like`'s size, and frozen: with its size (which may be odd) and pixel shape.
WritableFrame take_like(ffi::FramePool& pool, const Frame& like, bool with_alpha);
FramePtr freeze_like(WritableFrame&& picture, const Frame& like);

/// `picture` with the planes of `out` that are named; the others it shares.
enum : unsigned { kLuma = 1, kChroma = 2, kColors = 3, kAlpha = 4 };
FramePtr replaced(const FramePtr& picture, WritableFrame&& out, unsigned which);
/// With another alpha, which `owner` holds.
FramePtr with_alpha(const FramePtr& picture, ffi::Plane alpha, std::shared_ptr<const void> owner);

/// Each byte of a plane by a table.
void map_plane(ffi::Plane from, const std::uint8_t (&table)[256], ffi::WritablePlane to);

/// a · b / 255, rounded; `to` may be one of them.
void multiply_planes(ffi::Plane a, ffi::Plane b, ffi::WritablePlane to);

/// `crop` of a graphic (bgra, premultiplied) in its own size, as straight BT.709 codes with alpha.
FramePtr straight_i420(const Frame& graphic, ffi::Rect crop, ffi::FramePool& pool);

/// Straight codes with alpha as premultiplied ones.
FramePtr premultiplied(const Frame& picture, ffi::FramePool& pool);

}  // namespace mainstay
