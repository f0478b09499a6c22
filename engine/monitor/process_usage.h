// What this process has used of the machine since it started.
// Plain values; asked of the kernel at each call.
// Thread-safety: any thread.
#pragma once

namespace mainstay {

struct ProcessUsage {
  double cpu_s = 0;        ///< user + system, all threads
  double peak_rss_mb = 0;  ///< largest resident set, in MB of 10^6 bytes
  double rss_mb = 0;       ///< resident set now; the peak where the system does not tell
};

ProcessUsage process_usage();

}  // namespace mainstay
