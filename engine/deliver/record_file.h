// A file that a recording is written to: new, never over another, its name made from a pattern and the time.
// Owned by a Recorder.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "engine/core/result.h"
#include "engine/core/time.h"

namespace mainstay {

class RecordFile {
 public:
  virtual ~RecordFile() = default;
  /// Where it lies; not what was asked for when that was taken.
  virtual const std::string& path() const = 0;
  virtual Status write(std::span<const std::uint8_t> bytes) = 0;
  /// Appends whole ISO BMFF boxes so that a reader sees all of them or none, wherever a kill or a full disk cuts:
  /// players refuse a whole file whose last `moof` is cut.
  virtual Status write_boxes(std::span<const std::uint8_t> boxes) = 0;
  /// Brings what was written to the disk itself.
  virtual Status sync() = 0;
  virtual Status close() = 0;
  /// Closes it and removes it: nothing in it is worth keeping.
  virtual void discard() noexcept = 0;
};

using RecordFileOpener = std::function<Result<std::unique_ptr<RecordFile>>(const std::string& path)>;

/// Makes the folders and a file that was not there: clip.mp4, clip-2.mp4, clip-3.mp4, …
Result<std::unique_ptr<RecordFile>> open_record_file(const std::string& path);

/// A file around an open descriptor, which it owns.
std::unique_ptr<RecordFile> adopt_record_file(int descriptor, std::string path);

/// The pattern with strftime's conversions (ISO C) filled in, in UTC. Errc::invalid for a pattern that gives nothing.
Result<std::string> expand_record_path(const std::string& pattern, UtcInstant at);

}  // namespace mainstay
