// Looks at bgra pictures: pixels, where there is ink, and PNG files for people to look at.
// Plain functions of the tests.
// Thread-safety: from any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/media/frame.h"
#include "tests/support/png.h"

namespace mainstay::test {

struct Bgra {
  int blue = 0;
  int green = 0;
  int red = 0;
  int alpha = 0;
  friend bool operator==(const Bgra&, const Bgra&) = default;
};

inline Bgra pixel(const Frame& frame, int x, int y) {
  const std::uint8_t* p = frame.planes[0] + static_cast<std::ptrdiff_t>(y) * frame.strides[0] + 4 * x;
  return {p[0], p[1], p[2], p[3]};
}

/// The sum of alpha over columns [from, to), in whole pixels.
inline double ink(const Frame& frame, int from, int to) {
  double sum = 0;
  for (int y = 0; y < frame.height; ++y)
    for (int x = from; x < to; ++x) sum += pixel(frame, x, y).alpha / 255.0;
  return sum;
}
inline double ink(const Frame& frame) {
  return ink(frame, 0, frame.width);
}

inline bool is_premultiplied(const Frame& frame) {
  for (int y = 0; y < frame.height; ++y)
    for (int x = 0; x < frame.width; ++x) {
      const Bgra p = pixel(frame, x, y);
      if (p.blue > p.alpha || p.green > p.alpha || p.red > p.alpha) return false;
    }
  return true;
}

/// Writes NAME.png into the folder that MAINSTAY_PICTURES names; does nothing without it.
inline void show_picture(const Frame& frame, const std::string& name) {
  const char* folder = std::getenv("MAINSTAY_PICTURES");
  if (folder == nullptr) return;
  write_file(std::string(folder) + "/" + name + ".png", png(frame.width, frame.height, [&](int x, int y) {
               const Bgra p = pixel(frame, x, y);
               const auto straight = [&](int c) { return p.alpha == 0 ? 0 : std::min(255, c * 255 / p.alpha); };
               return Rgba{straight(p.red), straight(p.green), straight(p.blue), p.alpha};
             }));
}

}  // namespace mainstay::test
