// The limiter of the program: looks 5 ms ahead and turns down smoothly, so that no true peak (BS.1770-4) is above the
// ceiling; what is below it comes out bit for bit. All channels are turned down together.
// Owned by the mixer.
// Thread-safety: one thread at a time.
//
// What comes out is kLatency samples old. The mixer stamps it accordingly: sound and picture stay together.
//
// The gain that each point of the curve needs is spread over the look-ahead by a sliding minimum, comes back with the
// release, and is smoothed by a mean as long as the look-ahead: all values under the mean are at or below the one
// needed, so the mean is too. (A plain attack time would let the first peak through.)
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/audio/planes.h"
#include "engine/audio/true_peak.h"
#include "engine/show/mixer.h"

namespace mainstay {

class MasterLimiter {
 public:
  static constexpr int kLatency = 250;  ///< samples; 5.2 ms

  explicit MasterLimiter(int channels = 2) : channels_(channels) {}

  /// Not enabled: what comes is let through, after what it is at.
  void set(const show::MasterLimiter& settings);
  /// Writes as many samples as there are: those from kLatency before `in` on.
  void process(const PlanesView& in, const Planes& out);
  /// Lowest gain of the last process().
  float gain() const { return lowest_; }
  /// Forgets what it holds: silence follows.
  void clear();
  /// It turns nothing down, nor will it without another peak.
  bool is_idle() const { return ones_ >= kTell; }
  /// The last kLatency samples that came in; when it is idle, what it holds back.
  AudioBlock held() const;
  /// What it holds back is silent, and so is what it will do.
  bool is_empty() const { return quiet_ >= kLatency + kTell; }

 private:
  static constexpr int kMean = 240;
  static constexpr int kWindow = 250;            // of the sliding minimum
  static constexpr int kTell = kWindow + kMean;  // after so many samples a peak has no effect but the release

  void hold_back(const PlanesView& in, const Planes& out);
  float highest_of(const PlanesView& in);
  void turn_down(std::span<const float> peaks, const Planes& out);
  float next_gain(float needed);
  float window_minimum(float needed);

  float ceiling_ = 1;
  double rise_ = 0;
  const int channels_;
  std::array<TruePeak, kMostChannels> peak_;
  std::vector<float> peaks_;    // of this block, the highest of the channels
  std::vector<float> channel_;  // of one channel
  std::vector<float> gains_;
  std::array<std::array<float, kLatency>, kMostChannels> held_{};
  // The sliding minimum: values that may become it, oldest first, in a ring.
  struct Candidate {
    float value = 1;
    std::int64_t at = 0;
  };
  std::array<Candidate, kWindow + 1> candidates_{};
  int first_ = 0;
  int count_ = 0;
  std::int64_t at_ = 0;
  double envelope_ = 1;               // in float it would stop short of 1
  std::array<double, kMean> mean_{};  // the last values of the envelope
  int mean_at_ = 0;
  double sum_ = kMean;
  int ones_ = kTell;  // samples since the envelope was last below 1
  int quiet_ = kLatency + kTell;
  float lowest_ = 1;
};

}  // namespace mainstay
