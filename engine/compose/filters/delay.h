// Shows a picture later, by whole frames. Pictures are held, not copied.
// Owned by a FilterChain.
// Thread-safety: one thread at a time.
//
// Until there is a picture that old the first one is shown. After a gap (the scene was not to be seen) it begins anew:
// what was held then is not what was seen a moment ago.
#pragma once

#include <cstdint>
#include <deque>

#include "engine/compose/filters/picture_filter.h"

namespace mainstay {

class Delay final : public PictureFilter {
 public:
  explicit Delay(std::int64_t frames) : frames_(frames) {}
  FramePtr apply(const FramePtr& picture, std::int64_t tick) override;
  bool remembers() const override { return true; }
  /// Another length; what is held stays.
  void set(std::int64_t frames) { frames_ = frames; }

 private:
  std::int64_t frames_;
  std::int64_t last_tick_ = -1;
  std::deque<FramePtr> held_;  ///< of the ticks up to last_tick_; at most frames_ + 1
};

}  // namespace mainstay
