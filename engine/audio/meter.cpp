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

void Meter::add(StereoView samples, std::array<float, 2> gain) {
  const std::size_t count = samples.size();
  if (count == 0) return;
  down_ = false;
  for (int i = 0; i < 2; ++i) {
    const float peak = sides_[i].true_peak.highest(samples.side(i), gain_of(kEnoughDb)) * gain[i];
    const double power = sum_of_squares(samples.side(i)) / static_cast<double>(count);
    const bool none = peak <= gain_of(kEnoughDb) * gain[i];  // what the floor stood in for
    see(i, db_of(none ? peak_of(samples.side(i)) * gain[i] : peak), power * gain[i] * gain[i], count);
  }
}

void Meter::silence(std::size_t samples) {
  if (down_) return;
  down_ = true;
  for (int i = 0; i < 2; ++i) {
    sides_[i].true_peak.clear();
    see(i, kFloorDb, 0, samples);
    down_ = down_ && sides_[i].held_db == kFloorDb && sides_[i].mean == 0;
  }
}

void Meter::see(int side, float peak_db, double mean_square, std::size_t samples) {
  Side& s = sides_[side];
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
  values_.peak_db[side].store(s.peak_db, std::memory_order_relaxed);
  values_.held_db[side].store(s.held_db, std::memory_order_relaxed);
  values_.rms_db[side].store(db_of(rms), std::memory_order_relaxed);
}

}  // namespace mainstay
