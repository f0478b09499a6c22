// What tests of filters share: pictures as planes of doubles, and files that a test gives out.
// Owned by each test.
// Thread-safety: as any value.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/compose/filters/color_cube.h"
#include "engine/compose/filters/filter_chain.h"
#include "engine/compose/filters/mask_image.h"
#include "tests/engine/compose/golden_support.h"

namespace mainstay::golden {

/// Y', Cb, Cr and alpha (of 255), not rounded. Chroma has half the size, rounded up.
struct Doubles {
  int width = 0;
  int height = 0;
  std::array<std::vector<double>, 4> planes;

  Doubles(int w, int h) : width(w), height(h) {
    for (int plane = 0; plane < 4; ++plane)
      planes[static_cast<std::size_t>(plane)].assign(static_cast<std::size_t>(wide(plane)) * high(plane), 255);
  }
  int wide(int plane) const { return plane == 0 || plane == 3 ? width : (width + 1) / 2; }
  int high(int plane) const { return plane == 0 || plane == 3 ? height : (height + 1) / 2; }
  double& at(int plane, int x, int y) {
    x = std::clamp(x, 0, wide(plane) - 1);
    y = std::clamp(y, 0, high(plane) - 1);
    return planes[static_cast<std::size_t>(plane)][static_cast<std::size_t>(y) * wide(plane) + x];
  }
  double at(int plane, int x, int y) const { return const_cast<Doubles*>(this)->at(plane, x, y); }
};

inline double byte_at(const Frame& frame, int plane, int x, int y) {
  if (plane == 3) return frame.alpha == nullptr ? 255 : frame.alpha[y * frame.alpha_stride + x];
  return frame.planes[static_cast<std::size_t>(plane)][y * frame.strides[static_cast<std::size_t>(plane)] + x];
}

inline Doubles doubles_of(const Frame& frame) {
  Doubles out(frame.width, frame.height);
  for (int plane = 0; plane < 4; ++plane)
    for (int y = 0; y < out.high(plane); ++y)
      for (int x = 0; x < out.wide(plane); ++x) out.at(plane, x, y) = byte_at(frame, plane, x, y);
  return out;
}

/// As Frame has it: towards black by alpha, chroma by the mean of its four pixels'.
inline Doubles premultiplied(Doubles straight) {
  for (int plane = 0; plane < 3; ++plane)
    for (int y = 0; y < straight.high(plane); ++y)
      for (int x = 0; x < straight.wide(plane); ++x) {
        double alpha = straight.at(3, x, y);
        if (plane > 0) {
          alpha = 0;
          for (int i = 0; i < 4; ++i) alpha += straight.at(3, 2 * x + i % 2, 2 * y + i / 2) / 4;
        }
        const double black = plane == 0 ? 16 : 128;
        double& code = straight.at(plane, x, y);
        code = black + (code - black) * alpha / 255;
      }
  return straight;
}

/// Of one plane, in dB.
inline double plane_psnr(const Frame& found, const Doubles& wanted, int plane) {
  double sum = 0;
  for (int y = 0; y < wanted.high(plane); ++y)
    for (int x = 0; x < wanted.wide(plane); ++x) {
      const double error = byte_at(found, plane, x, y) - wanted.at(plane, x, y);
      sum += error * error;
    }
  return 10 * std::log10(255.0 * 255 / std::max(1e-9, sum / (wanted.wide(plane) * wanted.high(plane))));
}

/// Of the worst plane, alpha among them.
inline double psnr(const Frame& found, const Doubles& wanted) {
  double worst = 1e9;
  for (int plane = 0; plane < 4; ++plane) worst = std::min(worst, plane_psnr(found, wanted, plane));
  return worst;
}

/// With hard edges, fine lines and grain: what soft paintings do not show.
inline FramePtr busy(int width, int height, unsigned seed = 1) {
  WritableFrame picture = WritableFrame::make(width, height);
  for (int plane = 0; plane < 3; ++plane) {
    const int w = plane == 0 ? picture.width : picture.width / 2;
    const int h = plane == 0 ? picture.height : picture.height / 2;
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        seed = seed * 1664525u + 1013904223u;
        const bool on = (x / (5 + plane) + y / 9) % 3 == 0 || (x * x + y * y) % 977 < 200;
        const int value = (on ? 190 : 60) + static_cast<int>(seed >> 24) % 40 - 20;
        picture.planes[static_cast<std::size_t>(plane)][y * picture.strides[static_cast<std::size_t>(plane)] + x] =
            static_cast<std::uint8_t>(value);
      }
  }
  auto frame = std::make_shared<Frame>(*std::move(picture).freeze());
  frame->width = width;
  frame->height = height;
  return frame;
}

/// Files by their paths, as a loader would have them.
class FakeFiles final : public FilterFiles {
 public:
  bool ready() const override { return true; }
  std::uint64_t version() const override { return version_; }
  std::shared_ptr<const ColorCube> cube(const std::string& path) const override { return found(cubes_, path); }
  std::shared_ptr<const MaskImage> mask(const std::string& path) const override { return found(masks_, path); }

  void put(const std::string& path, ColorCube cube) {
    cubes_[path] = std::make_shared<const ColorCube>(std::move(cube));
    ++version_;
  }
  void put(const std::string& path, const FramePtr& picture) {
    masks_[path] = std::make_shared<const MaskImage>(*picture);
    ++version_;
  }

 private:
  template <class T>
  static std::shared_ptr<const T> found(const std::map<std::string, std::shared_ptr<const T>>& files,
                                        const std::string& path) {
    const auto at = files.find(path);
    return at == files.end() ? nullptr : at->second;
  }
  std::map<std::string, std::shared_ptr<const ColorCube>> cubes_;
  std::map<std::string, std::shared_ptr<const MaskImage>> masks_;
  std::uint64_t version_ = 0;
};

/// `picture` through one filter.
inline FramePtr filtered(const show::Filter& filter, const FramePtr& picture, const FilterFiles* files = nullptr) {
  FilterChain chain(Rate{30, 1}, files);
  chain.use({filter});
  return chain.apply(picture, {}, 0);
}

/// A .cube file's text: each node's colour by its input.
inline std::string cube_text(int size, const std::function<std::array<double, 3>(double, double, double)>& color) {
  std::string text = "TITLE \"of a test\"\n# by hand\nLUT_3D_SIZE " + std::to_string(size) + "\n";
  for (int b = 0; b < size; ++b)
    for (int g = 0; g < size; ++g)
      for (int r = 0; r < size; ++r) {
        const double last = size - 1;
        const auto out = color(r / last, g / last, b / last);
        text += std::to_string(out[0]) + ' ' + std::to_string(out[1]) + ' ' + std::to_string(out[2]) + '\n';
      }
  return text;
}

}  // namespace mainstay::golden
