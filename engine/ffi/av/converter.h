// Brings decoded pictures of any pixel format to i420, limited range, upright. A picture that already is that is
// wrapped, not copied. One with alpha that is not full throughout keeps it (Frame::alpha).
// Owned by MediaReader. Only .cpp files of engine/ffi/av include this header.
// Thread-safety: one thread at a time; the pictures from any thread.
#pragma once

#include <array>
#include <cstdint>

#include "engine/ffi/av/av_common.h"
#include "engine/ffi/yuv/frame_pool.h"
#include "engine/media/frame.h"

struct SwsContext;

namespace mainstay::ffi {

/// How a picture has to be turned to stand upright: mirrored left to right first, then turned clockwise.
struct Turn {
  bool mirror = false;
  int degrees = 0;  ///< 0, 90, 180, 270

  /// From a display matrix (nine numbers, may be null). Other angles go to the nearest quarter.
  static Turn from_matrix(const std::int32_t* matrix);
  bool none() const { return !mirror && degrees == 0; }
};

class Converter {
 public:
  Converter() : pool_(6) {}
  ~Converter();
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  /// Errc::corrupt for an impossible picture, Errc::unsupported for a format nothing converts.
  Result<FramePtr> convert(AvFramePtr frame, Turn turn);

  /// `frame` as bgra of its size, alpha straight as it came.
  Result<AvFramePtr> to_straight_bgra(const AVFrame& frame);

  /// Pictures passed on without a copy.
  std::int64_t wrapped() const { return wrapped_; }

 private:
  Status to_i420(const AVFrame& from, WritableFrame& to, bool& full_range);
  Status by_swscale(const AVFrame& from, WritableFrame& to);
  Status blend_on_black(const AVFrame& from, WritableFrame& to);
  Status scale_format(const AVFrame& from, int to_format, std::uint8_t* const* planes, const int* strides);

  FramePool pool_;
  SwsContext* sws_ = nullptr;
  std::int64_t wrapped_ = 0;
};

}  // namespace mainstay::ffi
