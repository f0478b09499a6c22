// Holds back what comes faster than it is to be shown (segments of HLS come as wholes): says when the next picture may
// be handed on, so that it arrives as from a sender that works at the pace of its pictures.
// Owned by a live connection.
// Thread-safety: one thread at a time.
#pragma once

#include <algorithm>
#include <optional>

#include "engine/core/time.h"

namespace mainstay {

class Pacer {
 public:
  /// When the picture with timestamp `pts`, read at `now`, may go on. One that is late by much moves all that follow:
  /// the other side has nothing in store any more. So does a jump of the timeline.
  Instant due(Nanos pts, Instant now) {
    const bool jumps = last_ && (pts - *last_ > kJump || pts < *last_);
    last_ = pts;
    if (anchor_ == kNever || jumps || now - (anchor_ + (pts - first_)) > kLate) {
      anchor_ = now;
      first_ = pts;
    }
    return std::max(now, anchor_ + (pts - first_));
  }

 private:
  static constexpr Nanos kLate = Millis(100);
  static constexpr Nanos kJump = Seconds(1);
  Instant anchor_ = kNever;
  Nanos first_{0};
  std::optional<Nanos> last_;
};

}  // namespace mainstay
