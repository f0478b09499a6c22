// A graphic with alpha made ready to be laid onto i420 pictures: BT.709 limited codes, straight, with its alpha at luma
// and chroma resolution, without the transparent margins around it. Made once, laid often.
// Owned by a compositor's slot.
// Thread-safety: one thread at a time.
//
// Straight codes, not premultiplied ones: a premultiplied code and its opacity would each be rounded to 8 bits.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/core/result.h"
#include "engine/ffi/yuv/blend_modes.h"
#include "engine/ffi/yuv/scale.h"
#include "engine/media/frame.h"

namespace mainstay::ffi {

class Overlay {
 public:
  /// `crop` of `graphic` (bgra, premultiplied, sRGB) at width×height, of which `part` will be asked for. Sizes and
  /// part's corner are even. One that differs from its crop by a pixel or none is not scaled but filled up with
  /// transparency. Errc::invalid for anything else.
  static Result<Overlay> make(const Frame& graphic, Rect crop, int width, int height, Rect part);

  /// What is not transparent, in pixels of width×height; of no size when nothing is. Its corner is even.
  Rect box() const { return box_; }

  /// Lays what of `inner` was made, `inner`'s corner at x, y of `target`, `opacity` of 256. Corners are even and
  /// `inner` fits into the target; Errc::invalid otherwise. Without a mode it covers what lies below.
  Status lay(Rect inner, WritableFrame& target, int x, int y, int opacity, std::optional<BlendMode> mode = {});

 private:
  struct Alpha {
    std::vector<std::uint8_t> luma;
    std::vector<std::uint8_t> chroma;
  };

  void convert(const std::uint8_t* bgra, int stride, int width, int height);
  const Alpha& faded(int opacity);

  Rect box_;
  FramePtr picture_;  ///< of box_'s size, rounded up to even
  int alpha_stride_ = 0;
  Alpha alpha_;
  bool opaque_ = false;
  Alpha faded_;
  int faded_to_ = 256;
};

}  // namespace mainstay::ffi
