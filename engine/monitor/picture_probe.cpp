#include "engine/monitor/picture_probe.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace mainstay {

namespace {

constexpr int kSieve = 8;         // one sample in 8×8
constexpr int kLeastAcross = 16;  // samples; small pictures get a finer sieve
constexpr int kBlackCode = 16;    // BT.709, limited range
constexpr int kSpan = 219;

std::uint8_t to_limited(int code, ColorRange range) {
  return static_cast<std::uint8_t>(range == ColorRange::limited ? code : kBlackCode + code * kSpan / 255);
}

/// Of a premultiplied pixel, over black.
std::uint8_t luma_of(const std::uint8_t* bgra) {
  return static_cast<std::uint8_t>(kBlackCode + (183 * bgra[2] + 614 * bgra[1] + 62 * bgra[0]) * kSpan / (859 * 255));
}

std::uint8_t code_at(const Frame& frame, const std::uint8_t* row, int x) {
  switch (frame.format) {
    case PixelFormat::bgra:
      return luma_of(row + std::ptrdiff_t{4} * x);
    case PixelFormat::i010:
      return to_limited((row[2 * x] | row[2 * x + 1] << 8) >> 2, frame.range);
    default:
      return to_limited(row[x], frame.range);
  }
}

}  // namespace

void PictureProbe::forget() {
  reference_.clear();
  last_.reset();
}

void PictureProbe::sample(const Frame& frame) {
  const int step = std::clamp(std::min(frame.width, frame.height) / kLeastAcross, 1, kSieve);
  const int across = frame.width / step;
  const int down = frame.height / step;
  samples_.resize(static_cast<std::size_t>(across) * static_cast<std::size_t>(down));
  const bool plain =
      frame.format != PixelFormat::bgra && frame.format != PixelFormat::i010 && frame.range == ColorRange::limited;
  std::uint8_t* out = samples_.data();
  for (int y = 0; y < down; ++y) {
    const std::uint8_t* row = frame.planes[0] + static_cast<std::ptrdiff_t>(y * step + step / 2) * frame.strides[0];
    const int first = step / 2;
    if (plain) {
      for (int x = 0; x < across; ++x) out[x] = row[first + x * step];
    } else {
      for (int x = 0; x < across; ++x) out[x] = code_at(frame, row, first + x * step);
    }
    out += across;
  }
}

double PictureProbe::black_share(double level) const {
  if (samples_.empty()) return 0;
  const auto most = static_cast<std::uint8_t>(std::lround(kBlackCode + level * kSpan));
  std::size_t black = 0;
  for (const std::uint8_t code : samples_) black += code <= most;
  return static_cast<double>(black) / static_cast<double>(samples_.size());
}

double PictureProbe::difference() const {
  if (samples_.empty()) return 0;
  std::uint64_t sum = 0;
  const std::size_t count = samples_.size();
  for (std::size_t i = 0; i < count; ++i)
    sum += static_cast<std::uint32_t>(std::abs(int{samples_[i]} - int{reference_[i]}));
  return static_cast<double>(sum) / static_cast<double>(count) / kSpan;
}

PictureProbe::Reading PictureProbe::look(const FramePtr& frame, Nanos at, const Limits& limits) {
  if (!reference_.empty() && last_.lock() == frame) {
    Reading reading{black_share(limits.black_level), 0, still_since_, false};
    return reading;
  }
  last_ = frame;
  const bool same_size = width_ == frame->width && height_ == frame->height;
  width_ = frame->width;
  height_ = frame->height;
  sample(*frame);
  Reading reading;
  reading.first = reference_.empty() || !same_size;
  if (!reading.first) reading.change = difference();
  if (reading.first || reading.change > limits.noise) {
    reference_ = samples_;
    still_since_ = at;
  }
  reading.black_share = black_share(limits.black_level);
  reading.still_since = still_since_;
  return reading;
}

}  // namespace mainstay
