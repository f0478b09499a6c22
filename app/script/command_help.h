// What the registry knows of the commands, as people read it.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/studio/command_registry.h"

namespace mainstay::script {

/// "destination.start(name)", "program.start([frames])".
std::string usage_of(const CommandInfo& info);

/// A function of the language's own part: not a command of the studio.
struct Builtin {
  std::string name;
  std::string usage;
  std::string help;
};
const std::vector<Builtin>& builtins();

/// What help() says without a topic: all commands and functions.
std::string help_on_all(const CommandRegistry& registry);
/// All of one command or function, or of a namespace ("destination"); for anything else what is near.
std::string help_on(const CommandRegistry& registry, const std::string& name);

}  // namespace mainstay::script
