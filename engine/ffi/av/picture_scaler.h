// Scales i420 pictures of the same few sizes again and again: shrinking by area through libswscale, whose tables are
// kept, all else as scale_i420_into() does.
// Owned by whoever scales: a compositor, an encoder's stage.
// Thread-safety: one thread at a time.
//
// Measured for 1080p, CPU a picture: libyuv's box filter is unbeaten for halves and quarters (0.15 ms), takes 0.94 ms
// to 640×360 and 2.0 ms to 720p; libswscale's area filter 0.38 and 0.76 ms. Its vector code may write a few bytes
// beyond a row, so that it never gets a part of a picture to write into, only whole ones, whose rows have room behind
// them.
#pragma once

#include <memory>
#include <vector>

#include "engine/ffi/yuv/frame_pool.h"
#include "engine/ffi/yuv/scale.h"

namespace mainstay::ffi {

class PictureScaler {
 public:
  PictureScaler();
  ~PictureScaler();
  PictureScaler(const PictureScaler&) = delete;
  PictureScaler& operator=(const PictureScaler&) = delete;

  /// As scale_i420_into().
  Status scale(const Frame& source, Rect crop, WritableFrame& target, Rect where);

 private:
  struct Tables;
  Result<Tables*> tables(Rect crop, const WritableFrame& target);
  Status shrink(const Frame& source, Rect crop, WritableFrame& target);

  std::vector<std::unique_ptr<Tables>> tables_;  ///< by sizes, the one used last first
  FramePool aside_;                              ///< for what goes to a part of a picture
};

}  // namespace mainstay::ffi
