#include "engine/remote/obs/media.h"

#include <array>
#include <utility>

namespace mainstay::obs {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kActions{{
    {"play", "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_PLAY"},
    {"pause", "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_PAUSE"},
    {"restart", "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_RESTART"},
    {"next", "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_NEXT"},
    {"previous", "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_PREVIOUS"},
}};

}  // namespace

std::string media_state(const SourceSnapshot& source) {
  if (source.state == "failed") return "OBS_MEDIA_STATE_ERROR";
  if (source.state == "ended") return "OBS_MEDIA_STATE_ENDED";
  if (source.state == "stalled") return "OBS_MEDIA_STATE_BUFFERING";
  if (source.state == "resting") return "OBS_MEDIA_STATE_PAUSED";
  if (source.state == "opening") return "OBS_MEDIA_STATE_OPENING";
  if (source.state != "live") return "OBS_MEDIA_STATE_NONE";
  return source.media && source.media->paused ? "OBS_MEDIA_STATE_PAUSED" : "OBS_MEDIA_STATE_PLAYING";
}

std::string action_of(std::string_view media_action) {
  for (const auto& [ours, theirs] : kActions)
    if (theirs == media_action) return std::string(ours);
  return {};
}

std::string media_action(std::string_view action) {
  for (const auto& [ours, theirs] : kActions)
    if (ours == action) return std::string(theirs);
  return {};
}

}  // namespace mainstay::obs
