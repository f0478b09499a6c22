// Loudness by ITU-R BS.1770-4 and EBU R 128 (Tech 3341, 3342), by libebur128. Of bounded size, however long it runs:
// integrated loudness and range are kept as histograms.
// Owned by a bus.
// Thread-safety: one thread at a time.
#pragma once

#include <memory>
#include <span>

#include "engine/core/result.h"

namespace mainstay::ffi {

/// LUFS and LU; -infinity where there is nothing to tell yet.
struct Loudness {
  double momentary = 0;   ///< of the last 400 ms
  double short_term = 0;  ///< of the last 3 s
};
struct LongLoudness {
  double integrated = 0;  ///< since the start or reset(), gated
  double range = 0;       ///< LRA; 0 before there is one
};

class LoudnessMeter {
 public:
  /// At the program's 48 kHz, of 1, 2 or 6 channels (L R C LFE Ls Rs: surrounds count 1.5 dB more, LFE not at all).
  /// Errc::io when there is no memory.
  static Result<std::unique_ptr<LoudnessMeter>> make(int channels);
  ~LoudnessMeter();
  LoudnessMeter(const LoudnessMeter&) = delete;
  LoudnessMeter& operator=(const LoudnessMeter&) = delete;

  /// All channels of a sample, then those of the next, …
  void add(std::span<const float> interleaved);
  Loudness now() const;
  LongLoudness so_far() const;
  /// Starts anew.
  Status reset();

 private:
  struct State;
  explicit LoudnessMeter(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace mainstay::ffi
