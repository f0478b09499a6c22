// Sums of what viewers' players report, by region and device, and what of it goes out.
// Owned by whoever holds the copy; values.
// Thread-safety: as any value.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace mainstay::remote {

/// Seconds, counted in classes that suit startup and latency alike.
class SecondsHistogram {
 public:
  static constexpr std::array<double, 14> kBounds{0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 4, 6, 8, 12, 20, 60};

  void add(double value);
  void add(const SecondsHistogram& other);

  std::int64_t count() const { return count_; }
  double sum() const { return sum_; }
  /// How many are not above kBounds[index].
  std::int64_t up_to(std::size_t index) const;
  double mean() const { return count_ > 0 ? sum_ / static_cast<double>(count_) : 0; }
  /// As far as the classes tell, in a straight line between their bounds.
  std::optional<double> quantile(double share) const;

 private:
  std::array<std::int64_t, kBounds.size() + 1> classes_{};
  std::int64_t count_ = 0;
  double sum_ = 0;
};

/// Of one region and device, since the program runs.
struct AudienceGroup {
  std::string region;
  std::string device;
  int viewers = 0;  ///< now
  std::int64_t sessions = 0;
  std::int64_t failed = 0;  ///< sessions that gave up
  SecondsHistogram startup;
  SecondsHistogram latency;  ///< of every report
  std::int64_t rebuffers = 0;
  double rebuffer_s = 0;
  double watch_s = 0;
  std::int64_t switches = 0;
  std::int64_t errors = 0;
  std::map<std::string, std::int64_t> browsers;  ///< sessions by browser

  void add(const AudienceGroup& other);
};

/// A session that is over, as it is kept: nothing that says who it was.
struct SessionRecord {
  UtcInstant began{};
  UtcInstant ended{};
  std::string region;
  std::string device;
  std::string browser;
  std::string mode;
  std::optional<double> startup_s;
  std::optional<double> latency_s;
  double watch_s = 0;
  std::int64_t rebuffers = 0;
  double rebuffer_s = 0;
  std::int64_t switches = 0;
  std::int64_t errors = 0;
  bool failed = false;
};

/// Of the last minutes: what alerts look at.
struct RecentFigures {
  double window_s = 0;
  std::int64_t sessions = 0;            ///< that were there in that time
  std::optional<double> startup_p95_s;  ///< absent: nobody began
  double rebuffer_ratio = 0;
  double error_ratio = 0;  ///< sessions that gave up
};

struct AudienceFigures {
  int viewers = 0;
  std::vector<AudienceGroup> groups;  ///< by region, then device
  RecentFigures recent;
  /// Of the present viewers and the last ones that left.
  std::optional<double> latency_s;  ///< median of the present ones
  std::optional<double> startup_s;  ///< median
  double rebuffer_ratio = 0;
  double error_ratio = 0;

  AudienceGroup all() const;
};

}  // namespace mainstay::remote
