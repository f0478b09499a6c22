#include "engine/studio/rendition_output.h"

namespace mainstay {

void RenditionOutput::push(PacketPtr packet) {
  std::lock_guard lock(mutex_);
  if (!open_) {
    held_.push_back(std::move(packet));
    if (held_.size() < kMostHeld) return;
    open_ = true;
  } else {
    held_.push_back(std::move(packet));
  }
  for (; !held_.empty(); held_.pop_front()) interleaver_.push(std::move(held_.front()));
}

void RenditionOutput::open() {
  std::lock_guard lock(mutex_);
  open_ = true;
  for (; !held_.empty(); held_.pop_front()) interleaver_.push(std::move(held_.front()));
}

}  // namespace mainstay
