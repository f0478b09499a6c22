// A picture: planes in memory, immutable once made and shared by reference. Fan-out copies nothing.
// Owned by its shared_ptr holders; `owner` keeps the memory alive (an AVFrame, a vector).
// Thread-safety: immutable, so from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "engine/media/rate.h"

namespace mainstay {

enum class PixelFormat { i420, nv12, i422, i444, i010, bgra };
enum class ColorMatrix { bt601, bt709, bt2020 };
enum class ColorRange { limited, full };

/// The program's pictures are i420, limited range, BT.709, square pixels. Sources bring theirs to i420, limited range
/// and upright; the compositor brings size and matrix to the program's.
struct Frame {
  PixelFormat format = PixelFormat::i420;
  int width = 0;
  int height = 0;
  /// i420, i422, i444, i010 (10 bits in 16): Y, U, V. nv12: Y, UV. bgra: one plane, premultiplied alpha.
  std::array<const std::uint8_t*, 3> planes{};
  std::array<int, 3> strides{};  // bytes a row
  ColorMatrix matrix = ColorMatrix::bt709;
  ColorRange range = ColorRange::limited;
  /// Shape of a pixel, width:height.
  int sar_num = 1;
  int sar_den = 1;
  std::shared_ptr<const void> owner;
  /// i420 only; null: opaque. One byte a luma pixel, of 255; the codes of the picture are premultiplied towards black
  /// (16, 128, 128): laid on black they are what they are.
  const std::uint8_t* alpha = nullptr;
  int alpha_stride = 0;
  /// A window on a picture that runs by: that picture, as high as this one, and where on it the window begins. Another
  /// window on the same strip can be shown from what was made of this one.
  std::shared_ptr<const Frame> strip;
  int strip_x = 0;
};

using FramePtr = std::shared_ptr<const Frame>;

/// An i420 picture whose planes can still be written. Width and height are rounded up to even by make().
struct WritableFrame {
  int width = 0;
  int height = 0;
  std::array<std::uint8_t*, 3> planes{};
  std::array<int, 3> strides{};
  std::shared_ptr<std::uint8_t[]> memory;
  std::uint8_t* alpha = nullptr;  ///< null: opaque
  int alpha_stride = 0;

  static WritableFrame make(int width, int height, bool with_alpha = false);
  /// Leaves the alpha as it is.
  void fill(std::uint8_t y, std::uint8_t u, std::uint8_t v);
  /// Gives the picture away, from here on immutable.
  FramePtr freeze() &&;
};

/// Bytes that the planes of `frame` hold.
std::int64_t frame_bytes(const Frame& frame);

}  // namespace mainstay
