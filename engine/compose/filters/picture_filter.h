// One filter of a layer at work: takes the layer's pictures, gives what becomes of them.
// Owned by the layer's FilterChain.
// Thread-safety: one thread at a time.
//
// Pictures are i420, limited BT.709 codes, with or without a plane of straight alpha, of any size (odd ones too), and
// keep their size. What a filter does not change it shares with the picture that came, instead of copying it.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/media/frame.h"

namespace mainstay {

class PictureFilter {
 public:
  virtual ~PictureFilter() = default;

  /// `tick` counts up by one for each frame of the program. Gives `picture` itself when it does nothing. Null when
  /// there is nothing to show; only one that remembers() is ever given null.
  virtual FramePtr apply(const FramePtr& picture, std::int64_t tick) = 0;

  /// What comes out depends on what came before: it is called on every tick, also for the same picture and for null.
  virtual bool remembers() const { return false; }
};

}  // namespace mainstay
