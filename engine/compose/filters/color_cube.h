// A 3D table of colours, as a .cube file has it (Adobe's Cube LUT Specification 1.0, and Resolve's LUT_3D_INPUT_RANGE).
// Owned by whoever holds it.
// Thread-safety: immutable, so from any thread.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace mainstay {

class ColorCube {
 public:
  static constexpr int kSmallest = 2;
  static constexpr int kLargest = 65;

  /// The text of a .cube file. Errc::invalid with the line that is wrong; a 1D table is one of them.
  static Result<ColorCube> parse(std::string_view text);

  int size() const { return size_; }
  /// R'G'B' at a node, from −1 to 2.
  std::array<float, 3> at(int r, int g, int b) const;
  /// The inputs that the first and the last node stand for.
  const std::array<float, 3>& from() const { return from_; }
  const std::array<float, 3>& to() const { return to_; }

 private:
  int size_ = 0;
  std::array<float, 3> from_{0, 0, 0};
  std::array<float, 3> to_{1, 1, 1};
  std::vector<std::array<float, 3>> nodes_;  ///< red fastest
};

}  // namespace mainstay
