// Colour correction. Lift, gamma and gain are curves on R', G' and B': gain·c + lift·(1 − c), cut off at 0, to the
// power of 1 / gamma. Then, on Y', Cb and Cr: (Y' − ½)·contrast + ½ + brightness; chroma times contrast and saturation,
// turned by hue. Owned by a FilterChain. Thread-safety: one thread at a time.
//
// The curves are three tables with the rest and the matrix back in them, so all of it is one pass. Without curves,
// planes are changed where they are, each sample by a factor and a constant (with hue, chroma by two), in 16 bits; a
// plane that stays as it is is not touched.
#pragma once

#include <cstdint>

#include "engine/compose/filters/curve_tables.h"
#include "engine/compose/filters/picture_filter.h"
#include "engine/compose/filters/rgb_rows.h"
#include "engine/ffi/yuv/frame_pool.h"
#include "engine/show/show_filters.h"

namespace mainstay {

class ColorCorrect final : public PictureFilter {
 public:
  explicit ColorCorrect(const show::ColorCorrectFilter& settings);
  FramePtr apply(const FramePtr& picture, std::int64_t tick) override;

 private:
  /// code · factor + zero: of the product the upper 16 bits are taken, with `bits` behind the point.
  struct Line {
    std::uint16_t factor = 0;
    std::int16_t zero = 0;
    int bits = 0;
  };
  /// along · own + across · other, of what lies around 128.
  struct Turn {
    std::int16_t along = 0;
    std::int16_t across = 0;
    int bits = 0;
  };

  static Line line_of(double factor, double zero);
  static Turn turn_of(double along, double across);
  FramePtr plain(const FramePtr& picture);

  bool curved_ = false;
  CurveTables curves_;
  RgbRows rows_;
  bool luma_stays_ = true;
  Line luma_;
  bool chroma_stays_ = true;
  bool turned_ = false;
  Line chroma_;  ///< not turned
  Turn turn_;    ///< turned
  ffi::FramePool pool_;
};

}  // namespace mainstay
