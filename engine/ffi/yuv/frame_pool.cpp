#include "engine/ffi/yuv/frame_pool.h"

#include <mutex>
#include <utility>
#include <vector>

namespace mainstay::ffi {

struct FramePool::State {
  explicit State(std::size_t limit) : keep(limit) {}

  const std::size_t keep;
  std::mutex mutex;
  int width = 0;
  int height = 0;
  bool with_alpha = false;
  std::vector<WritableFrame> unused;
  std::int64_t allocated = 0;
};

FramePool::FramePool(std::size_t keep) : state_(std::make_shared<State>(keep)) {}
FramePool::~FramePool() = default;

WritableFrame FramePool::take(int width, int height, bool with_alpha) {
  const int even_width = (width + 1) & ~1;
  const int even_height = (height + 1) & ~1;
  WritableFrame frame;
  std::vector<WritableFrame> outdated;  // freed after the lock is gone
  {
    std::lock_guard lock(state_->mutex);
    if (state_->width != even_width || state_->height != even_height || state_->with_alpha != with_alpha) {
      outdated.swap(state_->unused);
      state_->width = even_width;
      state_->height = even_height;
      state_->with_alpha = with_alpha;
    }
    if (!state_->unused.empty()) {
      frame = std::move(state_->unused.back());
      state_->unused.pop_back();
    } else {
      ++state_->allocated;
    }
  }
  if (!frame.memory) frame = WritableFrame::make(width, height, with_alpha);

  // What is given out shares the bytes, but its last holder hands the real picture back instead of freeing it.
  WritableFrame given = frame;
  given.memory = std::shared_ptr<std::uint8_t[]>(
      frame.memory.get(), [state = std::weak_ptr(state_), own = std::move(frame)](std::uint8_t*) mutable {
        const auto pool = state.lock();
        if (!pool) return;
        std::lock_guard lock(pool->mutex);
        const bool fits =
            own.width == pool->width && own.height == pool->height && (own.alpha != nullptr) == pool->with_alpha;
        if (fits && pool->unused.size() < pool->keep) pool->unused.push_back(std::move(own));
      });
  return given;
}

std::int64_t FramePool::allocated() const {
  std::lock_guard lock(state_->mutex);
  return state_->allocated;
}

}  // namespace mainstay::ffi
