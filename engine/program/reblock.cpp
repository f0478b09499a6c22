#include "engine/program/reblock.h"

#include <algorithm>
#include <utility>

namespace mainstay {

AudioBlockPtr Reblock::take(const AudioBlockPtr& block, int given, int wanted) {
  if (block) {
    const int before = std::exchange(channels_, std::min(block->channels, kMostChannels));
    for (int c = before; c < channels_; ++c) left_[c].assign(left_[0].size(), 0.0F);  // as long as the others
  }
  auto out = std::make_shared<AudioBlock>(channels_, wanted);
  for (int c = 0; c < channels_; ++c) {
    std::vector<float>& left = left_[c];
    if (block) {
      const auto plane = block->plane(c);
      left.insert(left.end(), plane.begin(), plane.end());
    } else {
      left.insert(left.end(), static_cast<std::size_t>(given), 0.0F);
    }
    const std::size_t count = std::min(left.size(), static_cast<std::size_t>(wanted));
    std::copy_n(left.begin(), count, out->plane(c).begin());
    left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return out;
}

}  // namespace mainstay
