#include "engine/remote/obs/usage_meter.h"

#include <algorithm>
#include <thread>

#include "engine/monitor/process_usage.h"

namespace mainstay::obs {

namespace {

constexpr Nanos kShortest = Millis(500);

}  // namespace

UsageMeter::Usage UsageMeter::look(Instant now, const Snapshot& snapshot) {
  if (looked_ && now - at_ < kShortest) return last_;
  const ProcessUsage usage = process_usage();
  const double passed = seconds(now - at_);
  const std::int64_t made = snapshot.program.rendered - rendered_;
  if (looked_) {
    const double cores = std::max(1u, std::thread::hardware_concurrency());
    last_.cpu_percent = std::max(0.0, (usage.cpu_s - cpu_s_) / passed / cores * 100);
  }
  const bool on_air = snapshot.phase == Phase::on_air;
  // The first look at a show has nothing to compare with: what is configured is the best guess.
  const bool comparable = looked_ && made > 0 && rendered_ > 0;
  const Rate rate = snapshot.program.rate;
  const double nominal = rate.den > 0 ? static_cast<double>(rate.num) / static_cast<double>(rate.den) : 0;
  last_.fps = !on_air ? 0 : comparable ? static_cast<double>(made) / passed : nominal;
  last_.memory_mb = usage.rss_mb;
  at_ = now;
  cpu_s_ = usage.cpu_s;
  rendered_ = snapshot.program.rendered;
  looked_ = true;
  return last_;
}

}  // namespace mainstay::obs
