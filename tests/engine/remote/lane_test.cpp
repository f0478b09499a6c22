#include "engine/remote/lane.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <future>

namespace mainstay::remote {
namespace {

class LaneTest : public ::testing::Test {
 protected:
  LaneTest() { lane_->start("lane"); }
  ~LaneTest() override {
    lane_->begin_end();
    lane_->end();
  }

  /// Within one task: what may wait, then `others` tasks that may not, the last of which asks for the order.
  std::vector<int> order_of(int others) {
    std::vector<int> order;
    std::promise<void> done;
    lane_->post([&] {
      lane_->later([&] {
        order.push_back(kLater);
        if (order.size() > static_cast<std::size_t>(others)) done.set_value();
      });
      for (int i = 0; i < others; ++i) {
        asio::post(lane_->io(), [&, i] {
          order.push_back(i);
          if (order.size() > static_cast<std::size_t>(others)) done.set_value();
        });
      }
    });
    done.get_future().wait();
    return order;
  }

  static constexpr int kLater = -1;
  Log log_{{.level = LogLevel::off}};
  std::shared_ptr<Lane> lane_ = std::make_shared<Lane>(log_, Server::Options{});
};

TEST_F(LaneTest, WhatMayWaitComesBehindWhatMayNot) {
  EXPECT_THAT(order_of(3), ::testing::ElementsAre(0, 1, 2, kLater));
}

TEST_F(LaneTest, WhatMayWaitComesInTheEnd) {
  const std::vector<int> order = order_of(200);
  const auto at = std::find(order.begin(), order.end(), kLater) - order.begin();
  EXPECT_GT(at, 20);
  EXPECT_LT(at, 50) << "others without end do not keep it";
}

TEST_F(LaneTest, WhatStillWaitsAtTheEndIsDropped) {
  bool ran = false;
  const auto kept = std::make_shared<int>(0);
  const auto lane = std::make_shared<Lane>(log_, Server::Options{});
  lane->start("lane");
  lane->post([&] {
    lane->later([&ran, kept] { ran = true; });
    lane->io().stop();
  });
  lane->end();
  EXPECT_FALSE(ran);
  EXPECT_EQ(kept.use_count(), 1);
}

}  // namespace
}  // namespace mainstay::remote
