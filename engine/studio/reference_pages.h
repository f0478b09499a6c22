// The reference pages of commands and events, as Markdown, from their declarations.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>

#include "engine/studio/command_registry.h"

namespace mainstay {

/// docs/commands.md
std::string commands_markdown(const CommandRegistry& registry);
/// docs/events.md
std::string events_markdown();

}  // namespace mainstay
