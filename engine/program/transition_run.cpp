#include "engine/program/transition_run.h"

#include <algorithm>
#include <cmath>

namespace mainstay {

void TransitionRun::begin(std::int64_t frames) {
  *this = {};
  running_ = true;
  way_ = static_cast<double>(std::max<std::int64_t>(1, frames)) + 1;
}

void TransitionRun::hold_at(double position) {
  if (!running_ || !std::isfinite(position)) return;
  by_hand_ = true;
  const double share = std::clamp(position, 0.0, 1.0);
  at_ = way_ * (backwards_ ? 1 - share : share);
}

void TransitionRun::go_on() {
  // On whole frames again, so that it takes as many as are left.
  if (by_hand_) at_ = backwards_ ? std::ceil(at_) : std::floor(at_);
  by_hand_ = false;
}

void TransitionRun::turn_back() {
  if (!running_) return;
  backwards_ = !backwards_;
  by_hand_ = false;
  from_ = at_;
}

void TransitionRun::finish() {
  running_ = false;
}

TransitionRun::Point TransitionRun::next() {
  if (!running_) return {};
  if (!by_hand_) at_ += backwards_ ? -1 : 1;
  if (backwards_ ? at_ <= 0 : at_ >= way_) {
    running_ = false;
    return {.backwards = backwards_};
  }
  const double length = end() - from_;
  return {true, at_ / way_, backwards_, length == 0 ? 1 : std::clamp((at_ - from_) / length, 0.0, 1.0)};
}

}  // namespace mainstay
