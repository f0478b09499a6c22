// Bits a second over the last second, in a fixed amount of memory: ten slots of 100 ms.
// Owned by whoever counts.
// Thread-safety: one thread at a time.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "engine/core/time.h"

namespace mainstay {

class RateWindow {
 public:
  void add(Instant now, std::int64_t bytes) {
    move_to(now);
    slots_[static_cast<std::size_t>(slot_ % kSlots)] += bytes;
  }

  /// Over the ten whole slots before the one in progress, so that the figure does not dip as each slot begins.
  double kbps(Instant now) {
    move_to(now);
    std::int64_t bytes = 0;
    for (std::int64_t i = 1; i < kSlots; ++i) bytes += slots_[static_cast<std::size_t>((slot_ + i) % kSlots)];
    return static_cast<double>(bytes) * 8 / 1000;
  }

 private:
  static constexpr std::int64_t kSlots = 11;
  static constexpr Nanos kSlot = Millis(100);

  void move_to(Instant now) {
    const std::int64_t slot = now.time_since_epoch() / kSlot;
    if (slot - slot_ >= kSlots) slots_.fill(0);
    while (slot_ < slot && slot - slot_ < kSlots) slots_[static_cast<std::size_t>(++slot_ % kSlots)] = 0;
    slot_ = std::max(slot, slot_);
  }

  std::array<std::int64_t, kSlots> slots_{};
  std::int64_t slot_ = 0;
};

}  // namespace mainstay
