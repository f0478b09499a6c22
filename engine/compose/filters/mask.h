// Cuts a shape out of a picture: another picture's, a rectangle's with round corners, or what both have in common.
// Owned by a FilterChain.
// Thread-safety: one thread at a time.
//
// The shape is made once for a size. From then on an opaque picture costs nothing: it is given that plane of alpha.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/compose/filters/mask_image.h"
#include "engine/compose/filters/picture_filter.h"
#include "engine/ffi/yuv/frame_pool.h"
#include "engine/show/show_filters.h"

namespace mainstay {

class Mask final : public PictureFilter {
 public:
  /// A null `image`: the rectangle alone; with a path in the settings, nothing is masked until there is one.
  Mask(const show::MaskFilter& settings, std::shared_ptr<const MaskImage> image);
  FramePtr apply(const FramePtr& picture, std::int64_t tick) override;

 private:
  void make(int width, int height);

  const show::MaskFilter settings_;
  const std::shared_ptr<const MaskImage> image_;
  const bool idle_;
  int width_ = 0;
  int height_ = 0;
  std::shared_ptr<const std::vector<std::uint8_t>> shape_;
  ffi::FramePool pool_;
};

}  // namespace mainstay
