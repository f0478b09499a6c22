// Makes edges in luma stand out: what differs from the picture made soft ([1 4 6 4 1]/16 both ways) is added once more.
// Owned by a FilterChain.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>

#include "engine/compose/filters/convolve.h"
#include "engine/compose/filters/picture_filter.h"
#include "engine/ffi/yuv/frame_pool.h"
#include "engine/show/show_filters.h"

namespace mainstay {

class Sharpen final : public PictureFilter {
 public:
  explicit Sharpen(const show::SharpenFilter& settings);
  FramePtr apply(const FramePtr& picture, std::int64_t tick) override;

 private:
  const int amount_;  ///< of 256
  const Kernel kernel_ = Kernel::binomial();
  Convolver convolver_;
  ffi::FramePool pool_;
};

}  // namespace mainstay
