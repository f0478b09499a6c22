// A number drawn into a picture so that a machine can read it back after encoding and scaling: 32 black or white blocks
// along the bottom edge, the highest bit at the left.
// Plain functions.
// Thread-safety: from any thread.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/media/frame.h"

namespace mainstay {

/// Rows at the bottom that the code takes.
int frame_code_height(int picture_height);

/// Draws the luma only: the chroma below has to be neutral (128), which draw_frame_code_ground() does.
void draw_frame_code(WritableFrame& picture, std::uint32_t number);
void draw_frame_code_ground(WritableFrame& picture);

/// The number in an i420 picture of any size; nothing when a block is neither clearly black nor clearly white.
std::optional<std::uint32_t> read_frame_code(const Frame& picture);

}  // namespace mainstay
