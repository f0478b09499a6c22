#include "engine/remote/obs/vocabulary.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mainstay::obs {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array<Pair, 4> kBlends{{{"normal", "OBS_BLEND_NORMAL"},
                                       {"add", "OBS_BLEND_ADDITIVE"},
                                       {"multiply", "OBS_BLEND_MULTIPLY"},
                                       {"screen", "OBS_BLEND_SCREEN"}}};
constexpr std::array<Pair, 7> kTransitions{{{"cut", "cut_transition"},
                                            {"fade", "fade_transition"},
                                            {"dip", "fade_to_color_transition"},
                                            {"wipe", "wipe_transition"},
                                            {"slide", "swipe_transition"},
                                            {"push", "slide_transition"},
                                            {"stinger", "obs_stinger_transition"}}};
constexpr std::array<Pair, 4> kFits{{{"contain", "OBS_BOUNDS_SCALE_INNER"},
                                     {"cover", "OBS_BOUNDS_SCALE_OUTER"},
                                     {"stretch", "OBS_BOUNDS_STRETCH"},
                                     {"none", "OBS_BOUNDS_NONE"}}};

std::string theirs(const auto& words, std::string_view ours) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const Pair& pair) { return pair.first == ours; });
  return std::string(found == words.end() ? words.front().second : found->second);
}

std::optional<std::string> ours(const auto& words, std::string_view theirs) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const Pair& pair) { return pair.second == theirs; });
  if (found == words.end()) return std::nullopt;
  return std::string(found->first);
}

}  // namespace

std::string obs_blend(std::string_view blend) {
  return theirs(kBlends, blend);
}

std::optional<std::string> blend_of(std::string_view obs) {
  return ours(kBlends, obs);
}

std::string obs_transition_kind(std::string_view type) {
  return theirs(kTransitions, type);
}

std::optional<std::string> fit_of(std::string_view bounds) {
  return ours(kFits, bounds);
}

}  // namespace mainstay::obs
