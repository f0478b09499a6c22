#include "engine/audio/master_limiter.h"

#include <algorithm>
#include <cmath>

#include "engine/audio/decibel.h"

namespace mainstay {

namespace {

// Four-fold oversampling with twelve taps reads low near the end of the band; with this much in hand a meter with
// longer ones agrees, also with white noise (dB).
constexpr double kMarginDb = 0.3;
constexpr double kNearly = 1e-5;

}  // namespace

void MasterLimiter::set(const show::MasterLimiter& settings) {
  ceiling_ = settings.enabled ? gain_of(settings.ceiling_db - kMarginDb) : INFINITY;
  rise_ = 1 - static_cast<double>(decay_of(settings.release_ms, 1));
}

void MasterLimiter::clear() {
  for (TruePeak& peak : peak_) peak.clear();
  for (auto& held : held_) held.fill(0);
  count_ = 0;
  envelope_ = 1;
  ones_ = kTell;
  quiet_ = kLatency + kTell;
  lowest_ = 1;
}

AudioBlock MasterLimiter::held() const {
  AudioBlock out(channels_, kLatency);
  for (int c = 0; c < channels_; ++c) std::copy(held_[c].begin(), held_[c].end(), out.plane(c).begin());
  return out;
}

void MasterLimiter::hold_back(const PlanesView& in, const Planes& out) {
  const std::size_t count = in.size();
  for (int c = 0; c < channels_; ++c) {
    std::array<float, kLatency>& held = held_[c];
    const std::span<const float> from = in.plane(c);
    const std::span<float> to = out.plane(c);
    const std::size_t old = std::min<std::size_t>(count, kLatency);
    std::copy_n(held.begin(), old, to.begin());
    std::copy(from.begin(), from.end() - static_cast<std::ptrdiff_t>(old),
              to.begin() + static_cast<std::ptrdiff_t>(old));
    std::copy(held.begin() + static_cast<std::ptrdiff_t>(old), held.end(), held.begin());
    std::copy(from.end() - static_cast<std::ptrdiff_t>(old), from.end(), held.end() - static_cast<std::ptrdiff_t>(old));
  }
}

void MasterLimiter::process(const PlanesView& in, const Planes& out) {
  const std::size_t count = in.size();
  lowest_ = 1;
  bool silent = true;
  for (int c = 0; c < channels_ && silent; ++c) silent = is_silent(in.plane(c));
  const bool was_empty = is_empty();
  quiet_ = silent ? std::min(quiet_ + static_cast<int>(count), kLatency + kTell) : 0;
  hold_back(in, out);
  if (silent && was_empty) {
    at_ += static_cast<std::int64_t>(count);
    return;
  }
  const float highest = highest_of(in);
  if (is_idle() && highest <= ceiling_) {  // nothing to do, and nothing left from before
    at_ += static_cast<std::int64_t>(count);
    return;
  }
  turn_down({peaks_.data(), count}, out);
}

/// Of all channels: the curve of peaks into peaks_, and the highest of it.
float MasterLimiter::highest_of(const PlanesView& in) {
  const std::size_t count = in.size();
  if (peaks_.size() < count) {
    peaks_.resize(count);
    channel_.resize(count);
    gains_.resize(count);
  }
  peak_[0].process(in.plane(0), peaks_);
  for (int c = 1; c < channels_; ++c) {
    peak_[c].process(in.plane(c), channel_);
    for (std::size_t i = 0; i < count; ++i) peaks_[i] = channel_[i] > peaks_[i] ? channel_[i] : peaks_[i];
  }
  float highest = 0;
  for (std::size_t i = 0; i < count; ++i) highest = peaks_[i] > highest ? peaks_[i] : highest;
  return highest;
}

void MasterLimiter::turn_down(std::span<const float> peaks, const Planes& out) {
  if (is_idle()) {  // it stood still: the past is all ones
    mean_.fill(1);
    sum_ = kMean;
    count_ = 0;
    envelope_ = 1;
  }
  for (std::size_t i = 0; i < peaks.size(); ++i) {
    gains_[i] = next_gain(peaks[i] > ceiling_ ? ceiling_ / peaks[i] : 1.0F);
    lowest_ = std::min(lowest_, gains_[i]);
  }
  if (lowest_ == 1) return;
  for (int c = 0; c < channels_; ++c) {
    float* const samples = out.data[c];
    for (std::size_t i = 0; i < peaks.size(); ++i) samples[i] *= gains_[i];
  }
}

float MasterLimiter::window_minimum(float needed) {
  const auto place = [&](int i) -> Candidate& { return candidates_[(first_ + i) % candidates_.size()]; };
  while (count_ > 0 && place(count_ - 1).value >= needed) --count_;
  place(count_++) = {needed, at_};
  if (place(0).at <= at_ - kWindow) {
    first_ = (first_ + 1) % static_cast<int>(candidates_.size());
    --count_;
  }
  ++at_;
  return place(0).value;
}

float MasterLimiter::next_gain(float needed) {
  const float lowest = window_minimum(needed);
  envelope_ = std::min<double>(lowest, envelope_ + (1 - envelope_) * rise_);
  if (envelope_ > 1 - kNearly && lowest == 1) envelope_ = 1;
  ones_ = envelope_ == 1 ? ones_ + 1 : 0;
  sum_ += envelope_ - mean_[mean_at_];
  mean_[mean_at_] = envelope_;
  mean_at_ = (mean_at_ + 1) % kMean;
  if (ones_ >= kMean) {  // exactly, whatever was rounded
    sum_ = kMean;
    ones_ = std::min(ones_, kTell);
    return 1;
  }
  return static_cast<float>(sum_ / kMean);
}

}  // namespace mainstay
