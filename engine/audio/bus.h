// One bus of the mixer: its sum, fader, meter and loudness.
// Owned by the mixer.
// Thread-safety: values and reset_loudness() from any thread; everything else on the program thread.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "engine/audio/meter.h"
#include "engine/audio/ramp.h"
#include "engine/ffi/loudness/loudness_meter.h"
#include "engine/show/mixer.h"

namespace mainstay {

/// LUFS and LU by BS.1770-4; kFloorDb: nothing to tell.
struct LoudnessValues {
  std::atomic<float> momentary{kFloorDb};
  std::atomic<float> short_term{kFloorDb};
  std::atomic<float> integrated{kFloorDb};
  std::atomic<float> range{0};
  std::atomic<float> measured_s{0};  ///< how long there was sound to integrate over
};

class BusLoudness {
 public:
  explicit BusLoudness(int channels);
  void add(const PlanesView& samples);
  void silence(std::size_t samples);
  /// Takes effect with the next samples.
  void reset() { reset_ = true; }
  const LoudnessValues& values() const { return values_; }

 private:
  void feed(std::size_t samples);
  void start_anew();

  const std::size_t channels_;
  std::unique_ptr<ffi::LoudnessMeter> meter_;  // null when there was no memory for it
  std::vector<float> interleaved_;
  std::size_t since_now_ = 0;
  std::size_t since_so_far_ = 0;
  std::size_t quiet_ = 0;
  double measured_s_ = 0;
  std::atomic<bool> reset_{false};
  LoudnessValues values_;
};

class Bus {
 public:
  explicit Bus(int channels = 2) : meter_(channels), loudness_(channels) {}

  void set(const show::BusSettings& settings, bool at_once);
  /// The fader leaves what comes as it is.
  bool is_unity() const { return fader_.is_unity(); }
  bool is_off() const { return fader_.is_off(); }
  void fade(const Planes& data);
  void skip(std::size_t samples) { fader_.skip(samples); }

  void measure(const PlanesView& samples);
  void measure_silence(std::size_t samples);
  void tell_reduction(float db) { meter_.tell_reduction(db); }
  void reset_loudness() { loudness_.reset(); }
  const MeterValues& meter() const { return meter_.values(); }
  const LoudnessValues& loudness() const { return loudness_.values(); }

 private:
  Ramp fader_{1};
  Meter meter_;
  BusLoudness loudness_;
};

}  // namespace mainstay
