// Makes a picture soft: a Gaussian bell whose deviation is half the radius.
// Owned by a FilterChain.
// Thread-safety: one thread at a time.
//
// A wide bell is made on a smaller picture: what shrinking and growing soften themselves is taken off the bell. So the
// cost falls with the radius instead of rising. What has alpha is made soft premultiplied.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/compose/filters/convolve.h"
#include "engine/compose/filters/picture_filter.h"
#include "engine/ffi/yuv/frame_pool.h"
#include "engine/show/show_filters.h"

namespace mainstay {

/// One plane made soft.
class PlaneBlur {
 public:
  /// `sigma` in pixels of the planes that come.
  explicit PlaneBlur(double sigma);
  void run(ffi::Plane from, ffi::WritablePlane to);

 private:
  int shrink_ = 1;
  Kernel kernel_;
  Convolver convolver_;
  std::vector<std::uint8_t> small_;
  std::vector<std::uint8_t> soft_;
};

class Blur final : public PictureFilter {
 public:
  explicit Blur(const show::BlurFilter& settings);
  FramePtr apply(const FramePtr& picture, std::int64_t tick) override;

 private:
  const bool idle_;
  PlaneBlur luma_;
  PlaneBlur chroma_;
  ffi::FramePool pool_;
  ffi::FramePool multiplied_pool_;
};

}  // namespace mainstay
