// The sound of a file, laid out on one line of samples and cut into ticks: gaps become silence, and where sound begins
// or breaks off in the middle of a wave, a 5 ms ramp stands instead of a click.
// Owned by FilePlayer.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "engine/media/audio_block.h"

namespace mainstay {

inline constexpr int kRampSamples = kProgramSampleRate / 200;  // 5 ms

class SoundStrip {
 public:
  /// Appends a run of sound of any layout; runs rise and do not overlap.
  void add(std::int64_t first, AudioBlockPtr block);
  /// The sample after the last one held or ever held.
  std::int64_t end() const { return end_; }
  /// No sound follows: what ends here, ends for good.
  void finish() { finished_ = true; }
  bool finished() const { return finished_; }
  void clear();

  /// Samples [first, first + count); what lies before is dropped. `cut_begin`: the sound is cut at `first`, so it
  /// swings in. `cut_end`: where it is cut off, when that is known; sound that ends exactly there flows on into the
  /// next round of a loop. Breaks in the 5 ms behind `first + count` are seen when that much was added. Null when all
  /// is silence. Where the layout changes, the wider one counts.
  AudioBlockPtr cut(std::int64_t first, int count, bool cut_begin, std::optional<std::int64_t> cut_end);

 private:
  struct Run {
    std::int64_t first;
    AudioBlockPtr block;
    std::int64_t end() const { return first + block->samples; }
  };

  static void copy(const Run& run, std::int64_t first, AudioBlock& out);
  /// The ramps on samples [from, to) of `out`, which begins at `first`.
  void shape(AudioBlock& out, std::int64_t first, std::int64_t from, std::int64_t to,
             std::optional<std::int64_t> fade_end) const;

  std::deque<Run> runs_;
  std::int64_t end_ = 0;
  bool finished_ = false;
  bool heard_ = false;                     ///< some sound was cut already
  bool sounding_ = false;                  ///< the last cut ended inside a stretch
  std::optional<std::int64_t> ramp_from_;  ///< where that stretch swings in
};

}  // namespace mainstay
