#include "engine/sources/picture_retimer.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace mainstay {

namespace {

// Fine enough that rounding to it never decides (a nanosecond at 1000 frames a second), coarse enough for years.
constexpr std::int64_t kScale = 1'000'000'000;
constexpr std::int64_t kReach = kScale * 3 / 4;

std::int64_t up(std::int64_t position) {
  return mul_div(position, 1, kScale, Rounding::up);
}

std::int64_t nearest(std::int64_t position) {
  return mul_div(position, 1, kScale, Rounding::nearest);
}

}  // namespace

PictureRetimer::PictureRetimer(Rate program, Rate source, TimeBase base, std::int64_t first, TimeBase tick)
    : program_(program), base_(base), first_(first) {
  const double ratio = source.num > 0 ? source.fps() / program.fps() : 0;
  same_rate_ = std::abs(ratio - 1) < 0.005;
  // A container that counts in pictures (AVI) rounds nothing.
  const std::int64_t frame = ratio > 0 ? static_cast<std::int64_t>(kScale / ratio) : kScale;
  tolerance_ = mul_div(kScale * program.num, tick.num, tick.den * program.den);
  if (tolerance_ > frame / 4) tolerance_ = 0;
  tolerance_ += 2;  // position() rounds its last digit

  const std::int64_t raw = mul_div(first, base.num * kScale, base.den, Rounding::nearest);  // ns of the media
  const std::int64_t grid = mul_div(raw, program.num, program.den);                         // in 1/kScale frames
  first_slot_ = std::max<FrameIndex>(0, up(grid - kScale / 1000));
  // Samples from the media's zero to frame 0, rounded once.
  const std::int64_t slot_ns = mul_div(first_slot_, std::int64_t{program.den} * kScale, program.num, Rounding::nearest);
  sample_shift_ = mul_div(slot_ns - raw, kProgramSampleRate, kScale, Rounding::nearest);
}

std::int64_t PictureRetimer::position(std::int64_t pts) const {
  // One product in 128 bits, rounded once.
  return first_slot_ * kScale +
         mul_div(pts - first_, base_.num * program_.num * kScale, base_.den * program_.den, Rounding::nearest);
}

FrameIndex PictureRetimer::slot(std::int64_t pts) {
  const std::int64_t at = position(pts);
  FrameIndex result = 0;
  if (!same_rate_) {
    result = up(at - tolerance_);
  } else if (last_ && std::abs(at - (*last_ + 1) * kScale) <= kReach) {
    result = *last_ + 1;
  } else {
    result = nearest(at);
  }
  if (last_) result = std::max(result, *last_);
  last_ = result;
  return result;
}

FrameIndex PictureRetimer::end(std::int64_t pts, std::int64_t duration) const {
  const FrameIndex after = last_.value_or(0) + 1;
  if (duration <= 0) return after;
  const std::int64_t at = position(pts + duration);
  if (same_rate_) return std::max(after, nearest(at));
  return std::max(first_slot_ + 1, up(at - tolerance_));
}

Nanos PictureRetimer::media_time(FrameIndex k) const {
  const std::int64_t first_ns = mul_div(first_, base_.num * kScale, base_.den, Rounding::nearest);
  return Nanos(first_ns + mul_div(k - first_slot_, std::int64_t{program_.den} * kScale, program_.num));
}

}  // namespace mainstay
