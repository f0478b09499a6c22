#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "engine/deliver/ts_pacer.h"

namespace mainstay {
namespace {

constexpr std::int64_t kRate = 800'000;  // bytes a second: 6.4 Mb/s
constexpr std::size_t kDatagram = 1316;

std::vector<std::uint8_t> ts(std::size_t packets) {
  std::vector<std::uint8_t> bytes(packets * 188);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

struct Sent {
  Instant at;
  std::size_t bytes;
};

class TsPacerTest : public ::testing::Test {
 protected:
  // Looks every 5 ms until `until`, as a leg does, and takes all that is due.
  void run(Nanos time) {
    for (const Instant end = now + time; now < end; now += Millis{5}) take();
  }
  void take() {
    for (auto datagram = pacer.due(now); !datagram.empty(); datagram = pacer.due(now)) {
      sent.push_back({now, datagram.size()});
      bytes.insert(bytes.end(), datagram.begin(), datagram.end());
      pacer.pop();
    }
  }
  // The most that left within any `window`, in bytes.
  std::size_t peak(Nanos window) const {
    std::size_t most = 0;
    for (auto first = sent.begin(); first != sent.end(); ++first) {
      std::size_t sum = 0;
      for (auto it = first; it != sent.end() && it->at - first->at < window; ++it) sum += it->bytes;
      most = std::max(most, sum);
    }
    return most;
  }

  Instant now{};
  TsPacer pacer{{.bytes_per_s = kRate}, now};
  std::vector<Sent> sent;
  std::vector<std::uint8_t> bytes;
};

TEST_F(TsPacerTest, AnIdrLeavesEvenlyAndComplete) {
  const auto idr = ts(700);  // 131 kB: five times the mean picture
  pacer.push(idr, now);
  run(Millis{400});
  EXPECT_EQ(bytes, idr);
  EXPECT_EQ(pacer.backlog(), 0U);
  EXPECT_LT(peak(Millis{20}), kRate * 2 / 100 * 2) << "20 ms never hold twice their share";
  EXPECT_LT(sent.back().at - sent.front().at, Millis{250}) << "within the lead of the receiver's clock";
  EXPECT_GT(sent.back().at - sent.front().at, Millis{100});
}

TEST_F(TsPacerTest, AWholeDatagramIsWaitedForButNotForLong) {
  pacer.push(ts(3), now);
  take();
  EXPECT_TRUE(sent.empty());
  run(Millis{30});
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].bytes, 3U * 188);
  pacer.push(ts(9), now);
  take();
  EXPECT_EQ(sent[1].bytes, kDatagram);
}

TEST_F(TsPacerTest, IdleTimeIsNotSavedUpForABurst) {
  run(Seconds{5});
  pacer.push(ts(700), now);
  take();
  EXPECT_LE(bytes.size(), 2 * kDatagram);
}

TEST_F(TsPacerTest, AGopAtTheStartIsCaughtUpOnFasterThanRealTime) {
  std::int64_t waiting = 2 * kRate;  // two seconds of media
  const Instant start = now;
  while (waiting > 0 && now - start < Seconds{5}) {
    while (pacer.accepts() && waiting > 0) {
      pacer.push(ts(50), now);
      waiting -= 50 * 188;
    }
    take();
    now += Millis{5};
  }
  EXPECT_LT(now - start, Millis{1200});
  EXPECT_LE(peak(Millis{100}), static_cast<std::size_t>(kRate * 3 / 10 * 12 / 10));
}

TEST_F(TsPacerTest, ANetworkThatDoesNotKeepUpIsNotPressed) {
  pacer.allow_catch_up(false);
  pacer.push(ts(2600), now);
  EXPECT_EQ(pacer.rate(), pacer.steady_rate());
  run(Millis{500});
  EXPECT_NEAR(static_cast<double>(bytes.size()), static_cast<double>(kRate) * 1.2 * 0.5, 5000);
}

TEST_F(TsPacerTest, ALimitHoldsForWhatIsToBeCaughtUpToo) {
  pacer.push(ts(2600), now);
  pacer.limit(kRate / 2);
  EXPECT_TRUE(pacer.limited());
  EXPECT_NEAR(seconds(pacer.limited_time()), 0.611 - 0.2, 0.001) << "200 ms wait on any good day";
  run(Millis{500});
  EXPECT_NEAR(static_cast<double>(bytes.size()), static_cast<double>(kRate) / 2 * 0.5, 5000);
  pacer.limit(kRate * 10);
  EXPECT_FALSE(pacer.limited()) << "nothing would leave faster without it";
  EXPECT_EQ(pacer.limited_time(), Nanos{0});
  pacer.limit(std::nullopt);
  EXPECT_GT(pacer.rate(), pacer.steady_rate());
}

TEST_F(TsPacerTest, RoomEndsWhenTooMuchWaits) {
  EXPECT_TRUE(pacer.accepts());
  pacer.push(ts(2600), now);
  EXPECT_FALSE(pacer.accepts());
  EXPECT_NEAR(seconds(pacer.backlog_time()), 0.611, 0.001);
  run(Seconds{1});
  EXPECT_TRUE(pacer.accepts());
}

TEST_F(TsPacerTest, ADrainMeetsItsTime) {
  pacer.push(ts(1504), now);
  pacer.drain_within(Millis{100});
  const Instant start = now;
  while (pacer.backlog() > 0 && now - start < Seconds{5}) {
    pacer.drain_within(Millis{100} - (now - start));
    take();
    now += Millis{5};
  }
  EXPECT_LE(now - start, Millis{120});
}

TEST_F(TsPacerTest, OfflineNothingWaits) {
  TsPacer unlimited({.bytes_per_s = kRate, .unlimited = true}, now);
  unlimited.push(ts(1000), now);
  std::size_t total = 0;
  for (auto datagram = unlimited.due(now); !datagram.empty(); datagram = unlimited.due(now)) {
    total += datagram.size();
    unlimited.pop();
  }
  EXPECT_EQ(total, 188'000U);
}

TEST_F(TsPacerTest, WhateverComesLeavesInOrderAndInTime) {
  std::mt19937 random(7);
  std::vector<std::uint8_t> all;
  for (int frame = 0; frame < 900; ++frame) {
    // Pictures of very different sizes with about the right mean: every 60th is large.
    const std::size_t size = frame % 60 == 0 ? 650 : 50 + random() % 160;
    auto picture = ts(size);
    picture[0] = static_cast<std::uint8_t>(frame);
    all.insert(all.end(), picture.begin(), picture.end());
    pacer.push(picture, now);
    run(Millis{33});
    EXPECT_LT(pacer.backlog_time(), Millis{300}) << "at frame " << frame;
  }
  run(Seconds{1});
  EXPECT_EQ(bytes, all);
}

}  // namespace
}  // namespace mainstay
