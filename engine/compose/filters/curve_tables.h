// Curves on R', G' and B' and the matrix back to codes, in one: for each of the three a table of what its steps add to
// Y', Cb and Cr. Three entries added up are a pixel, seven times as many its share of chroma.
// Owned by the filter that uses it.
// Thread-safety: one thread at a time.
//
// An entry holds the three side by side in 64 bits, so a pixel is three reads and two additions. Numbers are whole, and
// moved up so that none is below zero: nothing is carried from one to the next.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/compose/filters/rgb_rows.h"

namespace mainstay {

class CurveTables {
 public:
  /// What becomes of each step of kRgbIn, from 0 to 1.
  using Curve = std::array<double, kRgbIn + 1>;

  /// Red, green, blue; then `back` to codes.
  void use(const std::array<Curve, 3>& curves, const ToCodes& back);

  /// Two rows as RgbRows::each_pair() gives them, to rows `y` and `y` + 1 of `out`.
  void store(const RgbRow& top, const RgbRow& bottom, int y, int rows, WritableFrame& out);

 private:
  using Table = std::array<std::uint64_t, kRgbIn + 1>;
  /// How a sum becomes a code: cut off at both ends, moved, and divided by 2^bits.
  struct Cut {
    std::uint16_t low, high, zero, scale;
  };

  static Cut cut_of(double zero, int bits, int low, int high);
  void add_up(const RgbRow& top, const RgbRow& bottom, int pairs);

  std::array<Table, 3> tables_{};
  Cut luma_{};
  Cut u_{};
  Cut v_{};
  std::vector<std::uint16_t> sums_;  ///< luma of two rows, Cb, Cr
};

}  // namespace mainstay
