#include "engine/monitor/process_usage.h"

#include <gtest/gtest.h>

#include <vector>

namespace mainstay {
namespace {

TEST(ProcessUsageTest, GrowsWithWhatTheProcessUses) {
  const ProcessUsage before = process_usage();
  EXPECT_GT(before.peak_rss_mb, 1);
  const std::vector<char> memory(200'000'000, 'x');
  double sum = 0;
  for (std::size_t i = 0; i < memory.size(); ++i) sum += memory[i] * 1e-9;
  const ProcessUsage after = process_usage();
  EXPECT_GT(sum, 0);
  EXPECT_GT(after.peak_rss_mb, 200);
  EXPECT_GT(after.rss_mb, 200);
  EXPECT_GT(after.cpu_s, before.cpu_s);
}

}  // namespace
}  // namespace mainstay
