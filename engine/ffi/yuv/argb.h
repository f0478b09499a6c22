// i420 pictures as 32-bit BGRA at another size, for a screen.
// Owned by whoever draws; keeps its scratch picture between calls, so that a running preview allocates nothing.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/result.h"
#include "engine/ffi/yuv/frame_pool.h"
#include "engine/media/frame.h"

namespace mainstay::ffi {

class ArgbScaler {
 public:
  /// Scales `frame` to width × height and converts it by its matrix and range. `bgra` becomes `height` rows of
  /// width·4 bytes, blue first, alpha 255. Errc::unsupported when the picture is not i420, Errc::invalid for a size
  /// outside 1 to 8192.
  Status convert(const Frame& frame, int width, int height, std::vector<std::uint8_t>& bgra);

 private:
  Result<FramePtr> scale(const Frame& frame, int width, int height);

  FramePool halves_;
  FramePool pool_;
};

}  // namespace mainstay::ffi
