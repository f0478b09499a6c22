// The sound of a bus for who takes it in another layout: mixed by ITU-R BS.775, and, where channels are added up, with
// a limiter behind that, because their sum may be above full scale though none of them is. Owned by whoever hands the
// sound on. Thread-safety: one thread at a time.
//
// The limiter looks ahead, so a block that comes out begins as much earlier (master_stage.h); the stream of blocks has
// neither gap nor overlap.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/audio/master_stage.h"

namespace mainstay {

class DownMix {
 public:
  /// `channels` that come out: 1, 2 or 6.
  explicit DownMix(int channels);

  struct Out {
    AudioBlockPtr block;  ///< null: all of a short block is held back
    std::int64_t first_sample = 0;
  };
  Out take(const AudioBlockPtr& block, std::int64_t first_sample);
  /// What is held back, at the end.
  Out flush();

 private:
  Out stamped(AudioBlockPtr block);

  const int channels_;
  MasterStage limiter_;
  std::optional<std::int64_t> expected_;  // where the next block begins
  std::int64_t next_ = 0;                 // where the next one that comes out begins
};

}  // namespace mainstay
