// Makes whole pictures of interlaced ones, a frame later.
// Owned by a FilterChain.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>

#include "engine/compose/filters/picture_filter.h"
#include "engine/ffi/av/deinterlacer.h"
#include "engine/ffi/yuv/frame_pool.h"
#include "engine/show/show_filters.h"

namespace mainstay {

class Deinterlace final : public PictureFilter {
 public:
  explicit Deinterlace(const show::DeinterlaceFilter& settings);
  /// The first picture after a gap passes as it is; so do all where FFmpeg cannot do it.
  FramePtr apply(const FramePtr& picture, std::int64_t tick) override;
  bool remembers() const override { return true; }

 private:
  ffi::Deinterlacer deinterlacer_;
  ffi::FramePool pool_;
  std::int64_t last_tick_ = -1;
};

}  // namespace mainstay
