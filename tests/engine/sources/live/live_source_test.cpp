#include "engine/sources/live/live_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/engine/sources/live/fake_feed.h"

namespace mainstay {
namespace {

using testing::HasSubstr;

class LiveSourceTest : public testing::Test {
 protected:
  void open(show::WhenHidden when_hidden = show::WhenHidden::run) {
    LiveLink::Options link;
    link.what = "the peer";
    link.when_hidden = when_hidden;
    source = std::make_unique<LiveSource>(SourceContext{"live", clock, log, rate, 64, 36, Seconds(2), "."}, Millis(100),
                                          link, test::FakePeer::feeds(peer));
    source->start();
  }

  /// Until it is so; what has to happen does so on other threads, whatever the clock says.
  template <class Condition>
  void await(Condition condition) {
    const SteadyClock steady;
    const Instant limit = steady.now() + Seconds(20);
    while (!condition() && steady.now() < limit) std::this_thread::yield();
    ASSERT_TRUE(condition());
  }
  void await_waiting() {
    await([&] { return source->link().phase == LivePhase::waiting; });
    await([&] { return clock.next_deadline() != kNever; });
  }

  SourceOutput tick() {
    clock.advance_to(Instant(rate.begin(frame)));
    return source->pull(frame++, {});
  }
  /// A second of pictures and of ticks, as from a peer that sends in time.
  void play(int ticks) {
    for (int i = 0; i < ticks; ++i) {
      peer->picture(rate.begin(sent++));
      await([&] { return peer->empty(); });
      tick();
    }
  }
  SourceState state() { return source->status().state; }
  std::string detail() { return source->status().detail; }

