// Where parts go that are no longer used: they end and are destroyed on a thread of its own ("reaper"), because ending
// may wait for a network or a disk, which the control thread must not.
// Owned by OnAir.
// Thread-safety: all members from any thread; none blocks but finish() and the destructor.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/named_thread.h"

namespace mainstay {

class Reaper {
 public:
  explicit Reaper(Clock& clock);
  ~Reaper();

  /// Lets go of it over there, once nobody else holds it: whoever still uses it does not have to end it. `needs` is
  /// held until then.
  void take(std::shared_ptr<void> part, std::shared_ptr<void> needs = nullptr);
  /// How many are not gone yet. Whoever gives it parts asks before it makes more.
  std::size_t waiting() const;
  /// Returns when all that was taken is gone.
  void finish();

 private:
  void run(const std::stop_token& stop);

  Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  struct Part {
    std::shared_ptr<void> needs;
    std::shared_ptr<void> part;  // after what it needs: goes first
  };
  std::vector<Part> waiting_;
  bool ending_ = false;  // one that is out of waiting_
  bool finishing_ = false;
  NamedThread thread_;
};

}  // namespace mainstay
