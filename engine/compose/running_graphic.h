// A graphic that runs by, as a ticker does: a window that moves along a strip (Frame::strip). Only the piece of the
// strip that comes into view is converted; what is in view is laid from what was made before.
// Owned by a compositor's slot.
// Thread-safety: one thread at a time.
//
// A chroma sample spans two columns, and the window may begin at an odd one, so pieces are made for even and for odd
// beginnings. A piece that left the view is dropped: the strip may be long, what is kept is not.
#pragma once

#include <array>
#include <map>
#include <optional>

#include "engine/compose/geometry.h"
#include "engine/ffi/yuv/overlay.h"
#include "engine/media/frame.h"

namespace mainstay {

class RunningGraphic {
 public:
  static constexpr int kPiece = 256;  ///< columns

  /// Whether `window` placed so can be laid from pieces: it is one on a strip, neither scaled nor turned.
  static bool suits(const Frame& window, const Placement& place);

  /// `window` suits, and is on the same strip, cropped and placed in the same size, as the last one. Gives how many
  /// pieces had to be made.
  int lay(const Frame& window, const Placement& place, WritableFrame& target, int opacity,
          std::optional<ffi::BlendMode> mode);

 private:
  using Pieces = std::map<int, ffi::Overlay>;  ///< by place on the strip

  std::array<Pieces, 2> pieces_;  ///< for even and odd beginnings
};

}  // namespace mainstay
