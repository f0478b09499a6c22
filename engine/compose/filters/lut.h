// Colours by a 3D table, between its nodes by tetrahedral interpolation.
// Owned by a FilterChain.
// Thread-safety: one thread at a time.
//
// While its table is not there the picture passes as it is. One that changes is taken over with the next picture.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/compose/filters/color_cube.h"
#include "engine/compose/filters/filter_files.h"
#include "engine/compose/filters/picture_filter.h"
#include "engine/compose/filters/rgb_rows.h"
#include "engine/ffi/yuv/frame_pool.h"
#include "engine/show/show_filters.h"

namespace mainstay {

/// How an input is brought to its place on one axis of a table, which counts 1024 to a node: input · factor + offset,
/// in 1/1024.
struct CubeAxis {
  std::int32_t factor = 0;
  std::int32_t offset = 0;
  std::int32_t step = 0;  ///< from a node to the next
};

class Lut final : public PictureFilter {
 public:
  Lut(const show::LutFilter& settings, std::shared_ptr<const ColorCube> cube);
  FramePtr apply(const FramePtr& picture, std::int64_t tick) override;

 private:
  using Node = std::array<std::int16_t, 4>;  ///< R'G'B' of kRgbOut steps

  void map(const RgbRow& row, int count) const;

  std::shared_ptr<const ColorCube> cube_;
  std::array<CubeAxis, 3> axes_{};
  std::int32_t size_ = 0;
  std::int32_t to_last_ = 0;  ///< from a node to the one that is next along all axes
  std::vector<Node> nodes_;   ///< red fastest
  RgbRows rows_;
  ffi::FramePool pool_;
};

}  // namespace mainstay
