// Events as JSON, the same on every face.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/studio/command.h"
#include "engine/studio/event_types.h"
#include "engine/studio/snapshot.h"

namespace mainstay {

/// {"number", "at" (RFC 3339, UTC, milliseconds), "level", "type", "subject", "message", "data"}
Json to_json(const Event& event);
/// The same, read. None: it is no event.
std::optional<Event> event_from_json(const Json& json);
/// {"name", "subject", "help", "data": {key: help}}
Json to_json(const EventType& type);

/// "2026-03-01T12:00:00.000Z" (RFC 3339).
std::string rfc3339(UtcInstant at);
/// The same, read.
std::optional<UtcInstant> parse_rfc3339(std::string_view text);

}  // namespace mainstay
