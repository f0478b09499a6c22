#include "engine/encode/bitrate_meter.h"

#include <gtest/gtest.h>

#include <random>

namespace mainstay {
namespace {

StreamInfoPtr stream_at(TimeBase base) {
  StreamInfo info;
  info.time_base = base;
  return std::make_shared<const StreamInfo>(info);
}

PacketPtr packet_of(const StreamInfoPtr& stream, std::int64_t dts, std::size_t bytes, std::int64_t duration = 1) {
  return make_packet(stream, dts, dts, duration, false, std::vector<std::uint8_t>(bytes, 7));
}

TEST(BitrateMeter, measures_a_steady_stream_exactly) {
  const auto stream = stream_at({1, 25});
  BitrateMeter meter;
  for (int n = 0; n < 250; ++n) meter.add(*packet_of(stream, 1000 + n, 500));
  EXPECT_DOUBLE_EQ(meter.kbps_mean(), 100);
  EXPECT_DOUBLE_EQ(meter.kbps_peak_1s(), 100);
}

TEST(BitrateMeter, finds_the_same_peak_as_a_count_over_every_window) {
  std::mt19937 random(7);
  const TimeBase base{1001, 30000};
  const auto stream = stream_at(base);
  BitrateMeter meter;
  std::vector<std::pair<std::int64_t, std::int64_t>> all;
  std::int64_t dts = -5;
  for (int i = 0; i < 400; ++i) {
    dts += 1 + static_cast<std::int64_t>(random() % 4);
    const std::size_t bytes = random() % 3000;
    meter.add(*packet_of(stream, dts, bytes));
    all.emplace_back(dts, static_cast<std::int64_t>(bytes) * 8);
  }
  std::int64_t peak = 0;
  for (const auto& [start, unused] : all) {
    std::int64_t bits = 0;
    for (const auto& [at, size] : all) {
      if (at >= start && (at - start) * base.num < base.den) bits += size;
    }
    peak = std::max(peak, bits);
  }
  EXPECT_DOUBLE_EQ(meter.kbps_peak_1s(), static_cast<double>(peak) / 1000);
}

TEST(BitrateMeter, says_nothing_before_the_first_packet) {
  const BitrateMeter meter;
  EXPECT_EQ(meter.kbps_mean(), 0);
  EXPECT_EQ(meter.kbps_peak_1s(), 0);
}

TEST(PacketDigest, is_equal_for_equal_packets_and_tells_each_difference) {
  const auto stream = stream_at({1, 30});
  auto digest = [&](std::int64_t pts, std::int64_t dts, bool key, std::vector<std::uint8_t> bytes) {
    PacketDigest d;
    d.add(*make_packet(stream, pts, dts, 1, key, std::move(bytes)));
    return d.value();
  };
  const std::vector<std::uint8_t> bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const std::uint64_t reference = digest(5, 4, true, bytes);
  EXPECT_EQ(digest(5, 4, true, bytes), reference);
  EXPECT_NE(digest(6, 4, true, bytes), reference);
  EXPECT_NE(digest(5, 3, true, bytes), reference);
  EXPECT_NE(digest(5, 4, false, bytes), reference);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto changed = bytes;
    changed[i] ^= 1;
    EXPECT_NE(digest(5, 4, true, changed), reference) << i;
  }
  auto longer = bytes;
  longer.push_back(0);
  EXPECT_NE(digest(5, 4, true, longer), reference);
}

}  // namespace
}  // namespace mainstay
