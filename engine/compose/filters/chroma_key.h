// Makes what has one colour transparent, and takes off the tint that such a screen throws on what stands before it.
// Owned by a FilterChain.
// Thread-safety: one thread at a time.
//
// With d the distance of Cb, Cr from the colour's (255 codes are 1): alpha = clamp((d − similarity) / smoothness)^1.5,
// chroma is brought towards grey by clamp((d − similarity) / spill)^1.5. Decided for each sample of chroma, alpha then
// brought to luma's size in between.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "engine/compose/filters/picture_filter.h"
#include "engine/ffi/yuv/frame_pool.h"
#include "engine/show/show_filters.h"

namespace mainstay {

/// What becomes of each chroma. Immutable, so from any thread.
class ChromaTable {
 public:
  explicit ChromaTable(const show::ChromaKeyFilter& settings);

  struct Entry {
    std::uint8_t u;
    std::uint8_t v;
    std::uint8_t alpha;
    std::uint8_t unused;
  };
  const Entry& at(std::uint8_t u, std::uint8_t v) const { return entries_[std::size_t{u} * 256 + v]; }

 private:
  std::vector<Entry> entries_;
};

class ChromaKey final : public PictureFilter {
 public:
  /// Without a table, while it is being made, the picture passes as it is.
  explicit ChromaKey(std::shared_ptr<const ChromaTable> table) : table_(std::move(table)) {}
  FramePtr apply(const FramePtr& picture, std::int64_t tick) override;

 private:
  const std::shared_ptr<const ChromaTable> table_;
  ffi::FramePool pool_;
  std::vector<std::uint8_t> small_;  ///< alpha at chroma's size
};

}  // namespace mainstay
