// Two program pictures on the way from one to the other: fade, dip, wipe, slide, push.
// Owned by the program.
// Thread-safety: one thread at a time; the pictures from any thread.
//
// A picture costs one pass over its bytes: what is not mixed is copied, what is mixed is mixed once. At position 0 and
// 1 nothing is touched: the picture is given on as it came.
#pragma once

#include <array>
#include <cstdint>

#include "engine/ffi/yuv/frame_pool.h"
#include "engine/media/frame.h"
#include "engine/show/show.h"

namespace mainstay {

class TransitionMixer {
 public:
  /// The program's size.
  TransitionMixer(int width, int height);

  /// Both pictures are i420, limited BT.709, of the program's size. `position`: 0 is all `from`, 1 all `to`.
  FramePtr mix(const FramePtr& from, const FramePtr& to, const show::Transition& how, double position);
  /// `picture` on its way to black: 1 is black.
  FramePtr towards_black(const FramePtr& picture, double position);

 private:
  FramePtr fade(const Frame& from, const Frame& to, double position);
  FramePtr towards(const FramePtr& picture, const std::array<std::uint8_t, 3>& color, double share);
  FramePtr wipe(const Frame& from, const Frame& to, const show::WipeTransition& how, double position);
  FramePtr move(const Frame& from, const Frame& to, show::Direction direction, bool push, double position);

  const int width_;
  const int height_;
  ffi::FramePool pool_;
};

}  // namespace mainstay
