#include "engine/compose/filters/delay.h"

namespace mainstay {

FramePtr Delay::apply(const FramePtr& picture, std::int64_t tick) {
  if (tick != last_tick_ + 1) held_.clear();
  last_tick_ = tick;
  held_.push_back(picture);
  while (static_cast<std::int64_t>(held_.size()) > frames_ + 1) held_.pop_front();
  return held_.front();
}

}  // namespace mainstay
