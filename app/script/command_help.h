// What the registry knows of the commands, as people read it.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>

#include "engine/studio/command_registry.h"

namespace mainstay::script {

/// "destination.start(name)", "program.start([frames])".
std::string usage_of(const CommandInfo& info);

/// All of one command, or of a namespace ("destination"); for anything else what is near.
std::string help_on(const CommandRegistry& registry, const std::string& name);

}  // namespace mainstay::script
