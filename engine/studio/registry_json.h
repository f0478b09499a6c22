// Declarations of commands as JSON, for clients that want to know what they can call.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include "engine/studio/command.h"

namespace mainstay {

/// {"name", "help", "role", "when", "changes_show", "params": [{"name", "type", "required", "default", …}], "result"}
Json to_json(const CommandInfo& info);
/// {"type", "list"?, "min"?, "max"?, "unit"?, "words"?, "required"?, "default"?, "help"}
Json to_json(const show::FieldInfo& field);

}  // namespace mainstay
