// How often a failing encoder may be built anew: a broken one must not take the machine down with it.
// Owned by an encode stage.
// Thread-safety: one thread at a time.
#pragma once

#include <deque>

#include "engine/core/time.h"

namespace mainstay {

/// At most kPerMinute attempts in any minute of program time, after a failed one a second apart. Counted on the
/// program's timeline, so that an offline run behaves like a live one.
class RebuildBudget {
 public:
  static constexpr std::size_t kPerMinute = 5;

  /// Takes an attempt at `now` (time since the program's epoch) when there is one left.
  bool take(Nanos now) {
    while (!attempts_.empty() && now - attempts_.front() >= std::chrono::minutes(1)) attempts_.pop_front();
    if (attempts_.size() >= kPerMinute) return false;
    if (last_failed_ && !attempts_.empty() && now - attempts_.back() < Seconds(1)) return false;
    attempts_.push_back(now);
    return true;
  }
  void attempt_ended(bool well) { last_failed_ = !well; }
  bool spent() const { return attempts_.size() >= kPerMinute; }

 private:
  std::deque<Nanos> attempts_;
  bool last_failed_ = false;
};

}  // namespace mainstay
