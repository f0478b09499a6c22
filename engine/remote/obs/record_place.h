// Where recordings go.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>

#include "engine/remote/obs/show_view.h"

namespace mainstay::obs {

/// The folder that the show's recordings go to; without a recording in it, the show's own.
std::string record_folder(const ShowView& view, const Snapshot& snapshot);
/// The folder, or the nearest above it that there is: a recording makes its folder when it begins.
std::string existing_folder(const std::string& folder);

}  // namespace mainstay::obs
