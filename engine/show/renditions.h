// Which rendition goes where, and how large its picture is.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/show/show.h"

namespace mainstay::show {

/// The rendition of that name, the first one for an empty name; null when there is none.
const VideoEncode* find_video(const Encode& encode, std::string_view name);
const AudioEncode* find_audio(const Encode& encode, std::string_view name);

/// Why a leg that sends `from` cannot go on with `to` at a key frame, in words; empty when it can. A lower rate, and
/// the same codec, key frames and order of pictures: then it ends in the last picture before the other's key frame.
std::string why_no_step(const VideoEncode& from, const VideoEncode& to);

/// What a destination's legs may step down to, the highest rate first: the renditions below the one it sends that they
/// can change to. Empty without `step`.
std::vector<const VideoEncode*> lower_rungs(const Encode& encode, const Destination& destination);

/// Whether a destination may send that video rendition, stepping down included.
bool may_send(const Encode& encode, const Destination& destination, const VideoEncode& video);

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
