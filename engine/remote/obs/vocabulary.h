// Words of obs-websocket for what a show says: blends, transitions, and back.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mainstay::obs {

/// "OBS_BLEND_NORMAL" for "normal".
std::string obs_blend(std::string_view blend);
/// None for those that there are not here.
std::optional<std::string> blend_of(std::string_view obs);

/// "fade_transition" for "fade". OBS's slide moves both pictures and its swipe one: our push and slide.
std::string obs_transition_kind(std::string_view type);

/// "contain" for "OBS_BOUNDS_SCALE_INNER".
std::optional<std::string> fit_of(std::string_view bounds);

}  // namespace mainstay::obs
