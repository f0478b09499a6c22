// An SVG drawing as a picture.
// Plain function.
// Thread-safety: from any thread; a large drawing takes a second.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/core/result.h"
#include "engine/ffi/av/image_decoder.h"

namespace mainstay::ffi {

/// Draws it `width`×`height` large; 0: as large as it says itself, or, when one of the two is given, in its own shape.
/// The picture is bgra, premultiplied. Files that it refers to are not read. `name` stands in messages. Errc::invalid:
/// no SVG, or no size, or larger than kLargestImageSide.
Result<StillImage> paint_svg(std::span<const std::uint8_t> bytes, const std::string& name, int width, int height);

}  // namespace mainstay::ffi
