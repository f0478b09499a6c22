// The kinds of input there are and their settings' defaults, from the declarations of the show document.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/studio/command.h"

namespace mainstay::obs {

std::vector<std::string> input_kinds();
/// None when there is no such kind.
std::optional<Json> input_defaults(std::string_view kind);

}  // namespace mainstay::obs
