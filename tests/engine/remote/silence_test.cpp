#include "engine/remote/silence.h"

#include <gtest/gtest.h>

#include "engine/remote/net.h"

namespace mainstay::remote {
namespace {

class Nobody final : public Connection {
 public:
  explicit Nobody(SilenceQueue& queue) : place(queue, *this) {}
  void shut(std::uint16_t, const std::string&) override {}
  void abort() override {}
  bool is_web_socket() const override { return false; }
  int listener() const override { return 0; }
  SilenceQueue::Place place;
};

TEST(SilenceTest, TheOneLongestSilentIsFirst) {
  SilenceQueue queue;
  Nobody a(queue), b(queue), c(queue);
  EXPECT_EQ(queue.longest(), nullptr);
  a.place.enter(1);
  b.place.enter(2);
  c.place.enter(3);
  EXPECT_EQ(queue.longest()->who, &a);
  a.place.leave();
  EXPECT_EQ(queue.longest()->who, &b);
  b.place.enter(4);  // it spoke in between
  EXPECT_EQ(queue.longest()->who, &c);
  EXPECT_EQ(queue.longest()->number, 3u);
}

TEST(SilenceTest, WhoEndsLeavesTheQueue) {
  SilenceQueue queue;
  Nobody stays(queue);
  {
    Nobody goes(queue);
    goes.place.enter(1);
    stays.place.enter(2);
  }
  EXPECT_EQ(queue.longest()->who, &stays);
}

TEST(SilenceTest, SilenceIsOverdueAfterItsTimeAndNotBefore) {
  SilenceQueue queue;
  Nobody early(queue), late(queue);
  early.place.enter(1);
  queue.beat();
  late.place.enter(2);
  for (std::uint64_t i = 1; i < SilenceQueue::kBeats; ++i) queue.beat();
  EXPECT_EQ(queue.overdue(), nullptr);  // it may have come just before the first beat
  queue.beat();
  EXPECT_EQ(queue.overdue(), &early);
  early.place.leave();
  EXPECT_EQ(queue.overdue(), nullptr);
  queue.beat();
  EXPECT_EQ(queue.overdue(), &late);
}

}  // namespace
}  // namespace mainstay::remote
