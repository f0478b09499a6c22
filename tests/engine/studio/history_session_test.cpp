#include <gtest/gtest.h>

#include "tests/engine/studio/history_support.h"

namespace mainstay {
namespace {

class HistorySessionTest : public ::testing::Test {
 protected:
  /// One run of the show: begins, does something, and ends cleanly or not.
  SessionStart run(bool clean, const std::function<void(History&)>& what = {}) {
    auto opened = History::open(folder_.file("show.history"), clock_);
    EXPECT_TRUE(opened);
    EXPECT_EQ(opened->warning, "");
    const auto start = opened->history->begin_session();
    EXPECT_TRUE(start);
    if (what) what(*opened->history);
    if (clean) {
      EXPECT_TRUE(opened->history->end_session());
    }
    return *start;
  }

  HistoryFolder folder_;
  ManualClock clock_;
};

TEST_F(HistorySessionTest, CleanEndsAreNoCrashes) {
  for (int i = 0; i < 3; ++i) {
    const SessionStart start = run(true);
    EXPECT_FALSE(start.crashed_before);
    EXPECT_EQ(start.crashes_in_row, 0);
  }
}

TEST_F(HistorySessionTest, CrashesAreCountedUntilACleanEnd) {
  run(false);
  EXPECT_EQ(run(false).crashes_in_row, 1);
  EXPECT_EQ(run(false).crashes_in_row, 2);
  const SessionStart third = run(true);
  EXPECT_TRUE(third.crashed_before);
  EXPECT_EQ(third.crashes_in_row, 3);
  EXPECT_FALSE(run(false).crashed_before);
  EXPECT_EQ(run(true).crashes_in_row, 1);
}

TEST_F(HistorySessionTest, ASteadySessionMakesEarlierCrashesForgotten) {
  run(false);
  run(false);
  EXPECT_EQ(run(false, [](History& history) { history.session_is_steady(); }).crashes_in_row, 2);
  const SessionStart next = run(true);
  EXPECT_TRUE(next.crashed_before);
  EXPECT_EQ(next.crashes_in_row, 1);
}

TEST_F(HistorySessionTest, KnowsTheLastGoodAndTheLastTaggedRevision) {
  run(false, [](History& history) {
    for (int i = 1; i <= 6; ++i) ASSERT_TRUE(history.append(edit(history, numbered_document(i))));
    history.mark_good(2);
    history.mark_good(4);
    history.tag("first", 5);
    history.tag("second", 3);
    history.tag("third", 6);
    history.untag("third");
  });
  const SessionStart start = run(true);
  EXPECT_EQ(start.last_good, 4);
  EXPECT_EQ(start.last_tagged, 3);
  EXPECT_EQ(start.last_tag, "second");
}

TEST_F(HistorySessionTest, AFreshHistoryHasNothingGoodOrTagged) {
  const SessionStart start = run(true);
  EXPECT_EQ(start.last_good, 0);
  EXPECT_EQ(start.last_tagged, 0);
}

TEST_F(HistorySessionTest, OnlyRevisionsThatAreThereCanBeGood) {
  run(true, [](History& history) {
    Status marked;
    history.mark_good(7, [&](Status status) { marked = std::move(status); });
    history.flush();
    ASSERT_FALSE(marked);
    EXPECT_EQ(marked.error().code, Errc::invalid);
  });
}

}  // namespace
}  // namespace mainstay
