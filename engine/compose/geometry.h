// Where a layer's picture goes: fit, box, pixel shape and clipping as plain arithmetic.
// Plain functions.
// Thread-safety: from any thread.
#pragma once

#include "engine/ffi/yuv/scale.h"
#include "engine/show/show.h"

namespace mainstay {

struct Placement {
  ffi::Rect crop;  ///< part of the source that is shown, in its pixels
  int width = 0;   ///< that part's size on the program
  int height = 0;
  ffi::Rect inner;  ///< what of the scaled part lies on the program, in scaled pixels
  int x = 0;        ///< where `inner` goes
  int y = 0;

  bool empty() const { return inner.width <= 0 || inner.height <= 0; }
  bool clipped() const { return inner.width != width || inner.height != height; }
  friend bool operator==(const Placement&, const Placement&) = default;
};

/// A picture of width×height with pixels of sar_num:sar_den, laid on a program of square pixels as `layer` says. All
/// positions and sizes on the program are even. Empty when nothing of it is visible.
Placement place_layer(int width, int height, int sar_num, int sar_den, const show::Layer& layer, int program_width,
                      int program_height);

}  // namespace mainstay
