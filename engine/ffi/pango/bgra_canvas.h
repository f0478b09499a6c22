// Memory that Cairo draws into: bgra, premultiplied. Wider than Cairo's own pictures may be, it is drawn in tiles.
// Owned by whoever draws.
// Thread-safety: one thread at a time.
#pragma once

#include <cairo.h>

#include <cstdint>
#include <functional>
#include <memory>

#include "engine/core/result.h"
#include "engine/media/frame.h"

namespace mainstay::ffi {

class BgraCanvas {
 public:
  /// Transparent.
  static Result<BgraCanvas> make(int width, int height);

  int width() const { return width_; }
  int height() const { return height_; }
  int stride() const { return stride_; }
  std::uint8_t* row(int y) { return pixels_.get() + static_cast<std::ptrdiff_t>(y) * stride_; }
  const std::shared_ptr<std::uint8_t[]>& pixels() const { return pixels_; }

  /// Calls `paint` once for each tile, with coordinates of the whole.
  Status draw(const std::function<void(cairo_t* to)>& paint);
  /// Softens what is there by three box filters of this radius, alpha alone: for shadows, in which all pixels have the
  /// same colour.
  void blur(int radius);
  FramePtr freeze() const;

 private:
  int width_ = 0;
  int height_ = 0;
  int stride_ = 0;
  std::shared_ptr<std::uint8_t[]> pixels_;
};

}  // namespace mainstay::ffi
