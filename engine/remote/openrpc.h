// The API's description (OpenRPC 1.3), made from the declarations of the commands and the events.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include "engine/studio/command_registry.h"

namespace mainstay::remote {

/// Methods of WebSocket sessions, beside the commands.
inline constexpr const char* kSubscribe = "events.subscribe";
inline constexpr const char* kUnsubscribe = "events.unsubscribe";

/// Per method, beside what OpenRPC asks for: "x-role", "x-when" and "x-changes-show". "x-events" lists the events.
Json openrpc(const CommandRegistry& registry);

/// A field as JSON Schema (draft 7).
Json json_schema(const show::FieldInfo& field);

}  // namespace mainstay::remote
