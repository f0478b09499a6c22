#include "engine/encode/scale_ladder.h"

#include <algorithm>

#include "engine/ffi/yuv/scale.h"

namespace mainstay {

namespace {

std::int64_t area(ScaleLadder::Size size) {
  return std::int64_t{size.width} * size.height;
}

// Strictly: a picture that is wider but lower would have to grow.
bool is_within(ScaleLadder::Size small, ScaleLadder::Size large) {
  return small.width <= large.width && small.height <= large.height && small != large;
}

}  // namespace

void ScaleLadder::use(std::vector<Size> sizes) {
  std::lock_guard lock(mutex_);
  std::vector<RungPtr> next;
  for (const Size size : sizes) {
    const auto same = [size](const RungPtr& rung) { return rung->size == size; };
    if (std::any_of(next.begin(), next.end(), same)) continue;
    const auto before = std::find_if(rungs_.begin(), rungs_.end(), same);
    next.push_back(before != rungs_.end() ? *before : std::make_shared<Rung>(size));
  }
  std::stable_sort(next.begin(), next.end(),
                   [](const RungPtr& a, const RungPtr& b) { return area(a->size) > area(b->size); });
  rungs_ = std::move(next);
}

std::vector<ScaleLadder::RungPtr> ScaleLadder::way(const Frame& source, Size size) {
  std::lock_guard lock(mutex_);
  std::vector<RungPtr> way;
  Size from{source.width, source.height};
  for (const RungPtr& rung : rungs_) {
    const bool on_it = is_within(rung->size, from) && is_within(size, rung->size);
    if (!on_it && rung->size != size) continue;
    way.push_back(rung);
    from = rung->size;
    if (rung->size == size) return way;
  }
  // A stage of a rendition that is leaving: it is served as well, by itself.
  way.push_back(std::make_shared<Rung>(size));
  return way;
}

Result<FramePtr> ScaleLadder::get(const FramePtr& frame, FrameIndex n, Size size) {
  if (frame->width == size.width && frame->height == size.height) return frame;
  FramePtr from = frame;
  for (const RungPtr& rung : way(*frame, size)) {
    std::lock_guard lock(rung->mutex);
    const auto known = std::find_if(rung->made.begin(), rung->made.end(), [n](const auto& m) { return m.first == n; });
    if (known != rung->made.end()) {
      from = known->second;
      continue;
    }
    MAINSTAY_TRY(from, ffi::scale_i420(*from, rung->size.width, rung->size.height, &rung->pool, &rung->scaler));
    ++rung->count;
    rung->made.emplace_back(n, from);
    if (rung->made.size() > kKept) rung->made.pop_front();
  }
  return from;
}

std::int64_t ScaleLadder::scaled() const {
  std::lock_guard lock(mutex_);
  std::int64_t count = 0;
  for (const RungPtr& rung : rungs_) {
    std::lock_guard rung_lock(rung->mutex);
    count += rung->count;
  }
  return count;
}

}  // namespace mainstay
