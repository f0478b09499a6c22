// Cuts a source's sound into the program's blocks. At rates such as 30000/1001 frames hold different numbers of samples
// in a pattern; a source that joins in the middle of the pattern gives one sample more or less than the program's tick
// needs. One sample of silence put first (21 µs) makes up for it, for good: the two patterns never differ by more.
// Owned by the program, one a source that joined so.
// Thread-safety: the program thread only.
#pragma once

#include <array>
#include <vector>

#include "engine/media/audio_block.h"
#include "engine/media/channels.h"

namespace mainstay {

class Reblock {
 public:
  /// A block of exactly `wanted` samples, from `block` (null: `given` samples of silence) and what was left over.
  AudioBlockPtr take(const AudioBlockPtr& block, int given, int wanted);

 private:
  int channels_ = 2;  // of the block before
  std::array<std::vector<float>, kMostChannels> left_ = {{{0.0F}, {0.0F}, {0.0F}, {0.0F}, {0.0F}, {0.0F}}};
};

}  // namespace mainstay
