// The lines a console was given, kept from one run to the next: bounded, mode 600, one entry a line.
// Owned by the console session.
// Thread-safety: one thread at a time.
#pragma once

#include <string>
#include <vector>

#include "engine/core/result.h"

namespace mainstay::script {

class HistoryFile {
 public:
  static constexpr std::size_t kMostEntries = 1000;
  static constexpr std::size_t kMostBytes = 16 * 1024;  // of an entry; longer ones are not kept

  /// Empty: nothing is read or written. What cannot be read is no history.
  explicit HistoryFile(std::string path);

  const std::vector<std::string>& entries() const { return entries_; }
  /// Keeps it, unless it is empty or the same as the last. An error says that it is not in the file.
  Status add(std::string entry);

 private:
  Status save() const;

  const std::string path_;
  std::vector<std::string> entries_;  // oldest first
};

/// $XDG_STATE_HOME/mainstay/console_history, or the same under ~/.local/state; "" without a home.
std::string default_history_path();

}  // namespace mainstay::script
