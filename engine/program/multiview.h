// A multiview: where its cells lie, and its picture, put together of the cells' pictures, their frames and labels.
// Owned by the program, one for each multiview of the show and one for the window.
// Thread-safety: multiview_places() from any thread; Multiview on the program thread only.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "engine/compose/compositor.h"
#include "engine/ffi/yuv/scale.h"
#include "engine/show/show.h"

namespace mainstay {

/// Where the cells lie on a picture of that size, with their frames; each comes to the first place, in the order of
/// reading, where it fits. One that fits nowhere has no size.
std::vector<ffi::Rect> multiview_places(const show::MultiviewSource& multiview, int width, int height);

enum class CellTally { none, preview, program };

/// What a cell shows now.
struct CellView {
  FramePtr picture;  ///< null: dark
  CellTally tally = CellTally::none;
  FramePtr label;  ///< bgra; null: none
};

class Multiview {
 public:
  Multiview(int width, int height);

  void use(const show::MultiviewSource& multiview);
  /// `cells` in the order of the multiview's; what is missing at the end is dark.
  FramePtr paint(std::span<const CellView> cells);
  const CompositorStats& stats() const { return compositor_.stats(); }

 private:
  const int width_;
  const int height_;
  bool frames_ = true;
  std::vector<ffi::Rect> places_;
  std::array<FramePtr, 3> colors_;  // by tally
  FramePtr dark_;
  Compositor compositor_;
  std::vector<LayerPicture> pictures_;
};

}  // namespace mainstay
