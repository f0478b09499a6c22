// What may follow in a console's line: commands, state, events, names; each with its help.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/studio/studio_port.h"
#include "ui/console_port.h"

namespace mainstay::script {

/// `globals`: names that scripts have put into the global object.
ui::ConsoleCompletion complete(const StudioPort& studio, const std::vector<std::string>& globals, std::string_view line,
                               std::size_t cursor);

}  // namespace mainstay::script
