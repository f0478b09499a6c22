// Makes what has one colour transparent, and takes off the tint that such a screen throws on what stands before it.
// Owned by a FilterChain.
// Thread-safety: one thread at a time.
//
// With d the distance of Cb, Cr from the colour's (255 codes are 1): alpha = clamp((d − similarity) / smoothness)^1.5,
// chroma is brought towards grey by clamp((d − similarity) / spill)^1.5. Decided for each sample of chroma, alpha then
// brought to luma's size in between.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/compose/filters/picture_filter.h"
#include "engine/ffi/yuv/frame_pool.h"
#include "engine/show/show_filters.h"

namespace mainstay {

class ChromaKey final : public PictureFilter {
 public:
  explicit ChromaKey(const show::ChromaKeyFilter& settings);
  FramePtr apply(const FramePtr& picture, std::int64_t tick) override;

 private:
  struct Entry {
    std::uint8_t u;
    std::uint8_t v;
    std::uint8_t alpha;
    std::uint8_t unused;
  };

  std::vector<Entry> table_;  ///< by u·256 + v
  ffi::FramePool pool_;
  std::vector<std::uint8_t> small_;  ///< alpha at chroma's size
};

}  // namespace mainstay
