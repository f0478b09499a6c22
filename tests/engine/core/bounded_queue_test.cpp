#include "engine/core/bounded_queue.h"

#include <gtest/gtest.h>

#include "engine/core/named_thread.h"

namespace mainstay {

struct Item {
  int id = 0;
  bool key = false;
  std::int64_t size = 1;
  Nanos at{0};
};

template <>
struct QueueTraits<Item> {
  static std::int64_t bytes(const Item& i) { return i.size; }
  static Nanos time(const Item& i) { return i.at; }
  static bool keyframe(const Item& i) { return i.key; }
};

namespace {

class BoundedQueueTest : public ::testing::Test {
 protected:
  ManualClock clock_;

  static std::vector<int> drain(BoundedQueue<Item>& queue) {
    std::vector<int> ids;
    while (auto item = queue.try_pop()) ids.push_back(item->id);
    return ids;
  }
};

TEST_F(BoundedQueueTest, GivesItemsInOrderAndSaysAgainWhenEmpty) {
  BoundedQueue<Item> queue(clock_, {.items = 4}, Overflow::block);
  EXPECT_TRUE(queue.push({1}));
  EXPECT_TRUE(queue.push({2}));
  EXPECT_EQ(queue.try_pop()->id, 1);
  EXPECT_EQ(queue.try_pop()->id, 2);
  EXPECT_EQ(queue.try_pop().error().code, Errc::again);
}

TEST_F(BoundedQueueTest, AfterCloseWhatIsLeftComesThenEnd) {
  BoundedQueue<Item> queue(clock_, {.items = 4}, Overflow::block);
  ASSERT_TRUE(queue.push({1}));
  queue.close();
  EXPECT_FALSE(queue.push({2}));
  EXPECT_EQ(queue.try_pop()->id, 1);
  EXPECT_EQ(queue.try_pop().error().code, Errc::end);
}

TEST_F(BoundedQueueTest, ABlockedProducerGoesOnWhenThereIsRoomAndLosesNothing) {
  BoundedQueue<Item> queue(clock_, {.items = 2}, Overflow::block);
  NamedThread producer("producer", [&](std::stop_token stop) {
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(queue.push({i}, stop));
    queue.close();
  });
  int expected = 0;
  for (auto item = queue.pop(); item; item = queue.pop()) EXPECT_EQ(item->id, expected++);
  EXPECT_EQ(expected, 1000);
  EXPECT_EQ(queue.level().dropped, 0);
}

TEST_F(BoundedQueueTest, ABlockedProducerWakesOnStop) {
  BoundedQueue<Item> queue(clock_, {.items = 1}, Overflow::block);
  ASSERT_TRUE(queue.push({1}));
  NamedThread producer("producer", [&](std::stop_token stop) { EXPECT_FALSE(queue.push({2}, stop)); });
  producer.stop();
  EXPECT_EQ(queue.level().items, 1u);
}

TEST_F(BoundedQueueTest, AWaitingConsumerWakesOnStopAndAtItsDeadline) {
  BoundedQueue<Item> queue(clock_, {.items = 1}, Overflow::block);
  NamedThread consumer("consumer", [&](std::stop_token stop) {
    EXPECT_EQ(queue.pop(stop, clock_.now() + Millis(5)).error().code, Errc::again);
    EXPECT_EQ(queue.pop(stop).error().code, Errc::cancelled);
  });
  while (clock_.waiters() == 0) std::this_thread::yield();
  clock_.advance(Millis(6));
  while (clock_.next_deadline() != kNever || clock_.waiters() == 0) std::this_thread::yield();
  consumer.stop();
}

TEST_F(BoundedQueueTest, DropOldestKeepsTheNewestWithinTheLimit) {
  BoundedQueue<Item> queue(clock_, {.bytes = 3}, Overflow::drop_oldest);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(queue.push({i}));
  EXPECT_EQ(queue.level().dropped, 7);
  EXPECT_EQ(drain(queue), (std::vector<int>{7, 8, 9}));
}

TEST_F(BoundedQueueTest, DropToKeyframeRestartsAtAQueuedKeyframe) {
  BoundedQueue<Item> queue(clock_, {.items = 4}, Overflow::drop_to_keyframe);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(queue.push({i, i == 0 || i == 2}));
  EXPECT_TRUE(queue.push({4}));
  EXPECT_EQ(queue.level().dropped, 2);
  EXPECT_EQ(drain(queue), (std::vector<int>{2, 3, 4}));
}

TEST_F(BoundedQueueTest, DropToKeyframeWaitsForTheNextKeyframeWhenNoneIsQueued) {
  BoundedQueue<Item> queue(clock_, {.span = Millis(100)}, Overflow::drop_to_keyframe);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(queue.push({i, i == 0, 1, Millis(i * 50)}));
  EXPECT_FALSE(queue.push({3, false, 1, Millis(150)}));
  EXPECT_FALSE(queue.push({4, false, 1, Millis(200)}));
  EXPECT_TRUE(queue.push({5, true, 1, Millis(250)}));
  EXPECT_TRUE(queue.push({6, false, 1, Millis(300)}));
  EXPECT_EQ(queue.level().dropped, 5);
  EXPECT_EQ(drain(queue), (std::vector<int>{5, 6}));
}

TEST_F(BoundedQueueTest, OtherLimitsHoldFromTheNextPushOn) {
  BoundedQueue<Item> queue(clock_, {.items = 2}, Overflow::drop_oldest);
  queue.set_limits({.items = 4});
  for (int i = 0; i < 5; ++i) queue.push({i});
  EXPECT_EQ(queue.level().dropped, 1);
  queue.set_limits({.items = 2});
  EXPECT_EQ(queue.level().items, 4u) << "nothing goes before something comes";
  queue.push({5});
  EXPECT_EQ(drain(queue), (std::vector<int>{4, 5}));
}

TEST_F(BoundedQueueTest, ABlockedProducerGoesOnWhenTheLimitsAreWider) {
  BoundedQueue<Item> queue(clock_, {.items = 1}, Overflow::block);
  ASSERT_TRUE(queue.push({1}));
  NamedThread producer("producer", [&](std::stop_token stop) { EXPECT_TRUE(queue.push({2}, stop)); });
  while (clock_.waiters() == 0) std::this_thread::yield();
  queue.set_limits({.items = 2});
  while (queue.level().items < 2) std::this_thread::yield();
  producer.stop();
}

TEST_F(BoundedQueueTest, AnItemLargerThanTheLimitPassesWhenAlone) {
  BoundedQueue<Item> queue(clock_, {.bytes = 3}, Overflow::drop_oldest);
  EXPECT_TRUE(queue.push({1, true, 100}));
  EXPECT_EQ(queue.level().bytes, 100);
  EXPECT_EQ(queue.try_pop()->id, 1);
  EXPECT_EQ(queue.level().bytes, 0);
}

}  // namespace
}  // namespace mainstay
