#include "engine/audio/bus.h"

#include <algorithm>
#include <cmath>

#include "engine/audio/strip.h"

namespace mainstay {

namespace {

constexpr std::size_t kNowPeriod = kProgramSampleRate / 10;     // Tech 3341: at least 10 Hz
constexpr std::size_t kSoFarPeriod = kProgramSampleRate;        // the range is a walk through a histogram
constexpr std::size_t kForgotten = kProgramSampleRate * 7 / 2;  // of silence: nothing of before is in any window

float told(double lufs) {
  return std::isfinite(lufs) ? std::max(static_cast<float>(lufs), kFloorDb) : kFloorDb;
}

}  // namespace

BusLoudness::BusLoudness(int channels) : channels_(static_cast<std::size_t>(channels)) {
  if (auto made = ffi::LoudnessMeter::make(channels)) meter_ = std::move(*made);
}

void BusLoudness::start_anew() {
  if (meter_ && !meter_->reset()) meter_ = nullptr;
  measured_s_ = 0;
  since_now_ = kNowPeriod;
  since_so_far_ = kSoFarPeriod;
}

void BusLoudness::add(const PlanesView& samples) {
  quiet_ = 0;
  const std::size_t count = samples.size();
  if (interleaved_.size() < channels_ * count) interleaved_.resize(channels_ * count);
  for (int c = 0; c < samples.count; ++c) {
    const float* const from = samples.data[c];
    float* const to = interleaved_.data() + samples.channel(c);
    for (std::size_t i = 0; i < count; ++i) to[i * channels_] = from[i];
  }
  measured_s_ += static_cast<double>(samples.size()) / kProgramSampleRate;
  feed(samples.size());
}

void BusLoudness::silence(std::size_t samples) {
  // Silence is below the gate: once it fills every window, more of it changes nothing.
  if (quiet_ >= kForgotten && !reset_) return;
  quiet_ += samples;
  interleaved_.assign(std::max(interleaved_.size(), channels_ * samples), 0.0F);
  feed(samples);
}

void BusLoudness::feed(std::size_t samples) {
  if (!meter_) return;
  if (reset_.exchange(false)) start_anew();
  meter_->add({interleaved_.data(), channels_ * samples});
  since_now_ += samples;
  since_so_far_ += samples;
  if (since_now_ >= kNowPeriod) {
    since_now_ %= kNowPeriod;
    const ffi::Loudness now = meter_->now();
    values_.momentary.store(told(now.momentary), std::memory_order_relaxed);
    values_.short_term.store(told(now.short_term), std::memory_order_relaxed);
  }
  if (since_so_far_ < kSoFarPeriod) return;
  since_so_far_ %= kSoFarPeriod;
  const ffi::LongLoudness so_far = meter_->so_far();
  values_.integrated.store(told(so_far.integrated), std::memory_order_relaxed);
  values_.range.store(static_cast<float>(so_far.range), std::memory_order_relaxed);
  values_.measured_s.store(static_cast<float>(measured_s_), std::memory_order_relaxed);
}

void Bus::set(const show::BusSettings& settings, bool at_once) {
  const float gain = settings.mute ? 0.0F : gain_of(settings.gain_db);
  if (at_once) {
    fader_.jump(gain);
  } else {
    fader_.set(gain, kLevelRamp);
  }
}

void Bus::fade(const Planes& data) {
  const Ramp before = fader_;
  for (int c = 0; c < data.count; ++c) {
    fader_ = before;
    fader_.apply(data.plane(c));
  }
}

void Bus::measure(const PlanesView& samples) {
  meter_.add(samples, kUnity);
  loudness_.add(samples);
}

void Bus::measure_silence(std::size_t samples) {
  meter_.silence(samples);
  loudness_.silence(samples);
}

}  // namespace mainstay
