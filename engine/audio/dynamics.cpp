#include "engine/audio/dynamics.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mainstay {

namespace {

constexpr float kNearlyDb = 0.001F;  // a decay that came this near is over
constexpr float kNearly = 1e-4F;

int samples_of(double ms) {
  return static_cast<int>(std::lround(ms * kProgramSampleRate / 1000));
}

/// Moves from `value` towards `target` by what a step does, and arrives.
float towards(float value, float target, float left, float nearly) {
  const float next = target + (value - target) * left;
  return std::fabs(next - target) < nearly ? target : next;
}

}  // namespace

// --- gate ------------------------------------------------------------------------------------------------------------

void Gate::set(const std::optional<show::Gate>& settings) {
  on_ = settings && settings->enabled;
  if (!on_) return;
  open_above_ = gain_of(settings->threshold_db);
  close_below_ = gain_of(settings->threshold_db - settings->hysteresis_db);
  closed_gain_ = gain_of(settings->range_db);
  hold_ = samples_of(settings->hold_ms);
  attack_.set(settings->attack_ms);
  release_.set(settings->release_ms);
}

void Gate::process(const Planes& data) {
  apply_steps(data, data, gain_, [this](float peak, std::size_t samples) {
    if (!on_ || peak > open_above_) {
      open_ = true;
      held_ = hold_;
    } else if (peak > close_below_) {
      if (open_) held_ = hold_;
    } else if (held_ > 0) {
      held_ -= static_cast<int>(samples);
    } else {
      open_ = false;
    }
    return open_ ? towards(gain_, 1, attack_.of(samples), kNearly)
                 : towards(gain_, closed_gain_, release_.of(samples), std::max(kNearly * closed_gain_, 1e-6F));
  });
}

// --- compressor ------------------------------------------------------------------------------------------------------

void Compressor::set(const std::optional<show::Compressor>& settings) {
  on_ = settings && settings->enabled;
  makeup_db_ = on_ ? static_cast<float>(settings->makeup_db) : 0;
  if (!on_) return;
  threshold_db_ = static_cast<float>(settings->threshold_db);
  slope_ = static_cast<float>(1 - 1 / settings->ratio);
  knee_db_ = static_cast<float>(settings->knee_db);
  attack_.set(settings->attack_ms);
  release_.set(settings->release_ms);
}

float Compressor::curve_db(float level_db) const {
  const float over = level_db - threshold_db_;
  if (2 * over <= -knee_db_) return 0;
  if (2 * over >= knee_db_) return slope_ * over;
  const float into = over + knee_db_ / 2;
  return slope_ * into * into / (2 * knee_db_);
}

void Compressor::process(const Planes& data) {
  apply_steps(data, data, gain_, [this](float peak, std::size_t samples) {
    const float held = peak_.see(peak, samples);
    const float wanted = on_ ? curve_db(db_of(held)) : 0;
    const StepDecay& pace = wanted > reduction_db_ ? attack_ : release_;
    reduction_db_ = towards(reduction_db_, wanted, pace.of(samples), kNearlyDb);
    made_up_db_ = towards(made_up_db_, makeup_db_, release_.of(samples), kNearlyDb);
    const float db = made_up_db_ - reduction_db_;
    return db == 0 ? 1.0F : std::exp2(db * 0.166096405F);  // log2(10)/20
  });
}

// --- limiter ---------------------------------------------------------------------------------------------------------

void StripLimiter::set(const std::optional<show::StripLimiter>& settings) {
  on_ = settings && settings->enabled;
  if (!on_) return;
  ceiling_ = gain_of(settings->ceiling_db);
  rise_ = 1 - static_cast<double>(decay_of(settings->release_ms, 1));
}

void StripLimiter::process(const Planes& data) {
  const float ceiling = on_ ? ceiling_ : INFINITY;
  if (gain_ == 1 && peak_of(data) <= ceiling) return;
  constexpr std::size_t kRun = 64;  // samples whose gains are found before any of them is multiplied
  std::array<float, kRun> gains;
  for (std::size_t at = 0; at < data.size(); at += kRun) {
    const std::size_t count = std::min(kRun, data.size() - at);
    gains.fill(0);
    for (int c = 0; c < data.count; ++c) {
      const float* const samples = data.data[c] + at;
      for (std::size_t i = 0; i < count; ++i) gains[i] = std::max(gains[i], std::fabs(samples[i]));
    }
    find_gains({gains.data(), count}, ceiling);
    for (int c = 0; c < data.count; ++c) {
      float* const samples = data.data[c] + at;  // clamped against the last bit's rounding
      for (std::size_t i = 0; i < count; ++i) samples[i] = std::clamp(samples[i] * gains[i], -ceiling, ceiling);
    }
  }
}

/// Of the peaks of samples, what each is multiplied with.
void StripLimiter::find_gains(std::span<float> peaks, float ceiling) {
  double gain = gain_;
  for (float& value : peaks) {
    const float peak = value;
    gain += (1 - gain) * rise_;
    if (gain > 1 - kNearly) gain = 1;
    if (peak * gain > ceiling) gain = ceiling / peak;
    value = static_cast<float>(gain);
  }
  gain_ = gain;
}

// --- ducking ---------------------------------------------------------------------------------------------------------

void Ducker::set(const std::optional<show::Duck>& settings) {
  on_ = settings && settings->enabled;
  if (!on_) return;
  threshold_ = gain_of(settings->threshold_db);
  amount_db_ = static_cast<float>(settings->amount_db);
  hold_ = samples_of(settings->hold_ms);
  attack_.set(settings->attack_ms);
  release_.set(settings->release_ms);
}

void Ducker::process(const PlanesView& key, float key_gain, const Planes& data) {
  apply_steps(key, data, gain_, [&](float peak, std::size_t samples) {
    if (on_ && peak * key_gain > threshold_) {
      held_ = hold_ + static_cast<int>(samples);
    } else if (held_ > 0) {
      held_ -= static_cast<int>(samples);
    }
    const bool down = on_ && held_ > 0;
    reduction_db_ = down ? towards(reduction_db_, amount_db_, attack_.of(samples), kNearlyDb)
                         : towards(reduction_db_, 0, release_.of(samples), kNearlyDb);
    return reduction_db_ == 0 ? 1.0F : std::exp2(reduction_db_ * -0.166096405F);
  });
}

}  // namespace mainstay
