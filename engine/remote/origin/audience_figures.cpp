#include "engine/remote/origin/audience_figures.h"

#include <algorithm>

namespace mainstay::remote {

void SecondsHistogram::add(double value) {
  const auto found = std::lower_bound(kBounds.begin(), kBounds.end(), value);
  ++classes_[static_cast<std::size_t>(found - kBounds.begin())];
  ++count_;
  sum_ += value;
}

void SecondsHistogram::add(const SecondsHistogram& other) {
  for (std::size_t i = 0; i < classes_.size(); ++i) classes_[i] += other.classes_[i];
  count_ += other.count_;
  sum_ += other.sum_;
}

std::int64_t SecondsHistogram::up_to(std::size_t index) const {
  std::int64_t count = 0;
  for (std::size_t i = 0; i <= index; ++i) count += classes_[i];
  return count;
}

std::optional<double> SecondsHistogram::quantile(double share) const {
  if (count_ == 0) return std::nullopt;
  const double wanted = share * static_cast<double>(count_);
  double below = 0;
  for (std::size_t i = 0; i < kBounds.size(); ++i) {
    const auto here = static_cast<double>(classes_[i]);
    if (here > 0 && below + here >= wanted) {
      const double low = i == 0 ? 0 : kBounds[i - 1];
      return low + (kBounds[i] - low) * std::max(0.0, wanted - below) / here;
    }
    below += here;
  }
  return kBounds.back();
}

void AudienceGroup::add(const AudienceGroup& other) {
  viewers += other.viewers;
  sessions += other.sessions;
  failed += other.failed;
  startup.add(other.startup);
  latency.add(other.latency);
  rebuffers += other.rebuffers;
  rebuffer_s += other.rebuffer_s;
  watch_s += other.watch_s;
  switches += other.switches;
  errors += other.errors;
  for (const auto& [browser, count] : other.browsers) browsers[browser] += count;
}

AudienceGroup AudienceFigures::all() const {
  AudienceGroup sum;
  for (const AudienceGroup& group : groups) sum.add(group);
  return sum;
}

}  // namespace mainstay::remote
