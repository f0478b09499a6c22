// The words of obs-websocket for what is played, and ours for the same.
// Plain functions.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/studio/snapshot.h"

namespace mainstay::obs {

inline constexpr std::string_view kNoAction = "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_NONE";
inline constexpr std::string_view kStopAction = "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_STOP";

/// "OBS_MEDIA_STATE_PLAYING", …
std::string media_state(const SourceSnapshot& source);
/// "pause" of "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_PAUSE"; empty when there is no such command.
std::string action_of(std::string_view media_action);
/// And back. Empty for what OBS has no word for.
std::string media_action(std::string_view action);

}  // namespace mainstay::obs
