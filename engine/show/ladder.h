// Ladders: sets of renditions for networks of different width, cut to what the program and its caps allow.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/show/show.h"

namespace mainstay::show {

std::vector<std::string> ladder_names();

/// The renditions of the ladder, the largest first, named v0, v1, …. No rung is larger than the program or breaks a
/// cap; when none is left, one rendition that fits. Empty for an unknown name.
std::vector<VideoEncode> make_ladder(std::string_view name, const Program& program, const Caps& caps);

}  // namespace mainstay::show
