#include "engine/audio/delay_line.h"

#include <algorithm>
#include <bit>

namespace mainstay {

namespace {

constexpr std::size_t kRing = std::bit_ceil(static_cast<std::size_t>(DelayLine::kMost) + 1);

}  // namespace

void DelayLine::begin() {
  for (std::vector<float>& ring : ring_) std::fill(ring.begin(), ring.end(), 0.0F);
  begun_ = true;
  at_ = 0;
  written_ = 0;
}

void DelayLine::set(int samples) {
  samples = std::clamp(samples, 0, kMost);
  if (samples == next_) return;
  if (is_idle()) begin();
  next_ = samples;
  if (faded_ == kFade) begin_fade();
}

void DelayLine::begin_fade() {
  from_ = to_;
  to_ = next_;
  faded_ = 0;
}

void DelayLine::jump(int samples) {
  set(samples);
  from_ = to_ = next_;
  faded_ = kFade;
  written_ = kFade;
}

void DelayLine::clear() {
  for (std::vector<float>& ring : ring_) std::fill(ring.begin(), ring.end(), 0.0F);
  jump(next_);
}

void DelayLine::process(const Planes& data) {
  if (!begun_) return;
  const std::size_t start = at_;
  const int faded = faded_;
  const int written = written_;
  for (int c = 0; c < data.count; ++c) {
    std::vector<float>& held = ring_[static_cast<std::size_t>(data.channel(c))];
    if (held.empty()) held.assign(kRing, 0.0F);
    float* const ring = held.data();
    at_ = start;
    faded_ = faded;
    written_ = written;
    const auto tap = [&](float x, int delay) {
      return delay == 0 ? x : ring[(at_ - static_cast<std::size_t>(delay)) & (kRing - 1)];
    };
    for (float& x : data.plane(c)) {
      const float in = x;
      ring[at_ & (kRing - 1)] = written_ < kFade ? in * (static_cast<float>(++written_) / kFade) : in;
      x = tap(in, to_);
      if (faded_ < kFade) {
        const float before = tap(in, from_);
        x = before + (x - before) * (static_cast<float>(++faded_) / kFade);
      }
      ++at_;
    }
  }
  at_ &= kRing - 1;
  if (faded_ < kFade) return;
  from_ = to_;
  if (next_ != to_) begin_fade();
}

}  // namespace mainstay
