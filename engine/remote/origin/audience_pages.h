// What the figures of the audience look like outside: for Prometheus, as JSON, and in the studio's state.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>

#include "engine/remote/origin/audience_figures.h"
#include "engine/remote/server.h"
#include "engine/show/section.h"

namespace mainstay::remote {

/// /metrics: names with base units; labels are region, device and browser alone, never a session or an address.
std::string metrics_page(const AudienceFigures& figures, const ServerCounters& server);

/// /metrics/players.json, and the command hls.viewers: {"viewers", "latency_s", …, "recent", "all", "regions",
/// "devices"}.
show::Json players_json(const AudienceFigures& figures);

}  // namespace mainstay::remote
