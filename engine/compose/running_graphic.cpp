#include "engine/compose/running_graphic.h"

#include <algorithm>
#include <utility>

namespace mainstay {

namespace {

/// `graphic` is a strip; of it `width` columns from `left` on, of the rows that `place` shows.
Result<ffi::Overlay> make_piece(const Frame& strip, const Placement& place, int left, int width) {
  const int even_width = (width + 1) & ~1;
  return ffi::Overlay::make(strip, {left, place.crop.y, width, place.crop.height}, even_width, place.height,
                            {0, 0, even_width, place.height});
}

}  // namespace

bool RunningGraphic::suits(const Frame& window, const Placement& place) {
  if (!window.strip || window.format != PixelFormat::bgra || place.rotate != 0) return false;
  const Frame& strip = *window.strip;
  return strip.format == PixelFormat::bgra && strip.height == window.height && place.crop.width == place.width &&
         (place.crop.height == place.height || place.crop.height + 1 == place.height) && window.strip_x >= 0 &&
         window.strip_x + window.width <= strip.width;
}

int RunningGraphic::lay(const Frame& window, const Placement& place, WritableFrame& target, int opacity,
                        std::optional<ffi::BlendMode> mode) {
  const Frame& strip = *window.strip;
  const int begin = window.strip_x + place.crop.x + place.inner.x;
  const int end = begin + place.inner.width;
  const int odd = begin & 1;
  const int first = (begin - odd) / kPiece;
  const int last = (end - 1 - odd) / kPiece;
  for (Pieces& pieces : pieces_)
    std::erase_if(pieces, [&](const auto& piece) { return piece.first < first - 1 || piece.first > last + 1; });

  int made = 0;
  for (int n = first; n <= last; ++n) {
    const int left = n * kPiece + odd;
    auto piece = pieces_[static_cast<std::size_t>(odd)].find(n);
    if (piece == pieces_[static_cast<std::size_t>(odd)].end()) {
      auto overlay = make_piece(strip, place, left, std::min(kPiece, strip.width - left));
      if (!overlay) continue;  // a place that geometry does not give
      ++made;
      piece = pieces_[static_cast<std::size_t>(odd)].emplace(n, std::move(*overlay)).first;
    }
    const int from = std::max(begin, left);
    const int to = std::min(end, left + kPiece);
    (void)piece->second.lay({from - left, place.inner.y, to - from, place.inner.height}, target, place.x + from - begin,
                            place.y, opacity, mode);
  }
  return made;
}

}  // namespace mainstay
