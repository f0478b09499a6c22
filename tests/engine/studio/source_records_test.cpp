#include "engine/studio/source_records.h"

#include <gtest/gtest.h>

namespace mainstay {
namespace {

using enum SourceState;

TEST(SourceRecordsTest, OneThatCameBackFailsNoMoreAndHasAnOutage) {
  SourceRecords records;
  records.note("far", live, "", Seconds(1));
  records.note("far", stalled, "nothing comes", Seconds(2));
  records.note("far", failed, "refused", Seconds(3));
  EXPECT_EQ(records.failure("far"), "source far: refused");
  EXPECT_EQ(records.failing(), std::vector<std::string>{"far"});
  records.note("far", opening, "", Seconds(5));
  EXPECT_TRUE(records.failing().empty()) << "it is tried with other settings";
  ASSERT_EQ(records.outages("far").size(), 1U);
  EXPECT_FALSE(records.outages("far")[0].recover_ms) << "but it gives nothing yet";
  records.note("far", live, "", Seconds(6));
  EXPECT_EQ(records.failure("far"), "");
  ASSERT_EQ(records.outages("far").size(), 1U);
  EXPECT_EQ(records.outages("far")[0].start_s, 2);
  EXPECT_EQ(records.outages("far")[0].recover_ms, 4000);
  EXPECT_EQ(records.outages("far")[0].detail, "refused") << "why it did not come back, not only that it went";
}

TEST(SourceRecordsTest, TheLatestOutagesAreKeptAndThoseOfWhatIsGoneAreNot) {
  SourceRecords records;
  for (int i = 0; i < 100; ++i) {
    records.note("far", failed, "refused", Seconds(2 * i));
    records.note("far", live, "", Seconds(2 * i + 1));
  }
  EXPECT_EQ(records.outages("far").size(), SourceRecords::kKept);
  EXPECT_EQ(records.outages("far").back().start_s, 198);
  records.keep([](const std::string&) { return false; });
  EXPECT_TRUE(records.outages("far").empty());
}

}  // namespace
}  // namespace mainstay
