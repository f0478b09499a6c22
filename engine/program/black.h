// The fade to black: how far the program is faded, frame by frame.
// Owned by the program.
// Thread-safety: one thread at a time.
#pragma once

#include <algorithm>
#include <cstdint>

namespace mainstay {

class Black {
 public:
  /// From where it stands to black, or back, at the pace of `frames` for the whole way; 0: at once.
  void go(bool on, std::int64_t frames) {
    on_ = on;
    pace_ = frames > 0 ? 1.0 / (static_cast<double>(frames) + 1) : 1.0;
  }
  /// What the next frame has: 0 the picture, 1 black.
  double next() {
    constexpr double kAlmost = 1e-9;  // sums of 1/n
    level_ += on_ ? pace_ : -pace_;
    if (level_ > 1 - kAlmost) level_ = 1;
    if (level_ < kAlmost) level_ = 0;
    return level_;
  }
  double level() const { return level_; }
  bool on() const { return on_; }

 private:
  bool on_ = false;
  double pace_ = 1;
  double level_ = 0;
};

}  // namespace mainstay
