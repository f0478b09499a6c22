// The state of the engine as JSON, for consoles, scripts and remote clients.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include "engine/studio/command.h"
#include "engine/studio/snapshot.h"

namespace mainstay {

/// {"phase", "failure", "elapsed_s", "show", "program", "scenes", "sources", "encoders", "legs", "recorder"}; sources
/// and encoders by name, legs by destination and role. Without secrets.
Json to_json(const Snapshot& snapshot);
/// The same, read; what is missing or of another type stays as it is by itself. The encoders' digests are not in it.
Snapshot snapshot_from_json(const Json& state);

}  // namespace mainstay
