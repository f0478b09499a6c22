// Colours by a 3D table, between its nodes by tetrahedral interpolation.
// Owned by a FilterChain.
// Thread-safety: one thread at a time.
//
// While its table is not there the picture passes as it is. The table is worked out of a cube beside the program.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "engine/compose/filters/color_cube.h"
#include "engine/compose/filters/picture_filter.h"
#include "engine/compose/filters/rgb_rows.h"
#include "engine/ffi/yuv/frame_pool.h"

namespace mainstay {

/// How an input is brought to its place on one axis of a table, which counts 1024 to a node: input · factor + offset,
/// in 1/1024.
struct CubeAxis {
  std::int32_t factor = 0;
  std::int32_t offset = 0;
  std::int32_t step = 0;  ///< from a node to the next
};

/// A cube as the loop over pixels takes it. Immutable, so from any thread.
class LutTable {
 public:
  /// `amount`: 0 leaves colours as they are, 1 is what the cube says.
  LutTable(const ColorCube& cube, double amount);

  void map(const RgbRow& row, int count) const;

 private:
  using Node = std::array<std::int16_t, 4>;  ///< R'G'B' of kRgbOut steps

  std::array<CubeAxis, 3> axes_{};
  std::int32_t size_ = 0;
  std::int32_t to_last_ = 0;  ///< from a node to the one that is next along all axes
  std::vector<Node> nodes_;   ///< red fastest
};

class Lut final : public PictureFilter {
 public:
  explicit Lut(std::shared_ptr<const LutTable> table) : table_(std::move(table)) {}
  FramePtr apply(const FramePtr& picture, std::int64_t tick) override;

 private:
  const std::shared_ptr<const LutTable> table_;
  RgbRows rows_;
  ffi::FramePool pool_;
};

}  // namespace mainstay
