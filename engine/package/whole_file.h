// Files that are there whole or not at all.
// Functions without state.
// Thread-safety: from any thread; a slow disk blocks them.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace mainstay::package {

/// A reader sees the file before or the file after, never a part of it. Makes its folder.
Status write_whole(const std::string& path, std::string_view bytes);
/// What such a file holds. Errc::io: there is none, it cannot be read, or it is larger than a segment can be.
Result<std::string> read_whole(const std::string& path);

}  // namespace mainstay::package
