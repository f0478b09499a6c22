#include "engine/studio/device_query.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace mainstay {
namespace {

/// An answer that is waited for.
struct Answer {
  std::shared_ptr<std::promise<CallResult>> promise = std::make_shared<std::promise<CallResult>>();
  Reply reply() const {
    return [to = promise](CallResult result) { to->set_value(std::move(result)); };
  }
  CallResult get() const { return promise->get_future().get(); }
};

/// A driver that does not answer before it is let go.
struct Stuck {
  std::shared_ptr<std::promise<void>> free = std::make_shared<std::promise<void>>();
  std::shared_ptr<std::promise<void>> begun = std::make_shared<std::promise<void>>();
  DeviceQuery::List list() const {
    return [f = free, b = begun]() -> Result<Json> {
      b->set_value();
      f->get_future().wait();
      return Json::array();
    };
  }
};

void await_deadline(const ManualClock& clock) {
  while (clock.next_deadline() == kNever) std::this_thread::yield();
}

TEST(DeviceQuery, AnswersWithWhatIsListed) {
  ManualClock clock;
  DeviceQuery query(clock);
  const Answer good;
  query.ask(
      "audio",
      [] {
        return Result<Json>(Json::array({1, 2}));
      },
      good.reply());
  EXPECT_EQ(good.get().value, Json::array({1, 2}));
  const Answer bad;
  query.ask(
      "audio", []() -> Result<Json> { return make_error(Errc::io, "no sound system"); }, bad.reply());
  const CallResult failed = bad.get();
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error->message, "no sound system");
}

TEST(DeviceQuery, OneThatHangsIsLeftAndNotAskedAgainUntilItIsBack) {
  ManualClock clock;
  DeviceQuery query(clock);
  const Stuck stuck;
  const Answer first;
  query.ask("camera", stuck.list(), first.reply());
  stuck.begun->get_future().wait();
  await_deadline(clock);
  clock.advance(Seconds(5));
  EXPECT_EQ(first.get().error->code, CallErrc::failed);
  const Answer second;
  query.ask(
      "camera", [] { return Result<Json>(Json::array()); }, second.reply());
  EXPECT_EQ(second.get().error->code, CallErrc::failed) << "it is not begun a second time";
  const Answer other;
  query.ask(
      "audio", [] { return Result<Json>(Json::array()); }, other.reply());
  EXPECT_TRUE(other.get().ok()) << "others are not held up";
  stuck.free->set_value();
  for (;;) {  // until it is back
    const Answer again;
    query.ask(
        "camera", [] { return Result<Json>(Json::array()); }, again.reply());
    if (again.get().ok()) break;
  }
}

TEST(DeviceQuery, ItsEndAnswersAllThatWait) {
  ManualClock clock;
  const Stuck stuck;
  const Answer first;
  const Answer second;
  {
    DeviceQuery query(clock);
    query.ask("camera", stuck.list(), first.reply());
    stuck.begun->get_future().wait();
    query.ask(
        "audio", [] { return Result<Json>(Json::array()); }, second.reply());
  }
  EXPECT_EQ(first.get().error->code, CallErrc::cancelled);
  EXPECT_FALSE(second.get().ok());
  stuck.free->set_value();
}

}  // namespace
}  // namespace mainstay
