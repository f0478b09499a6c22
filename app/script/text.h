// Small pieces of text that several parts of the script host write.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/time.h"

namespace mainstay::script {

/// "2026-05-01T12:00:00.250Z".
std::string utc_text(UtcInstant at);

/// "FILE:LINE: " or "FILE:LINE:COLUMN: "; without a line "FILE: ", without a file "".
std::string place_of(std::string_view file, int line, int column = 0);

}  // namespace mainstay::script
