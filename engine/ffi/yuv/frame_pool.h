// Memory of pictures, used again: a 1080p picture is 3 MB, and asking the system for that thirty times a second costs
// more than filling it.
// Owned by whoever makes pictures; pictures may outlive their pool.
// Thread-safety: take() and the return of pictures from any thread.
#pragma once

#include <cstddef>
#include <memory>

#include "engine/media/frame.h"

namespace mainstay::ffi {

class FramePool {
 public:
  /// At most `keep` unused pictures are kept; more go back to the system.
  explicit FramePool(std::size_t keep = 4);
  ~FramePool();

  FramePool(const FramePool&) = delete;
  FramePool& operator=(const FramePool&) = delete;

  /// A picture with any content; its memory comes back by itself when the last holder lets go. Sizes are rounded up to
  /// even, as WritableFrame::make does. Asking for another size, or for alpha, forgets the memory kept for the last
  /// one.
  WritableFrame take(int width, int height, bool with_alpha = false);

  /// Pictures whose memory was asked of the system so far.
  std::int64_t allocated() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace mainstay::ffi
