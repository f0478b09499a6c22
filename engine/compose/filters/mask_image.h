// What of a picture masks another one: its alpha, and its luma.
// Owned by whoever holds it.
// Thread-safety: immutable once made, so from any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/media/frame.h"

namespace mainstay {

class MaskImage {
 public:
  /// Larger pictures are brought down to this, so that fitting one to a layer takes no longer than a tick has.
  static constexpr int kLargestSide = 2048;

  /// `picture` as files give it: bgra premultiplied, or i420. What is transparent has the luma of black.
  explicit MaskImage(const Frame& picture);

  int width() const { return width_; }
  int height() const { return height_; }
  /// Rows of width() bytes; 255: all is seen.
  const std::vector<std::uint8_t>& alpha() const { return alpha_; }
  const std::vector<std::uint8_t>& luma() const { return luma_; }

 private:
  int width_ = 0;
  int height_ = 0;
  std::vector<std::uint8_t> alpha_;
  std::vector<std::uint8_t> luma_;
};

}  // namespace mainstay
