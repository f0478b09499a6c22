// Colour correction. Lift, gamma and gain are curves on R', G' and B': gain·c + lift·(1 − c), cut off at 0, to the
// power of 1 / gamma. Then, on Y', Cb and Cr: (Y' − ½)·contrast + ½ + brightness; chroma times contrast and saturation,
// turned by hue. Owned by a FilterChain. Thread-safety: one thread at a time.
//
// The curves are three tables and the rest is folded into the matrix back, so all of it is one pass. Without curves,
// planes are changed where they are: luma by a table, chroma by four factors.
#pragma once

#include <array>
#include <cstdint>

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
  using Curve = std::array<std::int16_t, kRgbIn + 1>;

  void plain(const Frame& picture, WritableFrame& out) const;

  bool curved_ = false;
  std::array<Curve, 3> curves_;  ///< red, green, blue
  ToCodes back_;
  std::uint8_t luma_[256];
  int along_ = 0;   ///< of chroma: what stays with its own axis,
  int across_ = 0;  ///< and what goes to the other one
  RgbRows rows_;
  ffi::FramePool pool_;
};

}  // namespace mainstay
