// A strip's noise suppression: libavfilter's afftdn, faded in and out.
// Owned by a strip.
// Thread-safety: one thread at a time, the program's.
//
// It looks ahead, so what comes out is kLatency samples late (37.5 ms). The strip takes that off the delay it is asked
// for; what is left over is told with the strip's state (latency_ms), as nothing else in the mixer waits for it.
#pragma once

#include <memory>
#include <optional>

#include "engine/audio/planes.h"
#include "engine/ffi/av/noise_filter.h"
#include "engine/show/mixer.h"

namespace mainstay {

class Denoiser {
 public:
  static constexpr int kLatency = ffi::NoiseFilter::kLatency;
  static constexpr int kFade = 960;  ///< 20 ms between the sound as it is and without its noise

  void set(const std::optional<show::Denoise>& settings);
  /// Nothing is done and nothing fades.
  bool is_idle() const { return filter_ == nullptr; }
  /// By how many samples what comes out is late, now or soon.
  int latency() const { return wanted_ && filter_ ? kLatency : 0; }
  /// Forgets what it holds.
  void clear();
  void process(const Planes& data);

 private:
  void make();
  void blend(const Planes& data, const Planes& dry);

  ffi::NoiseFilter::Options options_;
  bool wanted_ = false;
  ChannelSet set_ = all_of(2);  // that the filter is made for
  std::unique_ptr<ffi::NoiseFilter> filter_;
  int filled_ = 0;   // of kLatency, samples that have gone in
  float share_ = 0;  // of what comes out, the rest is the sound as it is
  PlanesBuffer dry_;
};

}  // namespace mainstay
