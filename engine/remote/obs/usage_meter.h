// What GetStats tells of the machine's load and the program's pace: differences between two looks.
// Owned by the hub.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>

#include "engine/core/time.h"
#include "engine/studio/snapshot.h"

namespace mainstay::obs {

class UsageMeter {
 public:
  struct Usage {
    double cpu_percent = 0;  ///< of all the machine's cores
    double memory_mb = 0;
    double fps = 0;  ///< pictures made a second; 0 off air
  };

  /// Looks that come faster than twice a second get the last figures.
  Usage look(Instant now, const Snapshot& snapshot);

 private:
  Usage last_;
  Instant at_{};
  double cpu_s_ = 0;
  std::int64_t rendered_ = 0;
  bool looked_ = false;
};

}  // namespace mainstay::obs
