// Opening the database behind a show's history so that there always is one: a damaged file is set aside, and where
// none can be written the history is in memory.
// Owned by History; only the history's own files include this header.
// Thread-safety: one thread at a time.
#pragma once

#include <optional>
#include <string>

#include "engine/core/result.h"
#include "engine/core/time.h"
#include "engine/ffi/sqlite/sqlite_database.h"

namespace mainstay {

/// Keeps other processes (and other histories of this one) from the same file; the kernel lets go of it at a crash.
class FileLock {
 public:
  /// Errc::again when somebody else has it, Errc::io when there can be no such file.
  static Result<FileLock> take(const std::string& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

struct HistoryFile {
  std::optional<FileLock> lock;
  ffi::SqliteDatabase writer;
  std::optional<ffi::SqliteDatabase> reader;  ///< none: in memory, all goes through `writer`
  std::string warning;                        ///< for the operator; empty when all is well
};

/// `now` names the file that is set aside: PATH.broken-20260102T030405Z. Fails only when there is no memory.
Result<HistoryFile> open_history_file(const std::string& path, UtcInstant now);
Result<HistoryFile> open_history_in_memory();

}  // namespace mainstay
