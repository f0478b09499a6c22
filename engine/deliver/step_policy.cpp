#include "engine/deliver/step_policy.h"

#include <fmt/core.h>

#include <algorithm>

namespace mainstay {

namespace {

// As good as not less: a line that drops what it cannot carry loses clearly less of a lower rung.
constexpr double kSameLoss = 0.9;

LegLadder at_least_one(LegLadder ladder) {
  if (ladder.rungs.empty()) ladder.rungs.emplace_back();
  return ladder;
}

}  // namespace

StepPolicy::StepPolicy(LegLadder ladder, StepLimits limits)
    : ladder_(at_least_one(std::move(ladder))), limits_(limits), backoff_(ladder_.up_after) {}

void StepPolicy::change(LegLadder ladder) {
  const std::string name = ladder_.rungs[current_].name;
  ladder_ = at_least_one(std::move(ladder));
  const auto same =
      std::find_if(ladder_.rungs.begin(), ladder_.rungs.end(), [&](const Rung& rung) { return rung.name == name; });
  current_ = wanted_ = same == ladder_.rungs.end() ? 0 : static_cast<std::size_t>(same - ladder_.rungs.begin());
  why_ = "the show changed";
  tried_at_.reset();
  failed_.reset();
  calm_since_.reset();
  backoff_ = ladder_.up_after;
}

void StepPolicy::settle(Instant now) {
  samples_.clear();
  settled_from_ = now;
  calm_since_.reset();
  lossy_since_.reset();
}

void StepPolicy::begin(Instant now) {
  settle(now);
  dropped_ = 0;
  current_ = wanted_;
}

void StepPolicy::lost(Instant now) {
  settle(now);
  wanted_ = std::max(wanted_, current_);
  if (!tried_at_) return;
  try_failed();
  if (current_ + 1 >= ladder_.rungs.size()) return;
  wanted_ = current_ + 1;
  why_ = "the connection was lost after a step up";
}

void StepPolicy::took(Instant now, std::size_t rung) {
  if (rung == current_) return;
  const bool higher = rung < current_;
  current_ = rung;
  settle(now);
  tried_at_.reset();
  if (higher) tried_at_ = now;
  if (higher || trouble_ != Trouble::lossy) resent_before_ = 0;
}

Nanos StepPolicy::wait_for(std::size_t rung) const {
  // Rungs below the one that failed are no guess: they held before.
  return failed_ && rung <= *failed_ ? backoff_ : ladder_.up_after;
}

// What waits gets clearly less: then the rung there is will do, however much it still is.
bool StepPolicy::falls(Instant now, Nanos excess) const {
  const bool known = !samples_.empty() && now - samples_.front().at >= limits_.trend * 9 / 10;
  return !known || excess + limits_.least_fall < samples_.front().excess;
}

bool StepPolicy::lossy(Instant now, double resent_pct) {
  if (lines_loss_ || resent_pct < limits_.resent_pct) {
    lossy_since_.reset();
    return false;
  }
  if (!lossy_since_) lossy_since_ = now;
  return now - *lossy_since_ >= limits_.resent_for;
}

void StepPolicy::judge_loss(Instant now, double resent_pct) {
  if (resent_pct < limits_.resent_clear_pct) lines_loss_ = false;
  if (resent_before_ <= 0 || wanted_ != current_ || now - settled_from_ < limits_.resent_for) return;
  lines_loss_ = resent_pct >= resent_before_ * kSameLoss;
  resent_before_ = 0;
}

StepPolicy::Trouble StepPolicy::trouble(Instant now, Nanos excess, std::int64_t lost, double resent_pct) {
  const bool lossy_line = lossy(now, resent_pct);
  if (now - settled_from_ < limits_.settle) return Trouble::none;
  if (lost > 0) return Trouble::dropped;
  if (excess > limits_.raise && !falls(now, excess)) return Trouble::slow;
  return lossy_line ? Trouble::lossy : Trouble::none;
}

std::size_t StepPolicy::fitting(double kbps) const {
  std::size_t rung = current_ + 1;
  while (rung + 1 < ladder_.rungs.size() && ladder_.rungs[rung].kbps > kbps * limits_.headroom) ++rung;
  return rung;
}

void StepPolicy::down(Trouble trouble, const CongestionReading& reading, Nanos excess, double kbps) {
  calm_since_.reset();
  if (current_ + 1 >= ladder_.rungs.size()) {
    wanted_ = current_;
    return;
  }
  if (tried_at_) try_failed();
  // Until its key frame comes the latest figure counts: what is taken while a line gets full says little.
  wanted_ = fitting(kbps);
  trouble_ = trouble;
  peak_ = std::max(excess, peak_);
  if (trouble == Trouble::dropped) {
    why_ = "packets were dropped";
  } else if (trouble == Trouble::slow) {
    why_ = fmt::format("{} ms waiting", std::chrono::duration_cast<Millis>(excess).count());
  } else {
    why_ = fmt::format("{:.0f} % of what is sent got lost before", reading.resent_pct);
    resent_before_ = reading.resent_pct;
  }
  why_ += fmt::format(", the network carries {:.0f} kb/s", kbps);
}

void StepPolicy::try_failed() {
  tried_at_.reset();
  backoff_ = std::min(2 * wait_for(current_), std::max(limits_.most_up_after, ladder_.up_after));
  failed_ = std::max(current_, failed_.value_or(current_));
}

void StepPolicy::judge_try(Instant now) {
  if (!tried_at_ || now - *tried_at_ < std::max(limits_.least_holding, wait_for(current_))) return;
  tried_at_.reset();
  if (!failed_ || current_ > *failed_) return;
  // It holds. One above it may still not: that is found out anew.
  failed_.reset();
  backoff_ = ladder_.up_after;
}

void StepPolicy::stay_or_up(Instant now, bool calm, Nanos excess) {
  if (wanted_ > current_) {
    // It is not done before a key frame; until then it may turn out to be needless.
    if (trouble_ == Trouble::slow && (calm || excess < peak_ / 2)) wanted_ = current_;
    return;
  }
  if (!calm) {
    calm_since_.reset();
    wanted_ = current_;
    return;
  }
  if (!calm_since_) calm_since_ = now;
  if (current_ == 0 || wanted_ < current_ || now - *calm_since_ < wait()) return;
  wanted_ = current_ - 1;
  why_ = fmt::format("the network has been calm for {:.0f} s", seconds(now - *calm_since_));
}

void StepPolicy::update(Instant now, const CongestionReading& reading, double kbps) {
  const Nanos excess = std::max({Nanos{0}, reading.waiting, reading.below - reading.rtt});
  const std::int64_t lost = reading.dropped - std::exchange(dropped_, reading.dropped);
  judge_loss(now, reading.resent_pct);
  judge_try(now);
  const Trouble found = trouble(now, excess, lost, reading.resent_pct);
  while (samples_.size() > 1 && now - samples_[1].at >= limits_.trend) samples_.pop_front();
  samples_.push_back({now, excess});
  if (wanted_ <= current_) peak_ = Nanos{0};
  if (found != Trouble::none) return down(found, reading, excess, kbps);
  const bool clean = lines_loss_ || reading.resent_pct < limits_.resent_clear_pct;
  stay_or_up(now, excess <= limits_.clear && lost == 0 && clean, excess);
}

}  // namespace mainstay
