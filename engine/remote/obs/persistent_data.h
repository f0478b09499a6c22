// What clients keep here for each other (GetPersistentData, SetPersistentData): values under a realm and a slot, in
// memory, bounded.
// Shared by the hubs, one after the other: a change of the password forgets nothing; the end of the program does.
// Thread-safety: all members from any thread.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "engine/remote/obs/protocol.h"

namespace mainstay::obs {

class PersistentData {
 public:
  static constexpr std::size_t kMostSlots = 1000;
  static constexpr std::size_t kMostBytes = 4 * 1024 * 1024;

  /// Null when nothing is there.
  Json get(const std::string& realm, const std::string& slot) const;
  /// Null empties the slot. False, and nothing is changed, when there would be too many slots or bytes.
  bool set(const std::string& realm, const std::string& slot, Json value);

 private:
  struct Kept {
    Json value;
    std::size_t bytes = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Kept> slots_;
  std::size_t bytes_ = 0;
};

}  // namespace mainstay::obs
