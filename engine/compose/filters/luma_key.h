// Makes what is darker or brighter than two levels of luma transparent.
// Owned by a FilterChain.
// Thread-safety: one thread at a time.
//
// With l luma from 0 (code 16) to 1 (code 235): alpha = min(1 − (low − l) / softness, 1 − (l − high) / softness), each
// within 0 and 1.
#pragma once

#include <cstdint>

#include "engine/compose/filters/picture_filter.h"
#include "engine/ffi/yuv/frame_pool.h"
#include "engine/show/show_filters.h"

namespace mainstay {

class LumaKey final : public PictureFilter {
 public:
  explicit LumaKey(const show::LumaKeyFilter& settings);
  FramePtr apply(const FramePtr& picture, std::int64_t tick) override;

 private:
  std::uint8_t table_[256];
  ffi::FramePool pool_;
};

}  // namespace mainstay
