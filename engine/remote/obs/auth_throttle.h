// Wrong passwords cost time: after a few in a row an address has to wait, longer with each further one.
// Owned by the hub.
// Thread-safety: one thread at a time.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/core/clock.h"

namespace mainstay::obs {

class AuthThrottle {
 public:
  explicit AuthThrottle(Clock& clock) : clock_(clock) {}

  /// How long the address still has to wait; none: it may try.
  std::optional<Nanos> wait(const std::string& address) const;
  void failed(const std::string& address);
  void passed(const std::string& address) { entries_.erase(address); }

 private:
  static constexpr int kFree = 3;                // wrong passwords without a wait
  static constexpr std::size_t kKept = 4096;     // addresses; past that, those that may try again go
  static constexpr Nanos kFirst = Seconds(1);    // doubles from here
  static constexpr Nanos kLongest = Seconds(60);
  static constexpr Nanos kForgotten = Seconds(600);

  struct Entry {
    int failures = 0;
    Instant last{};
    Instant until{};
  };
  void make_room();

  Clock& clock_;
  std::map<std::string, Entry> entries_;
};

}  // namespace mainstay::obs
