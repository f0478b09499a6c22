// Whole pictures out of interlaced ones, through libavfilter's bwdif or yadif: one of each picture, a picture later.
// Owned by a filter of a layer.
// Thread-safety: one thread at a time; makes no threads of its own.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/core/result.h"
#include "engine/media/frame.h"

namespace mainstay::ffi {

enum class Deinterlacing { bwdif, yadif };

class Deinterlacer {
 public:
  /// `top_first`: the upper field was taken before the lower one.
  Deinterlacer(Deinterlacing method, bool top_first);
  ~Deinterlacer();
  Deinterlacer(Deinterlacer&&) noexcept;
  Deinterlacer& operator=(Deinterlacer&&) noexcept;

  /// The picture before `picture` (i420, straight alpha goes along), made whole. Null after the first one. Another size
  /// begins anew. Errc::unsupported: FFmpeg was built without the filter.
  Result<FramePtr> push(const FramePtr& picture);
  /// Forgets what came so far: the next picture is the first.
  void reset();

 private:
  struct Graph;

  Deinterlacing method_;
  bool top_first_;
  std::unique_ptr<Graph> graph_;
};

}  // namespace mainstay::ffi
