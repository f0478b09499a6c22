// What this process has used of the machine since it started.
// Plain values; asked of the kernel at each call.
// Thread-safety: any thread.
#pragma once

#include <cstdint>

namespace mainstay {

struct ProcessUsage {
  double cpu_s = 0;        ///< user + system, all threads
  double peak_rss_mb = 0;  ///< largest resident set, in MB of 10^6 bytes
  double rss_mb = 0;       ///< resident set now; the peak where the system does not tell
};

ProcessUsage process_usage();

/// The resident set now; 0 where the kernel does not say.
std::int64_t resident_bytes();

}  // namespace mainstay
