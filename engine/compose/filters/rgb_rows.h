// Pictures taken through R'G'B' and back, two rows at a time: for filters that are defined there.
// Owned by the filter that uses it, for its memory.
// Thread-safety: one thread at a time.
//
// A row comes as R'G'B' from 0 to kRgbIn (four steps a code, so that curves find more than bytes) and is given back
// from 0 to kRgbOut. A sample of chroma counts for its four pixels as it is, and is made of the mean of the four: a
// picture that is not changed comes back as it was.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "engine/compose/filters/planes.h"

namespace mainstay {

inline constexpr int kRgbIn = 1020;
inline constexpr int kRgbOut = 4080;

/// Y', Cb and Cr codes, each as its sum of R'G'B' (0 to 1) and a constant.
struct ToCodes {
  std::array<double, 4> y;
  std::array<double, 4> u;
  std::array<double, 4> v;

  /// BT.709-6, 3.2 to 3.4, with luma · contrast + offset (1 is white), and chroma turned by `degrees` and made `factor`
  /// as strong.
  static ToCodes bt709(double contrast = 1, double offset = 0, double factor = 1, double degrees = 0);
};

/// One row; each of `width` rounded up to even.
struct RgbRow {
  std::int16_t* r;
  std::int16_t* g;
  std::int16_t* b;
};

class RgbRows {
 public:
  /// `map(row, count)` turns a row of kRgbIn steps into one of kRgbOut, in place; what lies outside is cut off.
  template <class Map>
  void run(const Frame& picture, WritableFrame& out, const ToCodes& back, const Map& map) {
    use(back);
    each_pair(picture, [&](const RgbRow& top, const RgbRow& bottom, int y, int rows) {
      for (int i = 0; i < rows; ++i) {
        const RgbRow& row = i == 0 ? top : bottom;
        map(row, even_width_);
        store_luma(row, out, y + i);
      }
      store_chroma(top, bottom, out, y / 2);
    });
  }

  /// `take(top, bottom, y, rows)` is given two rows at a time of kRgbIn steps, from row `y` on. With an odd height the
  /// last one comes alone (`rows` is 1) and is both.
  template <class Take>
  void each_pair(const Frame& picture, const Take& take) {
    begin(picture.width);
    for (int y = 0; y < picture.height; y += 2) {
      const int rows = std::min(2, picture.height - y);
      for (int i = 0; i < rows; ++i) load(picture, y + i, row(i));
      take(row(0), row(rows - 1), y, rows);
    }
  }

 private:
  struct Fixed {
    int r, g, b, zero;
  };

  void use(const ToCodes& back);
  void begin(int width);
  RgbRow row(int i);
  void load(const Frame& picture, int y, const RgbRow& to);
  void store_luma(const RgbRow& row, WritableFrame& out, int y) const;
  void store_chroma(const RgbRow& top, const RgbRow& bottom, WritableFrame& out, int y);

  int width_ = 0;
  int even_width_ = 0;
  Fixed luma_{};
  Fixed u_{};
  Fixed v_{};
  std::vector<std::int16_t> rows_;
  std::vector<std::int16_t> chroma_;  ///< what chroma adds to the two rows at hand
  std::vector<std::int16_t> fours_;
};

}  // namespace mainstay
