// How long to wait before the next try: doubling from `first` to `longest`, with jitter so that many legs that lost the
// same ingest do not come back in the same instant.
// Owned by whoever retries (a leg's machine, the recorder, a live source).
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>
#include <random>

#include "engine/core/time.h"

namespace mainstay {

struct BackoffPolicy {
  Nanos first = Seconds(1);
  Nanos longest = Seconds(30);
  /// A wait is between (100 - jitter_pct) % and 100 % of the doubled time: the longest wait stays a bound.
  int jitter_pct = 20;
};

class Backoff {
 public:
  Backoff(BackoffPolicy policy, std::uint64_t seed) : policy_(policy), random_(seed) {}

  /// Counts a failure and says how long to wait.
  Nanos next();
  /// What was tried works again.
  void reset() { failures_ = 0; }
  int failures() const { return failures_; }

 private:
  const BackoffPolicy policy_;
  std::mt19937_64 random_;
  int failures_ = 0;
};

}  // namespace mainstay
