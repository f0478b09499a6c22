#include "engine/monitor/process_usage.h"

#include <sys/resource.h>

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
  return {to_seconds(usage.ru_utime) + to_seconds(usage.ru_stime), bytes / 1e6};
}

}  // namespace mainstay
