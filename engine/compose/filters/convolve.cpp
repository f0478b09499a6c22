#include "engine/compose/filters/convolve.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "engine/compose/filters/planes.h"

namespace mainstay {

namespace {

constexpr int kSum = 256;
constexpr int kBlock = 64;  // columns whose sums stay in registers, or close by

/// sums[x] = w0·in[x] + Σ w[k]·(up[k][x] + down[k][x]), for a whole block.
[[gnu::always_inline]] inline void add_block(const std::uint8_t* in, const std::uint8_t* const* up,
                                             const std::uint8_t* const* down, std::ptrdiff_t begin,
                                             const std::uint16_t* weights, int radius, std::uint16_t* __restrict sums) {
  for (int x = 0; x < kBlock; ++x) sums[x] = static_cast<std::uint16_t>(weights[0] * in[x]);
  for (int k = 1; k <= radius; ++k) {
    const std::uint8_t* above = up[k] + begin;
    const std::uint8_t* below = down[k] + begin;
    const std::uint16_t weight = weights[k];
    for (int x = 0; x < kBlock; ++x)
      sums[x] = static_cast<std::uint16_t>(sums[x] + weight * static_cast<std::uint16_t>(above[x] + below[x]));
  }
}

/// Rows as bytes. Those that are shorter than a block end in one that lies over the one before.
MAINSTAY_WIDE void add_rows(const std::uint8_t* const* up, const std::uint8_t* const* down,
                            const std::uint16_t* weights, int radius, int count, std::uint8_t* out) {
  alignas(64) std::uint16_t sums[kBlock];
  for (int at = 0; at < count; at += kBlock) {
    const int begin = std::min(at, count - kBlock);
    add_block(up[0] + begin, up, down, begin, weights, radius, sums);
    for (int x = 0; x < kBlock; ++x)
      out[begin + x] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(sums[x] + kSum / 2) >> 8);
  }
}

/// The same along a row that has `radius` more at both ends.
MAINSTAY_WIDE void add_columns(const std::uint8_t* in, const std::uint16_t* weights, int radius, int count,
                               std::uint16_t* out) {
  const std::uint8_t* left[Kernel::kLargestRadius + 1];
  const std::uint8_t* right[Kernel::kLargestRadius + 1];
  for (int k = 0; k <= radius; ++k) {
    left[k] = in - k;
    right[k] = in + k;
  }
  alignas(64) std::uint16_t sums[kBlock];
  for (int at = 0; at < count; at += kBlock) {
    const int begin = std::min(at, count - kBlock);
    add_block(in + begin, left, right, begin, weights, radius, sums);
    std::memcpy(out + begin, sums, sizeof(sums));
  }
}

MAINSTAY_WIDE void to_bytes(const std::uint16_t* sums, int count, std::uint8_t* out) {
  for (int x = 0; x < count; ++x) out[x] = static_cast<std::uint8_t>(std::min(sums[x] + kSum / 2, 0xffff) >> 8);
}

}  // namespace

Kernel Kernel::gaussian(double sigma) {
  Kernel kernel;
  const int radius = std::clamp(static_cast<int>(std::ceil(3 * sigma)), 1, kLargestRadius);
  std::vector<double> bell;
  double sum = 0;
  for (int k = 0; k <= radius; ++k) {
    bell.push_back(sigma > 0 ? std::exp(-k * k / (2 * sigma * sigma)) : (k == 0 ? 1 : 0));
    sum += k == 0 ? bell.back() : 2 * bell.back();
  }
  int rest = kSum;
  kernel.weights_.assign(bell.size(), 0);
  for (int k = radius; k > 0; --k) {
    kernel.weights_[static_cast<std::size_t>(k)] =
        static_cast<std::uint16_t>(std::lround(kSum * bell[static_cast<std::size_t>(k)] / sum));
    rest -= 2 * kernel.weights_[static_cast<std::size_t>(k)];
  }
  kernel.weights_[0] = static_cast<std::uint16_t>(rest);
  while (kernel.weights_.size() > 2 && kernel.weights_.back() == 0) kernel.weights_.pop_back();
  return kernel;
}

Kernel Kernel::binomial() {
  Kernel kernel;
  kernel.weights_ = {96, 64, 16};
  return kernel;
}

const std::uint16_t* Convolver::row(ffi::Plane from, const Kernel& kernel, int y) {
  const int radius = kernel.radius();
  const auto width = static_cast<std::size_t>(from.width);
  const std::size_t room = std::max<std::size_t>(width, kBlock);
  column_.resize(room + 2 * Kernel::kLargestRadius);
  sums_.resize(room);
  const std::uint8_t* up[Kernel::kLargestRadius + 1];
  const std::uint8_t* down[Kernel::kLargestRadius + 1];
  for (int k = 0; k <= radius; ++k) {
    up[k] = row_of(from, std::max(0, y - k));
    down[k] = row_of(from, std::min(from.height - 1, y + k));
  }
  std::uint8_t* const middle = column_.data() + Kernel::kLargestRadius;
  if (from.width < kBlock) {  // a narrow one is copied to where a block has room
    narrow_.resize(2 * (Kernel::kLargestRadius + 1) * static_cast<std::size_t>(kBlock));
    std::uint8_t* copy = narrow_.data();
    for (int k = 0; k <= radius; ++k) {
      for (const std::uint8_t** row : {&up[k], &down[k]}) {
        std::memcpy(copy, *row, width);
        *row = std::exchange(copy, copy + kBlock);
      }
    }
  }
  add_rows(up, down, kernel.weights().data(), radius, static_cast<int>(room), middle);
  std::memset(column_.data(), middle[0], Kernel::kLargestRadius);
  std::memset(middle + width, middle[width - 1], Kernel::kLargestRadius);
  add_columns(middle, kernel.weights().data(), radius, static_cast<int>(room), sums_.data());
  return sums_.data();
}

void Convolver::run(ffi::Plane from, const Kernel& kernel, ffi::WritablePlane to) {
  for (int y = 0; y < from.height; ++y) to_bytes(row(from, kernel, y), from.width, row_of(to, y));
}

}  // namespace mainstay
