// The calls that are on their way to a server: each has a number, a deadline, and somebody who waits for the answer.
// Owned by a RemoteStudio.
// Thread-safety: all members from any thread; replies are called by none of them.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "engine/studio/command.h"

namespace mainstay::remote {

class CallTable {
 public:
  struct Call {
    std::string command;
    Reply reply;
    Instant deadline{};
    std::size_t bytes = 0;  ///< of its text
    bool own = false;       ///< the RemoteStudio's: not counted
  };

  CallTable(std::size_t most, std::size_t most_bytes) : most_(most), most_bytes_(most_bytes) {}

  /// A number for the call, to be given with add().
  int next_id();
  /// False, and the call is left as it is, when too many are on their way.
  bool add(int id, Call& call);
  std::optional<Call> take(int id);
  bool contains(int id) const;
  /// Those whose deadline has come.
  std::vector<Call> take_late(Instant now);
  std::vector<Call> take_all();

 private:
  void forget(const Call& call);

  const std::size_t most_;
  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  int last_id_ = 0;
  std::map<int, Call> calls_;
  std::size_t counted_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace mainstay::remote
