// Data files of resources/, compiled into the program.
// Owned by the program image; safe from any thread.
#pragma once

#include <string_view>

namespace mainstay {

/// The text of resources/`name` (for example "presets/caps.json"); empty when there is no such file.
std::string_view resource(std::string_view name);

}  // namespace mainstay
