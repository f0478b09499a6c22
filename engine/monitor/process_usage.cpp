#include "engine/monitor/process_usage.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace mainstay {

namespace {

double to_seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

}  // namespace

ProcessUsage process_usage() {
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0) return {};
#if defined(__APPLE__)
  const double bytes = static_cast<double>(usage.ru_maxrss);
#else
  const double bytes = static_cast<double>(usage.ru_maxrss) * 1024;
#endif
  const double peak_mb = bytes / 1e6;
  const double now_mb = static_cast<double>(resident_bytes()) / 1e6;
  return {to_seconds(usage.ru_utime) + to_seconds(usage.ru_stime), peak_mb, now_mb > 0 ? now_mb : peak_mb};
}

// /proc/self/statm: sizes in pages, the resident set second.
std::int64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::int64_t total = 0;
  std::int64_t resident = 0;
  if (!(statm >> total >> resident)) return 0;
  return resident * sysconf(_SC_PAGESIZE);
}

}  // namespace mainstay
