#include "engine/studio/event_log.h"

#include <gtest/gtest.h>

namespace mainstay {
namespace {

class EventLogTest : public ::testing::Test {
 protected:
  ManualClock clock_;
  Log log_{{.level = LogLevel::off}};
  EventLog events_{clock_, log_};
};

TEST_F(EventLogTest, NumbersCountUpAndAClientResumesFromOne) {
  for (int i = 0; i < 5; ++i) events_.add(LogLevel::info, "t", "s", std::to_string(i));
  const auto after = events_.after(3, 10);
  ASSERT_EQ(after.size(), 2u);
  EXPECT_EQ(after[0].number, 4);
  EXPECT_EQ(after[1].message, "4");
  EXPECT_EQ(events_.after(0, 2).size(), 2u);
  EXPECT_TRUE(events_.after(5, 10).empty());
}

TEST_F(EventLogTest, HistoryIsBoundedAndKeepsItsNumbers) {
  for (std::size_t i = 0; i < EventLog::kKept + 100; ++i) events_.add(LogLevel::info, "t", "s", "m");
  const auto all = events_.after(0, 1'000'000);
  EXPECT_EQ(all.size(), EventLog::kKept);
  EXPECT_EQ(all.front().number, 101);
}

TEST_F(EventLogTest, ErrorsAreKeptOnceEachForTheReport) {
  events_.add(LogLevel::error, "t", "record", "disk full");
  events_.add(LogLevel::error, "t", "record", "disk full");
  events_.add(LogLevel::warning, "t", "leg", "backoff");
  EXPECT_EQ(events_.errors(), std::vector<std::string>{"record: disk full"});
  events_.reset_errors();
  EXPECT_TRUE(events_.errors().empty());
}

TEST_F(EventLogTest, WhatIsWellAgainIsForgivenAndItsEventsStay) {
  events_.add(LogLevel::error, "source.state", "far", "failed: refused");
  events_.add(LogLevel::error, "source.state", "near", "failed: gone");
  events_.add(LogLevel::error, "record.state", "far", "disk full");
  events_.forgive("source.state", "far");
  EXPECT_EQ(events_.errors(), (std::vector<std::string>{"near: failed: gone", "far: disk full"}));
  EXPECT_EQ(events_.after(0, 10).size(), 3u);
}

TEST_F(EventLogTest, SecretsAreRedacted) {
  log_.redactor().add("hush-hush");
  events_.add(LogLevel::error, "t", "leg hush-hush", "key hush-hush refused");
  EXPECT_EQ(events_.after(0, 1)[0].message, "key *** refused");
  EXPECT_EQ(events_.errors()[0], "leg ***: key *** refused");
}

}  // namespace
}  // namespace mainstay
