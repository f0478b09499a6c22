// Where segments and parts begin: on one grid of frames for all renditions, which their key frames must meet.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <cstdint>

#include "engine/show/show.h"

namespace mainstay::show {

/// Frames from one IDR picture of the rendition to the next.
std::int64_t gop_frames(Rate rate, const VideoEncode& video);

struct HlsTiming {
  std::int64_t segment_frames = 60;
  std::int64_t part_frames = 10;  ///< at most segment_frames
};

/// The whole number of the longest key-frame interval packaged that comes nearest to segment_s, at least one; parts
/// to the nearest frame, at least one.
HlsTiming hls_timing(const Show& show, const Hls& hls);

/// Whether HLS packages the rendition of that name.
bool packages_video(const Hls& hls, const std::string& name);
bool packages_audio(const Hls& hls, const std::string& name);

}  // namespace mainstay::show
