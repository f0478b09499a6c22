// Pictures of all renditions' sizes, each made once a frame and from the next larger one: a ladder of five costs little
// more than its largest step.
// Owned by the encoders of a show, shared by their stages.
// Thread-safety: all members from any thread. A stage may wait here while another makes the picture that both need.
//
// Which picture a size is made from depends on the sizes alone, never on which stage came first, so the same program
// gives the same bytes on every run.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/core/result.h"
#include "engine/ffi/av/picture_scaler.h"
#include "engine/ffi/yuv/frame_pool.h"
#include "engine/media/frame.h"
#include "engine/media/rate.h"

namespace mainstay {

class ScaleLadder {
 public:
  struct Size {
    int width = 0;
    int height = 0;
    friend bool operator==(const Size&, const Size&) = default;
  };

  ScaleLadder() = default;
  ScaleLadder(const ScaleLadder&) = delete;
  ScaleLadder& operator=(const ScaleLadder&) = delete;

  /// The sizes that there are, in any order.
  void use(std::vector<Size> sizes);
  /// Program frame n at that size.
  Result<FramePtr> get(const FramePtr& frame, FrameIndex n, Size size);
  /// Pictures scaled so far, for tests.
  std::int64_t scaled() const;

 private:
  static constexpr std::size_t kKept = 8;  // stages seldom are further apart; then a picture is made twice

  struct Rung {
    explicit Rung(Size of) : size(of) {}
    const Size size;
    std::mutex mutex;
    ffi::FramePool pool{kKept * 2};
    ffi::PictureScaler scaler;
    std::deque<std::pair<FrameIndex, FramePtr>> made;
    std::int64_t count = 0;
  };
  using RungPtr = std::shared_ptr<Rung>;

  /// From the largest that is smaller than the source down to `size`.
  std::vector<RungPtr> way(const Frame& source, Size size);

  mutable std::mutex mutex_;
  std::vector<RungPtr> rungs_;  // the largest first
};

}  // namespace mainstay
