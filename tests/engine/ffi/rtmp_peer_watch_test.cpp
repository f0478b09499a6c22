#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "engine/ffi/rtmp/peer_watch.h"

namespace mainstay::ffi {
namespace {

using ::testing::HasSubstr;

// A server on a simulated line: 25 kB/s are written (200 kb/s) in steps of 50 ms; what happens to them is up to a test.
class Line {
 public:
  static constexpr std::int64_t kStep = 1250;
  static constexpr std::int64_t kWindow = 5000;

  Instant now{};
  PeerWatch watch{now, kWindow};
  bool acknowledges = true;
  bool answers_pings = true;
  bool alive = true;
  std::int64_t taken_a_step = kStep;  // by the server's kernel

  // Runs until the watch reports a loss or `span` is over; how long it took.
  std::pair<Status, Nanos> run(Nanos span) {
    const Instant start = now;
    while (now - start < span) {
      now += Millis(50);
      written_ += kStep;
      taken_ = std::min(written_, taken_ + taken_a_step);
      watch.sent(written_, written_, now - Instant{});
      answer();
      if (watch.ping_due(now)) {
        watch.pinged(now, written_);
        ping_ = written_;
      }
      Status alive_still = watch.check(now, written_, written_ - taken_);
      if (!alive_still) return {std::move(alive_still), now - start};
    }
    return {Status{}, now - start};
  }

 private:
  void answer() {
    if (!alive) return;
    if (acknowledges && taken_ - acknowledged_ >= kWindow) {
      acknowledged_ = taken_;
      watch.acknowledged(now, static_cast<std::uint32_t>(taken_));
    }
    if (answers_pings && ping_ >= 0 && taken_ >= ping_) {
      ping_ = -1;
      watch.ping_answered(now);
    }
  }

