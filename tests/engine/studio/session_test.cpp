#include "engine/studio/session.h"

#include <gtest/gtest.h>

namespace mainstay {
namespace {

TEST(SessionTest, WithoutACrashTheFileIsUsedAsItIs) {
  const Recovery plain = recovery({.last_good = 7, .last_tagged = 3, .last_tag = "safe"});
  EXPECT_EQ(plain.revision, 0);
  EXPECT_EQ(plain.sentence, "");
}

TEST(SessionTest, AfterACrashTheLastGoodRevisionComesBack) {
  for (int crashes : {1, 2}) {
    const Recovery back = recovery(
        {.crashed_before = true, .crashes_in_row = crashes, .last_good = 7, .last_tagged = 3, .last_tag = "safe"});
    EXPECT_EQ(back.revision, 7);
    EXPECT_NE(back.sentence.find("revision 7"), std::string::npos) << back.sentence;
  }
}

TEST(SessionTest, AfterThreeCrashesInARowTheLastTaggedOneComesBack) {
  for (int crashes : {3, 4, 100}) {
    const Recovery back = recovery(
        {.crashed_before = true, .crashes_in_row = crashes, .last_good = 7, .last_tagged = 3, .last_tag = "safe"});
    EXPECT_EQ(back.revision, 3);
    EXPECT_EQ(back.sentence,
              "The last " + std::to_string(crashes) +
                  " runs of this show ended in a crash: going back to revision 3, tagged \"safe\". Later "
                  "revisions are in the history.");
  }
}

TEST(SessionTest, WithoutATagTheLastGoodOneHasToDo) {
  const Recovery back = recovery({.crashed_before = true, .crashes_in_row = 3, .last_good = 7});
  EXPECT_EQ(back.revision, 7);
  EXPECT_NE(back.sentence.find("no revision has a tag"), std::string::npos) << back.sentence;
}

TEST(SessionTest, WithNothingToGoBackToTheFileIsUsedAndItIsSaid) {
  const Recovery back = recovery({.crashed_before = true, .crashes_in_row = 1});
  EXPECT_EQ(back.revision, 0);
  EXPECT_EQ(
      back.sentence,
      "The last run of this show ended in a crash: no revision is known to be good, so the show starts as its file "
      "has it.");
}

}  // namespace
}  // namespace mainstay
