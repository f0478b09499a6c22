// Still pictures out of a file's bytes: PNG, JPEG, WebP, GIF (its first picture), BMP, TIFF and whatever else FFmpeg
// takes for a picture.
// Plain function.
// Thread-safety: from any thread; decoding a large picture takes a second.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/core/result.h"
#include "engine/media/frame.h"

namespace mainstay::ffi {

inline constexpr int kLargestImageSide = 8192;

struct StillImage {
  FramePtr frame;
  std::string summary;  ///< "600×200 png with alpha"
};

/// A picture without a transparent pixel comes out as i420, limited range, upright, with the matrix it came in; any
/// other as bgra, premultiplied. `name` stands in messages. Errc::invalid: no picture, or larger than
/// kLargestImageSide; corrupt: broken or cut short; unsupported: FFmpeg has no decoder.
Result<StillImage> decode_image(std::span<const std::uint8_t> bytes, const std::string& name);

}  // namespace mainstay::ffi
