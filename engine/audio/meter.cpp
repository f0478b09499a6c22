#include "engine/audio/meter.h"

#include <algorithm>
#include <cmath>

namespace mainstay {

namespace {

constexpr double kRate = kProgramSampleRate;
constexpr float kEnoughDb = -60;  // of full scale: below, the curve between the samples is not looked at

double sum_of_squares(std::span<const float> samples) {
  constexpr int kLanes = 8;
  std::array<float, kLanes> sums{};
  std::size_t i = 0;
  for (; i + kLanes <= samples.size(); i += kLanes) {
    for (int j = 0; j < kLanes; ++j) sums[j] += samples[i + j] * samples[i + j];
  }
  double sum = 0;
  for (const float part : sums) sum += part;
  for (; i < samples.size(); ++i) sum += samples[i] * samples[i];
  return sum;
}

}  // namespace

void Meter::add(const PlanesView& samples, const ChannelGains& gain) {
  const std::size_t count = samples.size();
  if (count == 0) return;
  down_ = false;
  int next = 0;  // of the planes
  for (int channel = 0; channel < channels_; ++channel) {
    if (next < samples.count && samples.channel(next) == channel) {
      add(channel, samples.plane(next++), gain[channel]);
    } else {
      at_[channel].true_peak.clear();
      see(channel, kFloorDb, 0, count);
    }
  }
}

void Meter::add(int channel, std::span<const float> samples, float gain) {
  const float peak = at_[channel].true_peak.highest(samples, gain_of(kEnoughDb)) * gain;
  const double power = sum_of_squares(samples) / static_cast<double>(samples.size());
  const bool none = peak <= gain_of(kEnoughDb) * gain;  // what the floor stood in for
  see(channel, db_of(none ? peak_of(samples) * gain : peak), power * gain * gain, samples.size());
}

void Meter::silence(std::size_t samples) {
  if (down_) return;
  down_ = true;
  for (int i = 0; i < channels_; ++i) {
    at_[i].true_peak.clear();
    see(i, kFloorDb, 0, samples);
    down_ = down_ && at_[i].held_db == kFloorDb && at_[i].mean == 0;
  }
}

void Meter::see(int channel, float peak_db, double mean_square, std::size_t samples) {
  Channel& s = at_[channel];
  const auto fall = static_cast<float>(kFallDbPerSecond * static_cast<double>(samples) / kRate);
  s.peak_db = std::max({peak_db, s.peak_db - fall, kFloorDb});
  s.held_for += samples;
  if (peak_db >= s.held_db || static_cast<double>(s.held_for) > kHoldSeconds * kRate) {
    s.held_db = s.peak_db;
    s.held_for = 0;
  }
  s.mean = mean_square + (s.mean - mean_square) * decay_of(kRmsMs, static_cast<double>(samples));
  if (s.mean < 1e-12) s.mean = 0;
  // Plain RMS: a sine's is 3 dB below its peak (AES17 would add them).
  const auto rms = static_cast<float>(std::sqrt(s.mean));
  values_.peak_db[channel].store(s.peak_db, std::memory_order_relaxed);
  values_.held_db[channel].store(s.held_db, std::memory_order_relaxed);
  values_.rms_db[channel].store(db_of(rms), std::memory_order_relaxed);
}

}  // namespace mainstay
