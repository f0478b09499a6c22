// The files a script may touch: those under its own folder, wherever links and ".." lead.
// Owned by the script bridge.
// Thread-safety: one thread at a time.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace mainstay::script {

class ScriptFiles {
 public:
  static constexpr std::size_t kMostBytes = 64 * 1024 * 1024;

  /// Empty: no file may be touched.
  explicit ScriptFiles(std::string folder);

  Result<std::string> read(const std::string& path) const;
  /// Written beside it and renamed: a reader sees the old text or the new.
  Status write(const std::string& path, std::string_view text) const;

 private:
  /// The real path of a file that is there (or, for one to be written, of its folder and its name).
  Result<std::string> resolve(const std::string& path, bool to_write) const;

  std::string folder_;  // real path
};

/// The whole of a regular file of at most `most` bytes.
Result<std::string> read_file(const std::string& path, std::size_t most);

}  // namespace mainstay::script
