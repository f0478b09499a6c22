// Golden pictures: what a picture has to look like, worked out in double precision from the standards' formulas and
// from a painting that is defined at every point, so that no resampling of ours or of libyuv's is in it. Owned by each
// test. Thread-safety: as any value.
#pragma once

#include <array>
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/media/frame.h"

namespace mainstay::golden {

/// R'G'B' from 0 to 1, straight, with its alpha.
struct Rgb {
  double red = 0;
  double green = 0;
  double blue = 0;
  double alpha = 1;
};

/// A painting over [0, 1]².
using Painting = std::function<Rgb(double u, double v)>;

struct Weights {
  double red;
  double blue;
};
inline constexpr Weights k601{0.299, 0.114};    // BT.601-7, 2.5.1
inline constexpr Weights k709{0.2126, 0.0722};  // BT.709-6, 3.2
inline constexpr Weights k2020{0.2627, 0.0593};

/// Y', Cb, Cr as 8-bit limited codes, not rounded.
inline std::array<double, 3> codes(const Rgb& c, Weights w = k709) {
  const double luma = w.red * c.red + (1 - w.red - w.blue) * c.green + w.blue * c.blue;
  return {16 + 219 * luma, 128 + 224 * (c.blue - luma) / (2 * (1 - w.blue)),
          128 + 224 * (c.red - luma) / (2 * (1 - w.red))};
}

/// A picture as planes of doubles: luma of width×height, chroma of half of each.
struct Golden {
  int width = 0;
  int height = 0;
  std::array<std::vector<double>, 3> planes;

  Golden(int w, int h) : width(w), height(h) {
    planes[0].resize(static_cast<std::size_t>(w) * h);
    planes[1].resize(planes[0].size() / 4);
    planes[2].resize(planes[0].size() / 4);
  }
  double& at(int plane, int x, int y) {
    return planes[static_cast<std::size_t>(plane)][static_cast<std::size_t>(y) * (plane == 0 ? width : width / 2) + x];
  }
  double at(int plane, int x, int y) const { return const_cast<Golden*>(this)->at(plane, x, y); }
};

/// Codes of what `color` gives at each pixel (its left top corner at x, y); chroma is the mean of its four pixels.
inline Golden golden(int width, int height, const std::function<Rgb(int x, int y)>& color) {
  Golden out(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const auto c = codes(color(x, y));
      out.at(0, x, y) = c[0];
      for (int plane = 1; plane < 3; ++plane) out.at(plane, x / 2, y / 2) += c[static_cast<std::size_t>(plane)] / 4;
    }
  return out;
}

/// Worst of the three planes, in dB.
inline double psnr(const Frame& found, const Golden& wanted) {
  double worst = 1e9;
  for (int plane = 0; plane < 3; ++plane) {
    const int width = plane == 0 ? wanted.width : wanted.width / 2;
    const int height = plane == 0 ? wanted.height : wanted.height / 2;
    double sum = 0;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        const double error =
            found.planes[static_cast<std::size_t>(plane)][y * found.strides[static_cast<std::size_t>(plane)] + x] -
            wanted.at(plane, x, y);
        sum += error * error;
      }
    worst = std::min(worst, 10 * std::log10(255.0 * 255 / std::max(1e-9, sum / (width * height))));
  }
  return worst;
}

/// Soft in all directions, different in all corners, with every hue.
inline Rgb painting(double u, double v) {
  const auto wave = [](double x) { return 0.5 + 0.45 * std::sin(x); };
  return {wave(2.1 * u + 0.4 + v), wave(2.6 * v - 0.7 * u), wave(1.3 * u + 2.2 * v + 2), 1};
}

/// The painting as a decoder gives it: i420, limited.
inline FramePtr video(int width, int height, const Painting& paint = painting,
                      ColorMatrix matrix = ColorMatrix::bt709) {
  const Weights w = matrix == ColorMatrix::bt601 ? k601 : matrix == ColorMatrix::bt2020 ? k2020 : k709;
  WritableFrame picture = WritableFrame::make(width, height);
  const auto at = [&](double x, double y) { return codes(paint(x / width, y / height), w); };
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      picture.planes[0][y * picture.strides[0] + x] = static_cast<std::uint8_t>(std::lround(at(x + 0.5, y + 0.5)[0]));
  for (int y = 0; y < height / 2; ++y)
    for (int x = 0; x < width / 2; ++x) {
      std::array<double, 3> sum{};
      for (int i = 0; i < 4; ++i) {
        const auto c = at(2 * x + i % 2 + 0.5, 2 * y + i / 2 + 0.5);
        for (std::size_t p = 1; p < 3; ++p) sum[p] += c[p] / 4;
      }
      for (std::size_t p = 1; p < 3; ++p)
        picture.planes[p][y * picture.strides[p] + x] = static_cast<std::uint8_t>(std::lround(sum[p]));
    }
  auto frame = std::make_shared<Frame>(*std::move(picture).freeze());
  frame->matrix = matrix;
  return frame;
}

/// The painting as a graphic: bgra, premultiplied.
inline FramePtr graphic(int width, int height, const Painting& paint) {
  auto bytes = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(width) * height * 4);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const Rgb c = paint((x + 0.5) / width, (y + 0.5) / height);
      std::uint8_t* pixel = bytes->data() + (static_cast<std::size_t>(y) * width + x) * 4;
      const double parts[4] = {c.blue * c.alpha, c.green * c.alpha, c.red * c.alpha, c.alpha};
      for (int i = 0; i < 4; ++i) pixel[i] = static_cast<std::uint8_t>(std::lround(parts[i] * 255));
    }
  auto frame = std::make_shared<Frame>();
  frame->format = PixelFormat::bgra;
  frame->range = ColorRange::full;
  frame->width = width;
  frame->height = height;
  frame->planes[0] = bytes->data();
  frame->strides[0] = width * 4;
  frame->owner = bytes;
  return frame;
}

}  // namespace mainstay::golden
