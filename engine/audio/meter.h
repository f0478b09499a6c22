// What a strip or bus tells of its level: true peak with the fall of a peak programme meter, the highest of the last
// seconds, and RMS. The mixer feeds it on the program thread; whoever looks reads the latest values, and nobody waits.
// Owned by a strip or bus, its values shared with who looks.
// Thread-safety: add(), silence() from the program thread; MeterValues from any.
#pragma once

#include <array>
#include <atomic>

#include "engine/audio/decibel.h"
#include "engine/audio/planes.h"
#include "engine/audio/true_peak.h"

namespace mainstay {

/// In dBFS (peaks dBTP), by channel; kFloorDb: silence. Each value is whole; two may be of two ticks.
struct MeterValues {
  using Values = std::array<std::atomic<float>, kMostChannels>;
  Values peak_db{kFloorDb, kFloorDb, kFloorDb, kFloorDb, kFloorDb, kFloorDb};
  Values held_db{kFloorDb, kFloorDb, kFloorDb, kFloorDb, kFloorDb, kFloorDb};
  Values rms_db{kFloorDb, kFloorDb, kFloorDb, kFloorDb, kFloorDb, kFloorDb};
  /// Strips: what gate, compressor, limiter and ducking take away together. The program: what its limiter does.
  std::atomic<float> reduction_db{0};
  /// Strips: by how much their filters make them late.
  std::atomic<float> latency_ms{0};
};

/// Of a factor for each channel.
using ChannelGains = std::array<float, kMostChannels>;
inline constexpr ChannelGains kUnity{1, 1, 1, 1, 1, 1};

class Meter {
 public:
  static constexpr double kFallDbPerSecond = 20 / 1.7;  ///< IEC 60268-10, type I
  static constexpr double kHoldSeconds = 2;             ///< how long the highest peak stays
  static constexpr double kRmsMs = 300;                 ///< time constant of the mean, as a VU meter's

  explicit Meter(int channels = 2) : channels_(channels) {}

  /// `gain`: of what comes after the place that is measured. A channel that is not there is silent.
  void add(const PlanesView& samples, const ChannelGains& gain);
  /// The same for silence.
  void silence(std::size_t samples);
  /// Nothing left to fall: silence() would change nothing.
  bool is_down() const { return down_; }
  const MeterValues& values() const { return values_; }
  void tell_latency(float ms) { values_.latency_ms.store(ms, std::memory_order_relaxed); }
  void tell_reduction(float db) { values_.reduction_db.store(db, std::memory_order_relaxed); }

 private:
  struct Channel {
    TruePeak true_peak;
    float peak_db = kFloorDb;
    float held_db = kFloorDb;
    std::size_t held_for = 0;
    double mean = 0;  // of the squares
  };

  void add(int channel, std::span<const float> samples, float gain);
  void see(int channel, float peak_db, double mean_square, std::size_t samples);

  const int channels_;
  std::array<Channel, kMostChannels> at_;
  bool down_ = true;
  MeterValues values_;
};

}  // namespace mainstay
