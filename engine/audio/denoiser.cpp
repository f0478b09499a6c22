#include "engine/audio/denoiser.h"

#include <algorithm>
#include <bit>

namespace mainstay {

void Denoiser::set(const std::optional<show::Denoise>& settings) {
  wanted_ = settings && settings->enabled;
  if (!wanted_) return;
  const ffi::NoiseFilter::Options options{settings->reduction_db, settings->floor_db};
  const bool same = options.reduction_db == options_.reduction_db && options.floor_db == options_.floor_db;
  options_ = options;
  if (!filter_) {
    make();
  } else if (!same) {
    (void)filter_->set(options);
  }
}

void Denoiser::make() {
  filter_.reset();
  auto made = ffi::NoiseFilter::make(options_, std::popcount(set_));
  if (made) filter_ = std::move(*made);  // an FFmpeg without it: the sound as it is
  filled_ = 0;
  share_ = 0;
}

void Denoiser::clear() {
  if (!filter_) return;
  filter_.reset();
  set(wanted_ ? std::optional(show::Denoise{true, options_.reduction_db, options_.floor_db}) : std::nullopt);
}

void Denoiser::process(const Planes& data) {
  if (!filter_) return;
  if (data.set() != set_) {  // what comes has other channels than what came
    set_ = data.set();
    make();
    if (!filter_) return;
  }
  const Planes dry = dry_.resize(set_, data.size());
  copy(data, dry);
  if (const Status done = filter_->process({data.data.data(), static_cast<std::size_t>(data.count)}, data.size());
      !done) {
    copy(dry, data);
    filter_.reset();
    return;
  }
  blend(data, dry);
  filled_ = std::min(filled_ + static_cast<int>(data.size()), kLatency);
  if (!wanted_ && share_ == 0) filter_.reset();
}

/// Towards what comes out once that is sound, and back when it is not wanted any more.
void Denoiser::blend(const Planes& data, const Planes& dry) {
  const bool there = filled_ >= kLatency;
  const float goal = wanted_ && there ? 1 : 0;
  if (share_ == 1 && goal == 1) return;
  constexpr float kStep = 1.0F / kFade;
  for (std::size_t i = 0; i < data.size(); ++i) {
    share_ = goal > share_ ? std::min(goal, share_ + kStep) : std::max(goal, share_ - kStep);
    for (int c = 0; c < data.count; ++c) data.data[c][i] = dry.data[c][i] + (data.data[c][i] - dry.data[c][i]) * share_;
  }
}

}  // namespace mainstay
