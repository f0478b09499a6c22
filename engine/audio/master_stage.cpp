#include "engine/audio/master_stage.h"

#include <algorithm>

#include "engine/audio/decibel.h"

namespace mainstay {

namespace {

// All of `first` but its first `skip` samples, then `second`.
AudioBlockPtr joined(const AudioBlock& first, int skip, const AudioBlock* second) {
  const int kept = first.samples - skip;
  const auto out = std::make_shared<AudioBlock>(first.channels, kept + (second != nullptr ? second->samples : 0));
  for (int c = 0; c < first.channels; ++c) {
    const auto from = first.plane(c).subspan(static_cast<std::size_t>(skip));
    const auto to = out->plane(c);
    std::copy(from.begin(), from.end(), to.begin());
    if (second != nullptr) std::copy(second->plane(c).begin(), second->plane(c).end(), to.begin() + kept);
  }
  return out;
}

}  // namespace

void MasterStage::set(const show::MasterLimiter& settings) {
  wanted_ = settings.enabled;
  limiter_.set(settings);
}

AudioBlockPtr MasterStage::process(const AudioBlockPtr& block) {
  if (wanted_ && !limits_) {
    limits_ = true;
    limiter_.clear();
    to_hold_ = MasterLimiter::kLatency;
  }
  if (!limits_) return block;
  if (!wanted_ && to_hold_ == 0 && limiter_.is_idle()) {
    limits_ = false;
    return joined(limiter_.held(), 0, block.get());
  }
  if (to_hold_ == 0 && limiter_.is_empty() && (block == known_silent_ || is_silent(*block))) {
    known_silent_ = block;
    return block;  // silence in, silence out
  }
  known_silent_ = nullptr;
  const auto out = std::make_shared<AudioBlock>(channels_, block->samples);
  limiter_.process(view_of(*block), planes_of(*out));
  if (to_hold_ == 0) return out;
  const int held = std::min(to_hold_, out->samples);
  to_hold_ -= held;
  return held == out->samples ? nullptr : joined(*out, held, nullptr);
}

AudioBlockPtr MasterStage::flush() {
  if (!limits_) return nullptr;
  limits_ = false;
  const int rest = MasterLimiter::kLatency - to_hold_;
  if (rest == 0) return nullptr;
  const AudioBlock nothing(channels_, MasterLimiter::kLatency);
  AudioBlock out(channels_, MasterLimiter::kLatency);
  limiter_.process(view_of(nothing), planes_of(out));
  return joined(out, to_hold_, nullptr);
}

float MasterStage::reduction_db() const {
  return limits_ ? -db_of(limiter_.gain()) : 0;
}

}  // namespace mainstay
