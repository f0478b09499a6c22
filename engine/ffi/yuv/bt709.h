// Internal to engine/ffi/yuv: R'G'B' of 255 steps to the program's codes (BT.709-6, 3.2 and 3.4: 219 and 224 steps) in
// fixed point. sRGB's curve is taken for BT.709's, as all systems do with graphics.
// Constants.
// Thread-safety: immutable, so from any thread.
#pragma once

namespace mainstay::ffi::bt709 {

inline constexpr int kBits = 16;

constexpr int fixed(double value) {
  return static_cast<int>(value * (1 << kBits) + (value < 0 ? -0.5 : 0.5));
}

inline constexpr double kRed = 0.2126;
inline constexpr double kBlue = 0.0722;
inline constexpr int kYr = fixed(kRed * 219 / 255);
inline constexpr int kYb = fixed(kBlue * 219 / 255);
inline constexpr int kYg = fixed(219.0 / 255) - kYr - kYb;
inline constexpr int kHalf = fixed(0.5 * 224 / 255);
inline constexpr int kUr = fixed(-kRed / (2 * (1 - kBlue)) * 224 / 255);
inline constexpr int kUg = -kHalf - kUr;
inline constexpr int kVb = fixed(-kBlue / (2 * (1 - kRed)) * 224 / 255);
inline constexpr int kVg = -kHalf - kVb;

}  // namespace mainstay::ffi::bt709
