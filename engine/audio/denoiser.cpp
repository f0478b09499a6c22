#include "engine/audio/denoiser.h"

#include <algorithm>

namespace mainstay {

void Denoiser::set(const std::optional<show::Denoise>& settings) {
  wanted_ = settings && settings->enabled;
  if (!wanted_) return;
  const ffi::NoiseFilter::Options options{settings->reduction_db, settings->floor_db};
  const bool same = options.reduction_db == options_.reduction_db && options.floor_db == options_.floor_db;
  options_ = options;
  if (!filter_) {
    auto made = ffi::NoiseFilter::make(options);
    if (made) filter_ = std::move(*made);  // an FFmpeg without it: the sound as it is
    filled_ = 0;
    share_ = 0;
  } else if (!same) {
    (void)filter_->set(options);
  }
}

void Denoiser::clear() {
  if (!filter_) return;
  filter_.reset();
  set(wanted_ ? std::optional(show::Denoise{true, options_.reduction_db, options_.floor_db}) : std::nullopt);
}

void Denoiser::process(StereoSpan data) {
  if (!filter_) return;
  const StereoSpan dry = dry_.resize(data.size());
  std::copy(data.left.begin(), data.left.end(), dry.left.begin());
  std::copy(data.right.begin(), data.right.end(), dry.right.begin());
  if (const Status done = filter_->process(data.left, data.right); !done) {
    std::copy(dry.left.begin(), dry.left.end(), data.left.begin());
    std::copy(dry.right.begin(), dry.right.end(), data.right.begin());
    filter_.reset();
    return;
  }
  blend(data, dry);
  filled_ = std::min(filled_ + static_cast<int>(data.size()), kLatency);
  if (!wanted_ && share_ == 0) filter_.reset();
}

/// Towards what comes out once that is sound, and back when it is not wanted any more.
void Denoiser::blend(StereoSpan data, StereoView dry) {
  const bool there = filled_ >= kLatency;
  const float goal = wanted_ && there ? 1 : 0;
  if (share_ == 1 && goal == 1) return;
  constexpr float kStep = 1.0F / kFade;
  for (std::size_t i = 0; i < data.size(); ++i) {
    share_ = goal > share_ ? std::min(goal, share_ + kStep) : std::max(goal, share_ - kStep);
    data.left[i] = dry.left[i] + (data.left[i] - dry.left[i]) * share_;
    data.right[i] = dry.right[i] + (data.right[i] - dry.right[i]) * share_;
  }
}

}  // namespace mainstay