  std::int64_t written_ = 0;
  std::int64_t taken_ = 0;
  std::int64_t acknowledged_ = 0;
  std::int64_t ping_ = -1;
};

TEST(PeerWatch, LeavesAHealthyServerAlone) {
  Line line;
  EXPECT_TRUE(line.run(Seconds(60)).first);
  EXPECT_TRUE(line.watch.acknowledges());
}

TEST(PeerWatch, NoticesAFrozenServerWhoseKernelStillTakesEverything) {
  Line line;
  ASSERT_TRUE(line.run(Seconds(5)).first);
  line.alive = false;
  const auto [lost, after] = line.run(Seconds(10));
  ASSERT_FALSE(lost);
  EXPECT_LE(after, Millis(1800));
  EXPECT_GE(after, Millis(1000));
  EXPECT_THAT(lost.error().message, HasSubstr("still takes data"));
}

TEST(PeerWatch, NoticesByPingsAFrozenServerThatNeverAcknowledged) {
  Line line;
  line.acknowledges = false;
  ASSERT_TRUE(line.run(Seconds(5)).first);
  EXPECT_TRUE(line.watch.answers_pings());
  line.alive = false;
  const auto [lost, after] = line.run(Seconds(10));
  ASSERT_FALSE(lost);
  EXPECT_LE(after, Seconds(2));
}

TEST(PeerWatch, NeverBlamesAServerForSilenceThatNeverSpoke) {
  Line line;
  line.acknowledges = line.answers_pings = false;
  EXPECT_TRUE(line.run(Seconds(60)).first);
}

TEST(PeerWatch, PingsAServerThatNeverAnswersOnlyAFewTimes) {
  Line line;
  line.answers_pings = line.acknowledges = false;
  int pings = 0;
  for (int i = 0; i < 200; ++i) {
    line.now += Millis(50);
    if (!line.watch.ping_due(line.now)) continue;
    line.watch.pinged(line.now, i);
    ++pings;
  }
  EXPECT_LE(pings, 6);
}

TEST(PeerWatch, IsPatientWithANarrowLine) {
  Line line;
  ASSERT_TRUE(line.run(Seconds(3)).first);
  // 5 kb/s of 200: an acknowledgement every eight seconds, and everything written waits far longer for its turn.
  line.taken_a_step = Line::kStep / 40;
  EXPECT_TRUE(line.run(Seconds(60)).first);
}

TEST(PeerWatch, NoticesAFrozenServerWhoseKernelSoonTakesNothing) {
  Line line;
  ASSERT_TRUE(line.run(Seconds(3)).first);
  line.alive = false;
  line.taken_a_step = 0;
  const auto [lost, after] = line.run(Seconds(10));
  ASSERT_FALSE(lost);
  EXPECT_LE(after, Millis(1700));
}

// A proxy with a buffer before a server on a slow line: answers come, three seconds after its kernel took the question.
TEST(PeerWatch, LearnsHowLateAnswersComeThroughAProxy) {
  Instant now{};
  PeerWatch watch(now, 5000);
  std::deque<std::pair<Instant, std::int64_t>> acks;
  std::deque<Instant> pongs;
  std::int64_t written = 0;
  std::int64_t asked = 0;
  for (int i = 1; i <= 1200; ++i) {
    now += Millis(50);
    written += 100;
    watch.sent(written, written, Nanos{0});
    if (written - asked >= 5000) acks.emplace_back(now + Seconds(3), asked = written);
    if (watch.ping_due(now)) {
      watch.pinged(now, written);
      pongs.push_back(now + Seconds(3));
    }
    for (; !acks.empty() && acks.front().first <= now; acks.pop_front()) {
      watch.acknowledged(now, static_cast<std::uint32_t>(acks.front().second));
    }
    for (; !pongs.empty() && pongs.front() <= now; pongs.pop_front()) watch.ping_answered(now);
    const Status alive = watch.check(now, written, 0);
    ASSERT_TRUE(alive) << "after " << i * 50 << " ms: " << alive.error().describe();
  }
}

TEST(PeerWatch, NoticesAKernelThatTakesNothing) {
  Line line;
  line.acknowledges = line.answers_pings = false;
  ASSERT_TRUE(line.run(Seconds(3)).first);
  line.taken_a_step = 0;
  const auto [lost, after] = line.run(Seconds(10));
  ASSERT_FALSE(lost);
  EXPECT_LE(after, Seconds(2));
  EXPECT_THAT(lost.error().message, HasSubstr("taken no data"));
}

TEST(PeerWatch, TakesAPauseInOurOwnSendingForNoFault) {
  Line line;
  line.answers_pings = false;
  ASSERT_TRUE(line.run(Seconds(3)).first);
  for (int i = 0; i < 200; ++i) {
    line.now += Millis(50);
    ASSERT_TRUE(line.watch.check(line.now, 75000, 0));
  }
}

TEST(PeerWatch, LearnsTheWindowAServerKeepsTo) {
  Instant now{};
  PeerWatch watch(now, 5000);
  std::int64_t written = 0;
  // It acknowledges every 100 kB, whatever it was asked for: 4 s at this rate.
  for (int i = 1; i <= 1200; ++i) {
    now += Millis(50);
    written += 1250;
    watch.sent(written, written, Nanos{0});
    if (i % 80 == 0) watch.acknowledged(now, static_cast<std::uint32_t>(written));
    ASSERT_TRUE(watch.check(now, written, 0)) << "after " << i * 50 << " ms";
  }
}

TEST(PeerWatch, MeasuresTheMediaTimeThatWaits) {
  PeerWatch watch(Instant{}, 5000);
  for (int i = 1; i <= 10; ++i) watch.sent(i * 1000, i * 1000, Millis(100 * i));
  ASSERT_TRUE(watch.check(Instant{} + Millis(50), 10000, 6000));
  EXPECT_EQ(watch.queued(), Millis(600));
  ASSERT_TRUE(watch.check(Instant{} + Millis(100), 10000, 0));
  EXPECT_EQ(watch.queued(), Nanos(0));
}

TEST(PeerWatch, AsksForAboutFiveAcknowledgementsASecond) {
  EXPECT_EQ(PeerWatch::window_for(1000), 25000U);
  EXPECT_EQ(PeerWatch::window_for(500), 12500U);
  EXPECT_EQ(PeerWatch::window_for(0), 2048U);
  EXPECT_EQ(PeerWatch::window_for(1'000'000), 32768U);
}

}  // namespace
}  // namespace mainstay::ffi
