#include "engine/audio/down_mix.h"

#include <utility>

namespace mainstay {

DownMix::DownMix(int channels) : channels_(channels), limiter_(channels) {
  limiter_.set(show::MasterLimiter{});
}

DownMix::Out DownMix::stamped(AudioBlockPtr block) {
  Out out{std::move(block), next_};
  if (out.block) next_ += out.block->samples;
  return out;
}

DownMix::Out DownMix::take(const AudioBlockPtr& block, std::int64_t first_sample) {
  if (block->channels < channels_) return {with_channels(block, channels_), first_sample};
  if (expected_ != first_sample) {  // nobody took it for a while
    (void)limiter_.flush();
    next_ = first_sample;
  }
  expected_ = first_sample + block->samples;
  return stamped(limiter_.process(with_channels(block, channels_)));
}

DownMix::Out DownMix::flush() {
  return stamped(limiter_.flush());
}

}  // namespace mainstay