  const Rate rate{30, 1};
  ManualClock clock;
  Log log{{LogLevel::off, false, [](std::string_view) {}}};
  std::shared_ptr<test::FakePeer> peer = std::make_shared<test::FakePeer>();
  std::unique_ptr<LiveSource> source;
  FrameIndex frame = 0;
  FrameIndex sent = 0;
};

TEST_F(LiveSourceTest, WhatThePeerSendsIsShownOnTheProgramsClock) {
  open();
  EXPECT_EQ(state(), SourceState::opening);
  EXPECT_FALSE(source->ready());
  peer->accept();
  await([&] { return source->link().connects == 1; });
  play(60);
  EXPECT_EQ(state(), SourceState::live);
  EXPECT_EQ(detail(), "a picture and a sound");
  EXPECT_TRUE(tick().video);
}

TEST_F(LiveSourceTest, OneThatCannotBeOpenedIsTriedAgainEverLaterUpToHalfAMinute) {
  open();
  std::vector<double> waits;
  for (int i = 0; i < 8; ++i) {
    peer->answer(make_error(Errc::io, "nobody is there"));
    await([&] { return source->link().failures == i + 1; });
    await_waiting();
    EXPECT_EQ(peer->made(), i + 1);
    waits.push_back(seconds(clock.next_deadline() - clock.now()));
    clock.advance_to(clock.next_deadline());
  }
  const std::vector<double> full{1, 2, 4, 8, 16, 30, 30, 30};
  for (std::size_t i = 0; i < waits.size(); ++i) {
    EXPECT_LE(waits[i], full[i]);
    EXPECT_GE(waits[i], 0.8 * full[i]) << "jitter takes a fifth at most";
  }
}

TEST_F(LiveSourceTest, OneThatCannotBeOpenedSaysWhyAndHoldsNobodyUp) {
  open();
  peer->answer(make_error(Errc::io, "nobody is there"));
  await_waiting();
  EXPECT_EQ(state(), SourceState::failed);
  EXPECT_TRUE(source->status().retries);
  EXPECT_EQ(detail(), "nobody is there");
  EXPECT_TRUE(source->ready()) << "the program does not wait for the next try";
  EXPECT_FALSE(tick().video);
  clock.advance(Seconds(1));
  peer->accept();
  await([&] { return source->link().connects == 1; });
  clock.advance_to(clock.now());
  EXPECT_NE(state(), SourceState::failed);
}

TEST_F(LiveSourceTest, OpeningThatTakesTooLongIsGivenUp) {
  open();
  await([&] { return clock.next_deadline() == Instant(Seconds(10)); });
  clock.advance(Seconds(10));
  await_waiting();
  EXPECT_THAT(detail(), HasSubstr("the peer: no answer within 10 s"));
  EXPECT_EQ(peer->closed(), 1);
}

TEST_F(LiveSourceTest, SilenceStallsItAndThenItIsOpenedAnew) {
  open();
  peer->accept();
  await([&] { return source->link().connects == 1; });
  play(60);
  for (int i = 0; i < 10; ++i) tick();
  const FramePtr last = tick().video;
  ASSERT_TRUE(last);
  for (int i = 0; i < 20; ++i) tick();
  EXPECT_EQ(state(), SourceState::stalled);
  EXPECT_EQ(tick().video, last) << "the last good picture stands in";
  clock.advance(Seconds(5));
  await_waiting();
  EXPECT_EQ(state(), SourceState::stalled);
  EXPECT_THAT(detail(), HasSubstr("nothing came for 5 s"));
  frame = rate.at(clock.now().time_since_epoch()) + 1;
  EXPECT_FALSE(tick().video) << "it was held for long enough: the slate is shown";
  peer->accept();
  clock.advance(Seconds(1));
  await([&] { return source->link().connects == 2; });
}

TEST_F(LiveSourceTest, WhatThePeerEndsIsOpenedAnew) {
  open();
  peer->accept();
  await([&] { return source->link().connects == 1; });
  peer->give(Error{Errc::end, "the media is over", nullptr});
  await_waiting();
  EXPECT_THAT(detail(), HasSubstr("the other side ended it"));
  EXPECT_EQ(peer->closed(), 1);
}

TEST_F(LiveSourceTest, AfterTenSecondsOfDeliveryTheNextWaitIsTheFirstAgain) {
  open();
  for (int i = 0; i < 4; ++i) {
    peer->answer(make_error(Errc::io, "nobody is there"));
    await([&] { return source->link().failures == i + 1; });
    await_waiting();
    clock.advance_to(clock.next_deadline());
  }
  peer->accept();
  await([&] { return source->link().connects == 1; });
  for (int i = 0; i < 11; ++i) {
    clock.advance(Seconds(1));
    peer->picture(Seconds(i));
    await([&] { return peer->empty(); });
  }
  peer->give(make_error(Errc::io, "the line broke"));
  await_waiting();
  EXPECT_LE(clock.next_deadline() - clock.now(), Nanos(Seconds(1)));
}

TEST_F(LiveSourceTest, TimestampsThatGoBackEndTheConnection) {
  open();
  peer->accept();
  peer->picture(Seconds(100));
  peer->picture(Seconds(98));
  await_waiting();
  EXPECT_THAT(detail(), HasSubstr("its timestamps went back"));
}

TEST_F(LiveSourceTest, ACallThatHangsIsLeftBehindAndNothingElseIsOpenedUntilItReturns) {
  peer->hang(true);
  open();
  await([&] { return clock.next_deadline() == Instant(Seconds(10)); });
  clock.advance(Seconds(10));
  await([&] { return clock.next_deadline() == Instant(Seconds(12)); });  // its patience
  clock.advance(Seconds(2));
  await([&] { return source->link().phase == LivePhase::hung; });
  EXPECT_EQ(state(), SourceState::failed);
  EXPECT_THAT(detail(), HasSubstr("the call hangs"));
  clock.advance(Seconds(100));
  EXPECT_EQ(peer->made(), 1);
  peer->hang(false);
  await([&] { return peer->closed() == 1; });
  await([&] { return clock.next_deadline() != kNever; });
  clock.advance(Seconds(1));
  await([&] { return peer->made() == 2; });
}

TEST_F(LiveSourceTest, ASourceWhoseCallHangsCanBeEnded) {
  peer->hang(true);
  open();
  await([&] { return clock.next_deadline() == Instant(Seconds(10)); });
  std::thread end([&] { source.reset(); });
  await([&] { return clock.next_deadline() == Instant(Seconds(2)); });
  clock.advance(Seconds(2));
  end.join();
  EXPECT_EQ(peer->closed(), 0);
  peer->hang(false);
  await([&] { return peer->closed() == 1; });
}

TEST_F(LiveSourceTest, WhileItPausesWhatComesIsThrownAwayAndItBeginsAnewWithWhatComesAfter) {
  open(show::WhenHidden::pause);
  peer->accept();
  await([&] { return source->link().connects == 1; });
  play(60);
  const FramePtr before = tick().video;
  source->hide(true);
  EXPECT_EQ(state(), SourceState::resting);
  EXPECT_THAT(detail(), HasSubstr("nobody sees it"));
  EXPECT_TRUE(source->ready());
  // Its first pictures may have been on their way already; from then on all of them are passed over.
  for (int i = 0; i < 300; ++i) {
    clock.advance(rate.begin(1));
    peer->picture(rate.begin(sent++));
    await([&] { return peer->empty(); });
  }
  await([&] { return peer->passed() >= 299; });
  EXPECT_EQ(peer->made(), 1) << "it stays connected";
  source->hide(false);
  EXPECT_EQ(state(), SourceState::opening);
  EXPECT_FALSE(source->ready()) << "nothing of before is shown";
  const int passed = peer->passed();
  for (int i = 0; i < 60; ++i) {
    peer->picture(rate.begin(sent++));
    await([&] { return peer->empty(); });
    clock.advance(rate.begin(1));
    if (source->ready()) source->pull(frame++, {});  // as the program does
  }
  EXPECT_LE(peer->passed(), passed + 1) << "the one that was on its way";
  EXPECT_EQ(state(), SourceState::live);
  EXPECT_NE(source->pull(frame, {}).video, before);
}

TEST_F(LiveSourceTest, ClosedItLetsGoOfThePeerAndOpensItAgainWhenItIsShown) {
  open(show::WhenHidden::close);
  peer->accept();
  await([&] { return source->link().connects == 1; });
  play(60);
  source->hide(true);
  await([&] { return source->link().phase == LivePhase::closed; });
  EXPECT_EQ(peer->closed(), 1);
  EXPECT_EQ(state(), SourceState::resting);
  clock.advance(Seconds(3600));
  EXPECT_EQ(peer->made(), 1) << "nobody calls it";
  EXPECT_EQ(source->link().failures, 0);
  source->hide(false);
  EXPECT_FALSE(source->ready());
  await([&] { return peer->made() == 2; });
  peer->accept();
  await([&] { return source->link().connects == 2; });
  sent = frame = rate.at(clock.now().time_since_epoch()) + 1;
  play(60);
  EXPECT_EQ(state(), SourceState::live);
}

TEST_F(LiveSourceTest, ClosedItDoesNotCallAPeerThatIsAwayAndCallsAtOnceWhenItIsShown) {
  open(show::WhenHidden::close);
  for (int i = 0; i < 5; ++i) {
    peer->answer(make_error(Errc::io, "nobody is there"));
    await([&] { return source->link().failures == i + 1; });
    await_waiting();
    clock.advance_to(clock.next_deadline());
  }
  await([&] { return peer->made() == 6; });
  peer->answer(make_error(Errc::io, "nobody is there"));
  await_waiting();
  source->hide(true);
  await([&] { return source->link().phase == LivePhase::closed; });
  EXPECT_EQ(state(), SourceState::resting);
  clock.advance(Seconds(100));
  EXPECT_EQ(peer->made(), 6);
  source->hide(false);
  await([&] { return peer->made() == 7; });
}

TEST_F(LiveSourceTest, OfflineItSaysThatItCannotRun) {
  ManualClock offline(ManualClock::Drive::program);
  LiveLink::Options link;
  link.what = "the peer";
  LiveSource never(SourceContext{"live", offline, log, rate, 64, 36, Seconds(2), "."}, Millis(100), link,
                   test::FakePeer::feeds(peer));
  never.start();
  EXPECT_TRUE(never.ready());
  EXPECT_EQ(never.status().state, SourceState::failed);
  EXPECT_EQ(peer->made(), 0);
}

}  // namespace
}  // namespace mainstay
