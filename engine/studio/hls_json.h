// The packager's snapshot as JSON, and back.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include "engine/show/section.h"
#include "engine/studio/hls_snapshot.h"

namespace mainstay {

show::Json hls_json(const HlsSnapshot& hls);
HlsSnapshot hls_from_json(const show::Json& json);

}  // namespace mainstay
