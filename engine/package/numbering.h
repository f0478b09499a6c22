// What must not start over when the program does: the numbers of segments and discontinuities, in a small file.
// Functions without state.
// Thread-safety: from any thread; a slow disk blocks them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/core/result.h"

namespace mainstay::package {

struct Numbering {
  std::int64_t next_msn = 0;
  std::int64_t discontinuities = 0;
  friend bool operator==(const Numbering&, const Numbering&) = default;
};

/// None: there is no such file. Errc::corrupt: it cannot be understood.
Result<std::optional<Numbering>> read_numbering(const std::string& folder, const std::string& stream);
/// Whole or not at all, whatever happens meanwhile. Makes the folder.
Status write_numbering(const std::string& folder, const std::string& stream, const Numbering& numbering);

}  // namespace mainstay::package
