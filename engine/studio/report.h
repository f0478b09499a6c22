// The report of a show, as the command line promises it (docs/architecture.md): one JSON object.
// A function without state.
// Thread-safety: any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/monitor/process_usage.h"
#include "engine/studio/snapshot.h"

namespace mainstay {

/// `snapshot` was taken before the end, or is the last one of a show that has ended.
std::string report_json(const Snapshot& snapshot, const std::vector<std::string>& errors, const ProcessUsage& usage);

}  // namespace mainstay
