// How outputs stand, in the shapes of the protocol.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>

#include "engine/remote/obs/show_view.h"

namespace mainstay::obs {

/// "01:02:03.045"
std::string timecode(Nanos duration);

/// The show as one stream: all its legs.
Json stream_status(const Snapshot& snapshot);
bool stream_active(const Snapshot& snapshot);

Json record_status(const Snapshot& snapshot);
bool record_active(const Snapshot& snapshot);

/// A leg or the recording.
Json output_status(const OutputView& output, const Snapshot& snapshot);
bool output_active(const OutputView& output, const Snapshot& snapshot);
/// Its entry in GetOutputList.
Json output_entry(const OutputView& output, const Snapshot& snapshot);

}  // namespace mainstay::obs
