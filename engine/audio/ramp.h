// A factor that moves to where it is set in a straight line, so that no change clicks.
// Owned by what multiplies with it; a value.
// Thread-safety: as any value.
#pragma once

#include <algorithm>
#include <span>

namespace mainstay {

class Ramp {
 public:
  explicit Ramp(float value = 0) : value_(value), target_(value) {}

  /// Reaches `target` after that many samples; from where it is, also in the middle of another move.
  void set(float target, int samples) {
    if (target == target_) return;
    target_ = target;
    left_ = std::max(samples, 1);
  }
  void jump(float value) {
    value_ = target_ = value;
    left_ = 0;
  }

  bool is_moving() const { return left_ > 0; }
  float target() const { return target_; }
  /// Silent now and until it is set again.
  bool is_off() const { return left_ == 0 && value_ == 0; }
  bool is_unity() const { return left_ == 0 && value_ == 1; }

  /// out += in · factor, and moves on.
  void mix(std::span<const float> in, std::span<float> out) {
    const std::size_t moving = walk(in.size(), [&](std::size_t i, float gain) { out[i] += in[i] * gain; });
    if (value_ == 0) return;
    for (std::size_t i = moving; i < in.size(); ++i) out[i] += in[i] * value_;
  }
  /// data = data · factor, and moves on.
  void apply(std::span<float> data) {
    const std::size_t moving = walk(data.size(), [&](std::size_t i, float gain) { data[i] *= gain; });
    if (value_ == 1) return;
    for (std::size_t i = moving; i < data.size(); ++i) data[i] *= value_;
  }
  /// Moves on without anything to multiply.
  void skip(std::size_t samples) {
    walk(samples, [](std::size_t, float) {});
  }

 private:
  // The k-th of n samples that are left is value + (target - value)·k/n: the last one is the target itself.
  template <class See>
  std::size_t walk(std::size_t samples, See see) {
    if (left_ == 0) return 0;
    const std::size_t count = std::min(samples, static_cast<std::size_t>(left_));
    const float step = (target_ - value_) / static_cast<float>(left_);
    for (std::size_t i = 0; i < count; ++i) see(i, value_ + step * static_cast<float>(i + 1));
    left_ -= static_cast<int>(count);
    value_ = left_ == 0 ? target_ : value_ + step * static_cast<float>(count);
    return count;
  }

  float value_;
  float target_;
  int left_ = 0;
};

}  // namespace mainstay
