#include "engine/monitor/source_tap.h"

#include <algorithm>
#include <utility>

namespace mainstay {

FramePtr SourceTap::picture(const std::string& source) {
  std::lock_guard lock(mutex_);
  Tapped& tapped = tapped_[source];
  tapped.asked = clock_.now();
  wanted_ = true;
  return tapped.picture;
}

void SourceTap::on_tick(ProgramTick&& tick) {
  const Instant now = clock_.now();
  std::lock_guard lock(mutex_);
  std::erase_if(tapped_, [&](const auto& one) { return now - one.second.asked > kPatience; });
  wanted_ = !tapped_.empty();
  if (!tick.plan) return;
  for (auto& [name, tapped] : tapped_) {
    tapped.picture = nullptr;
    for (std::size_t i = 0; i < std::min(tick.inputs.size(), tick.plan->inputs.size()); ++i) {
      if (tick.plan->inputs[i].name == name && tick.inputs[i].joined) tapped.picture = tick.inputs[i].output.video;
    }
  }
}

}  // namespace mainstay
