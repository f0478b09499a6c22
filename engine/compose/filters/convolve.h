// Planes made soft by a symmetric kernel, along rows and columns: what blur and sharpening are made of.
// Owned by the filter that uses it, for its memory.
// Thread-safety: one thread at a time.
//
// Weights are of 256 and add up to that, so sums of bytes stay within 16 bits, which the processor does sixteen or
// eight at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/ffi/yuv/plane.h"

namespace mainstay {

class Kernel {
 public:
  static constexpr int kLargestRadius = 12;

  /// A Gaussian bell, cut off at three deviations. `sigma` up to 4.
  static Kernel gaussian(double sigma);
  /// [1 4 6 4 1] / 16.
  static Kernel binomial();

  int radius() const { return static_cast<int>(weights_.size()) - 1; }
  /// The middle one first.
  const std::vector<std::uint16_t>& weights() const { return weights_; }

 private:
  std::vector<std::uint16_t> weights_;
};

class Convolver {
 public:
  /// Beyond the edges lies what is at them. Planes have the same size; `to` is another plane than `from`.
  void run(ffi::Plane from, const Kernel& kernel, ffi::WritablePlane to);

  /// The rows of the plane made soft, one after the other from the top, in 1/256.
  const std::uint16_t* row(ffi::Plane from, const Kernel& kernel, int y);

 private:
  std::vector<std::uint8_t> column_;  ///< a row, soft along the columns, with margins
  std::vector<std::uint16_t> sums_;
  std::vector<std::uint8_t> narrow_;  ///< rows shorter than a block
};

}  // namespace mainstay
