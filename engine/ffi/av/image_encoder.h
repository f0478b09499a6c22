// A single picture as an image file, PNG or JPEG: what a screenshot is.
// A function without state.
// Thread-safety: from any thread. It takes tens of milliseconds: not for threads that must not wait.
#pragma once

#include <string>

#include "engine/core/result.h"
#include "engine/media/frame.h"

namespace mainstay::ffi {

enum class ImageFormat { png, jpeg };

struct ImageOptions {
  ImageFormat format = ImageFormat::png;
  int width = 0;  ///< pixels, 1 to 8192; 0: the picture's own
  int height = 0;
  /// 0 (smallest file) to 100: of JPEG what is kept, of PNG, which loses nothing, how little time is spent on packing.
  /// -1: a good one.
  int quality = -1;
};

/// The bytes of the file: sRGB, full range, whatever matrix and range `picture` has (i420 or bgra; what is
/// transparent lies on black). Errc::unsupported when it is neither or this FFmpeg lacks the encoder, Errc::invalid for
/// an impossible size.
Result<std::string> encode_image(const Frame& picture, const ImageOptions& options);

}  // namespace mainstay::ffi
