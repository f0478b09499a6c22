// Events as JSON, the same on every face.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>

#include "engine/studio/command.h"
#include "engine/studio/event_types.h"
#include "engine/studio/snapshot.h"

namespace mainstay {

/// {"number", "at" (RFC 3339, UTC, milliseconds), "level", "type", "subject", "message", "data"}
Json to_json(const Event& event);
/// {"name", "subject", "help", "data": {key: help}}
Json to_json(const EventType& type);

/// "2026-03-01T12:00:00.000Z" (RFC 3339).
std::string rfc3339(UtcInstant at);

}  // namespace mainstay
