// The last stage of the program bus: the master limiter, and the switching of it on and off without a gap.
// Owned by the mixer.
// Thread-safety: one thread at a time.
//
// With the limiter in the way the sound lags by MasterLimiter::kLatency samples: the first block after it is switched
// on is that much shorter, the first one after it is switched off longer. It leaves only when it does nothing any more.
#pragma once

#include "engine/audio/master_limiter.h"
#include "engine/media/audio_block.h"

namespace mainstay {

class MasterStage {
 public:
  explicit MasterStage(int channels = 2) : channels_(channels), limiter_(channels) {}

  void set(const show::MasterLimiter& settings);
  /// Null when all of a short block is held back.
  AudioBlockPtr process(const AudioBlockPtr& block);
  /// What is held back, at the end; null when nothing is.
  AudioBlockPtr flush();
  int lag() const { return limits_ ? MasterLimiter::kLatency - to_hold_ : 0; }
  /// How far the last block was turned down at most.
  float reduction_db() const;

 private:
  const int channels_;
  MasterLimiter limiter_;
  AudioBlockPtr known_silent_;
  bool wanted_ = false;
  bool limits_ = false;
  int to_hold_ = 0;  // samples that are still to be held back
};

}  // namespace mainstay
