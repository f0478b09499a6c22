#include "engine/monitor/process_usage.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>

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

std::int64_t resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  long long size = 0;
  long long resident = 0;
  const int read = std::fscanf(file, "%lld %lld", &size, &resident);
  std::fclose(file);
  return read == 2 ? resident * sysconf(_SC_PAGESIZE) : 0;
}

}  // namespace mainstay
