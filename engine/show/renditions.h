// Which rendition goes where, and how large its picture is.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string_view>

#include "engine/show/show.h"

namespace mainstay::show {

/// The rendition of that name, the first one for an empty name; null when there is none.
const VideoEncode* find_video(const Encode& encode, std::string_view name);
const AudioEncode* find_audio(const Encode& encode, std::string_view name);

struct PictureSize {
  int width = 0;
  int height = 0;
  friend bool operator==(const PictureSize&, const PictureSize&) = default;
};

/// The rendition's picture: its height, and the width that keeps the program's shape, rounded to the nearest even
/// number.
PictureSize rendition_size(const Program& program, const VideoEncode& video);

/// How many channels the rendition has: its own number, or as many as the program.
int rendition_channels(const Program& program, const AudioEncode& audio);

}  // namespace mainstay::show
