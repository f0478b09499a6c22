// Delays planes by a number of samples that can change without a click: the new delay is faded in over the old one.
// Owned by a strip.
// Thread-safety: one thread at a time.
#pragma once

#include <vector>

#include "engine/audio/planes.h"

namespace mainstay {

class DelayLine {
 public:
  static constexpr int kMost = 5 * 48000;
  static constexpr int kFade = 480;  ///< 10 ms

  /// From the next sample on; 0 to kMost. What came before a delay was first set is not known: it is silence, out of
  /// which the sound is faded in.
  void set(int samples);
  /// At once, without a fade: before the first sample.
  void jump(int samples);
  int delay() const { return next_; }
  /// Nothing is delayed and nothing fades: process() would change nothing.
  bool is_idle() const { return to_ == 0 && from_ == 0 && next_ == 0; }
  /// Forgets what it holds.
  void clear();

  void process(const Planes& data);

 private:
  void begin();
  void begin_fade();

  std::array<std::vector<float>, kMostChannels> ring_;  // by channel; a power of two long, once it is delayed
  bool begun_ = false;                                  // there is or was a delay
  int written_ = kFade;                                 // of kFade, how far what is written is faded in
  std::size_t at_ = 0;                                  // where the next sample is written
  int from_ = 0;
  int to_ = 0;
  int next_ = 0;       // set while a fade is on: its turn is after it
  int faded_ = kFade;  // of kFade, how far from `from_` to `to_`
};

}  // namespace mainstay
