// What a strip or bus tells of its level: true peak with the fall of a peak programme meter, the highest of the last
// seconds, and RMS. The mixer feeds it on the program thread; whoever looks reads the latest values, and nobody waits.
// Owned by a strip or bus, its values shared with who looks.
// Thread-safety: add(), silence() from the program thread; MeterValues from any.
#pragma once

#include <array>
#include <atomic>

#include "engine/audio/decibel.h"
#include "engine/audio/stereo.h"
#include "engine/audio/true_peak.h"

namespace mainstay {

/// In dBFS (peaks dBTP), left and right; kFloorDb: silence. Each value is whole; two may be of two ticks.
struct MeterValues {
  std::array<std::atomic<float>, 2> peak_db{kFloorDb, kFloorDb};
  std::array<std::atomic<float>, 2> held_db{kFloorDb, kFloorDb};
  std::array<std::atomic<float>, 2> rms_db{kFloorDb, kFloorDb};
  /// Strips: what gate, compressor, limiter and ducking take away together. The program: what its limiter does.
  std::atomic<float> reduction_db{0};
  /// Strips: by how much their filters make them late.
  std::atomic<float> latency_ms{0};
};

class Meter {
 public:
  static constexpr double kFallDbPerSecond = 20 / 1.7;  ///< IEC 60268-10, type I
  static constexpr double kHoldSeconds = 2;             ///< how long the highest peak stays
  static constexpr double kRmsMs = 300;                 ///< time constant of the mean, as a VU meter's

  /// `gain`, left and right: of what comes after the place that is measured.
  void add(StereoView samples, std::array<float, 2> gain);
  /// The same for silence.
  void silence(std::size_t samples);
  /// Nothing left to fall: silence() would change nothing.
  bool is_down() const { return down_; }
  const MeterValues& values() const { return values_; }
  void tell_latency(float ms) { values_.latency_ms.store(ms, std::memory_order_relaxed); }
  void tell_reduction(float db) { values_.reduction_db.store(db, std::memory_order_relaxed); }

 private:
  struct Side {
    TruePeak true_peak;
    float peak_db = kFloorDb;
    float held_db = kFloorDb;
    std::size_t held_for = 0;
    double mean = 0;  // of the squares
  };

  void see(int side, float peak_db, double mean_square, std::size_t samples);

  std::array<Side, 2> sides_;
  bool down_ = true;
  MeterValues values_;
};

}  // namespace mainstay
