#include "engine/remote/origin/audience_window.h"

#include <algorithm>
#include <vector>

namespace mainstay::remote {

namespace {

constexpr int kSteps = 60;
constexpr double kSlowest = 0.05;  // the share that may be slower than what is told

}  // namespace

void AudienceWindow::use(Nanos length) {
  length_ = length;
  step_ = std::max<Nanos>(length / kSteps, Millis(100));
}

void AudienceWindow::drop_old(Instant now) {
  while (!steps_.empty() && now - steps_.front().begin > length_) steps_.pop_front();
  while (!startups_.empty() && now - startups_.front().first > length_) startups_.pop_front();
}

AudienceWindow::Step& AudienceWindow::step(Instant now) {
  drop_old(now);
  if (steps_.empty() || now - steps_.back().begin >= step_) steps_.push_back({.begin = now});
  return steps_.back();
}

void AudienceWindow::started(Instant now, double startup_s) {
  drop_old(now);
  startups_.emplace_back(now, startup_s);
  if (startups_.size() > kMostStartups) startups_.pop_front();
}

void AudienceWindow::played(Instant now, double watched_s, double waited_s) {
  Step& one = step(now);
  one.watched_s += watched_s;
  one.waited_s += waited_s;
}

RecentFigures AudienceWindow::figures(Instant now, int present) {
  drop_old(now);
  RecentFigures out;
  out.window_s = seconds(length_);
  Step sum;
  for (const Step& one : steps_) {
    sum.watched_s += one.watched_s;
    sum.waited_s += one.waited_s;
    sum.failed += one.failed;
    sum.ended += one.ended;
  }
  out.sessions = present + sum.ended;
  const double played = sum.watched_s + sum.waited_s;
  if (played > 0) out.rebuffer_ratio = sum.waited_s / played;
  if (out.sessions > 0)
    out.error_ratio = std::min(1.0, static_cast<double>(sum.failed) / static_cast<double>(out.sessions));
  if (startups_.empty()) return out;
  std::vector<double> values;
  values.reserve(startups_.size());
  for (const auto& [when, value] : startups_) values.push_back(value);
  // Nearest rank: a value that was reported, however few there are.
  const auto slower = static_cast<std::size_t>(kSlowest * static_cast<double>(values.size()));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() - 1 - slower);
  std::nth_element(values.begin(), at, values.end());
  out.startup_p95_s = *at;
  return out;
}

}  // namespace mainstay::remote
