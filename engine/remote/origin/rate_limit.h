// How many requests a second one address may make: a token bucket each, in bounded memory.
// Owned by the origin.
// Thread-safety: all members from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/core/clock.h"

namespace mainstay::remote {

class RateLimit {
 public:
  static constexpr std::size_t kMostAddresses = 16'384;  ///< of more, the one longest silent is forgotten
  static constexpr int kBurstSeconds = 3;                ///< what a player that starts or seeks asks for at once

  explicit RateLimit(Clock& clock) : clock_(clock) {}

  /// Requests a second; 0: as many as they like.
  void set(int per_second);
  /// Takes one. False: the address has had its share for now.
  bool take(std::string_view ip);
  std::size_t addresses() const;

 private:
  struct Bucket {
    std::string key;
    double left = 0;
    Instant at{};
  };

  Clock& clock_;
  mutable std::mutex mutex_;
  std::atomic<int> per_second_{0};                                            // set with the lock
  std::list<Bucket> buckets_;                                                 // the one asked last first
  std::unordered_map<std::string_view, std::list<Bucket>::iterator> places_;  // keys stand in the buckets
};

/// One household has a whole /64 of IPv6.
std::string_view household(std::string_view ip);

}  // namespace mainstay::remote
