// Plays 48 kHz sound a little faster or slower, for as long as it lasts, for a device whose clock is not the
// program's: libswresample's compensation, set anew with each block.
// Owned by who feeds the device.
// Thread-safety: one thread at a time.
#pragma once

#include <memory>
#include <vector>

#include "engine/core/result.h"
#include "engine/media/audio_block.h"

namespace mainstay::ffi {

class RateMatcher {
 public:
  explicit RateMatcher(int channels = 2);
  ~RateMatcher();
  RateMatcher(const RateMatcher&) = delete;
  RateMatcher& operator=(const RateMatcher&) = delete;

  static constexpr double kMostPpm = 5000;

  /// From the next block on `ppm` millionths more samples come out than go in; within ±kMostPpm.
  void set_ppm(double ppm) { ppm_ = ppm; }
  /// Another layout; what is held back is forgotten.
  void set_channels(int channels);
  /// Appends what comes out, interleaved, to `out`; `in` has as many channels. Some samples are held back for the
  /// filter.
  Status process(const AudioBlock& in, std::vector<float>& out);
  /// What is held back is forgotten.
  void clear();

 private:
  struct Swr;
  Status make();

  std::unique_ptr<Swr> swr_;
  int channels_;
  double ppm_ = 0;
};

}  // namespace mainstay::ffi
