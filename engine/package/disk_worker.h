// Calls that may hang in a disk, one at a time, on a thread that nobody has to wait for.
// Owned by whoever has something to write.
// Thread-safety: one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/result.h"

namespace mainstay::package {

class DiskWorker {
 public:
  DiskWorker(Clock& clock, std::string name);
  /// A call that hangs is left behind.
  ~DiskWorker();
  DiskWorker(const DiskWorker&) = delete;
  DiskWorker& operator=(const DiskWorker&) = delete;

  /// What the call says. Errc::again: it has not come back within `limit` (it goes on; the next calls wait for it too),
  /// Errc::cancelled on stop. `call` may outlive the worker: it holds what it needs. Offline there is no limit.
  Status run(std::function<Status()> call, Nanos limit, const std::stop_token& stop = {});

 private:
  struct State;
  Clock& clock_;
  const std::shared_ptr<State> state_;
};

}  // namespace mainstay::package
