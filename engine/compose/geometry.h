// Where a layer's picture goes: fit, box, pixel shape and clipping as plain arithmetic.
// Plain functions.
// Thread-safety: from any thread.
#pragma once

#include "engine/ffi/yuv/scale.h"
#include "engine/show/show.h"

namespace mainstay {

struct Placement {
  ffi::Rect crop;  ///< part of the source that is shown, in its pixels
  int rotate = 0;  ///< by which that part is turned clockwise: 0, 90, 180, 270
  int width = 0;   ///< its size on the program, as turned
  int height = 0;
  ffi::Rect inner;  ///< what of the scaled part lies on the program, in scaled pixels
  int x = 0;        ///< where `inner` goes
  int y = 0;

  bool empty() const { return inner.width <= 0 || inner.height <= 0; }
  bool clipped() const { return inner.width != width || inner.height != height; }
  friend bool operator==(const Placement&, const Placement&) = default;
};

/// A picture's own measure.
struct PictureShape {
  int width = 0;
  int height = 0;
  int sar_num = 1;
  int sar_den = 1;
  bool own_size = false;  ///< that is meant to be shown in it (show::has_own_size)
};

/// What is left of a picture after cropping; its corner is even. Of no size when nothing is.
ffi::Rect cropped(const PictureShape& picture, const show::Crop& crop);

/// `picture` laid on a program of square pixels as `layer` says: cropped, turned, then fitted. All positions and sizes
/// on the program are even, the crop's corner too. Empty when nothing of it is visible.
Placement place_layer(const PictureShape& picture, const show::Layer& layer, int program_width, int program_height);

}  // namespace mainstay
