#include "engine/studio/rendition_output.h"

#include <utility>

namespace mainstay {

void RenditionOutput::push(PacketPtr packet) {
  std::lock_guard lock(mutex_);
  held_.push_back(std::move(packet));
  open_ = open_ || held_.size() >= kMostHeld;
  if (open_) send_held();
}

void RenditionOutput::send_held() {
  for (; !held_.empty(); held_.pop_front()) interleaver_.push(std::move(held_.front()));
}

void RenditionOutput::open() {
  std::shared_ptr<RenditionOutput> next;
  {
    std::lock_guard lock(mutex_);
    open_ = true;
    send_held();
    if (!drained_) return;
    next = next_;
  }
  leave(next);
}

void RenditionOutput::hand_over_to(std::shared_ptr<RenditionOutput> next) {
  {
    std::lock_guard lock(mutex_);
    next_ = next;
    if (!open_ || !drained_) return;
  }
  next->open();
}

void RenditionOutput::end() {
  std::shared_ptr<RenditionOutput> next;
  {
    std::lock_guard lock(mutex_);
    drained_ = true;
    if (!open_) return;  // open() does the rest
    next = next_;
  }
  leave(next);
}

void RenditionOutput::leave(const std::shared_ptr<RenditionOutput>& next) {
  if (next) {
    next->open();
  } else {
    interleaver_.end(rendition_);
  }
  ended_ = true;  // last: whoever waits for it may close what the interleaver sends to
}

bool RenditionOutput::has_successor() const {
  std::lock_guard lock(mutex_);
  return next_ != nullptr;
}

}  // namespace mainstay
