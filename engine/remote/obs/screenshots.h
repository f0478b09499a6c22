// Screenshots as clients of obs-websocket call them; made by the studio's picture desk.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/studio/picture_desk.h"

namespace mainstay::obs {

/// As clients call them, and as GetVersion lists them.
const std::vector<std::string>& image_formats();
/// None when it is not one of them.
std::optional<ffi::ImageFormat> image_format(std::string_view name);

}  // namespace mainstay::obs
