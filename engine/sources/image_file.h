// A file that a source shows: read whole, so that what is decoded is of one piece, with the mark by which a change is
// noticed. Plain functions. Thread-safety: from any thread; they wait for the disk.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/ffi/av/image_decoder.h"

namespace mainstay {

/// A file that is written or replaced gets another one.
struct FileMark {
  std::uint64_t device = 0;
  std::uint64_t node = 0;
  std::int64_t size = 0;
  std::int64_t changed_ns = 0;  ///< modification time, UTC
  friend bool operator==(const FileMark&, const FileMark&) = default;
};

/// Errc::io when there is none or it may not be looked at.
Result<FileMark> mark_of(const std::string& path);

/// The file's name without its folder.
std::string file_name(const std::string& path);

/// Reads the file; `what` ("a picture") stands in messages. Errc::io; invalid: none that can be read, or larger than
/// `largest` bytes.
Result<std::vector<std::uint8_t>> read_file(const std::string& path, std::int64_t largest, const char* what);

/// Reads and decodes the picture. Errors as ffi::decode_image, and io.
Result<ffi::StillImage> load_image(const std::string& path);

}  // namespace mainstay
