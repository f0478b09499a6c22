#include "engine/remote/origin/audience_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/ffi/sqlite/sqlite_database.h"
#include "engine/remote/origin/audience_store.h"

namespace mainstay::remote {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

AudienceFigures some_figures() {
  AudienceFigures figures;
  figures.viewers = 3;
  figures.latency_s = 1.25;
  AudienceGroup group;
  group.region = "north";
  group.device = "desktop";
  group.viewers = 2;
  group.sessions = 5;
  group.startup.add(0.8);
  group.startup.add(1.2);
  group.watch_s = 90;
  group.rebuffer_s = 10;
  group.browsers = {{"chrome", 5}};
  figures.groups.push_back(group);
  group.device = "mobile";
  group.viewers = 1;
  figures.groups.push_back(group);
  return figures;
}

TEST(AudiencePagesTest, PrometheusReadsBaseUnitsByRegionAndDevice) {
  const std::string page = metrics_page(some_figures(), {.connections = 7, .requests = 100, .bytes = 5000});
  EXPECT_THAT(page, HasSubstr("# TYPE mainstay_player_startup_seconds histogram"));
  EXPECT_THAT(page,
              HasSubstr("mainstay_player_startup_seconds_bucket{region=\"north\",device=\"desktop\",le=\"1\"} 1"));
  EXPECT_THAT(page, HasSubstr("mainstay_player_startup_seconds_sum{region=\"north\",device=\"desktop\"} 2"));
  EXPECT_THAT(page, HasSubstr("mainstay_player_viewers{region=\"north\",device=\"mobile\"} 1"));
  EXPECT_THAT(page,
              HasSubstr("mainstay_player_sessions_total{region=\"north\",device=\"mobile\",browser=\"chrome\"} 5"));
  EXPECT_THAT(page, HasSubstr("mainstay_origin_connections 7"));
  EXPECT_THAT(page, HasSubstr("mainstay_origin_sent_bytes_total 5000"));
  // Each family's head stands once, however many groups it has.
  const std::string head = "# TYPE mainstay_player_viewers gauge";
  EXPECT_EQ(page.find(head, page.find(head) + 1), std::string::npos);
}

TEST(AudiencePagesTest, JsonSumsByRegionAndByDevice) {
  const show::Json json = players_json(some_figures());
  EXPECT_EQ(json["viewers"], 3);
  EXPECT_EQ(json["latency_s"], 1.25);
  EXPECT_EQ(json["startup_s"], nullptr);
  EXPECT_EQ(json["all"]["sessions"], 10);
  EXPECT_EQ(json["regions"]["north"]["startup_s"]["count"], 4);
  EXPECT_EQ(json["regions"]["north"]["startup_s"]["mean"], 1.0);
  EXPECT_EQ(json["devices"]["mobile"]["viewers"], 1);
  EXPECT_EQ(json["devices"]["desktop"]["rebuffer_ratio"], 0.1);
}

class AudienceStoreTest : public ::testing::Test {
 protected:
  AudienceStoreTest() : folder_(std::filesystem::path(::testing::TempDir()) / "mainstay_audience_store") {
    std::filesystem::remove_all(folder_);
  }
  ~AudienceStoreTest() override { std::filesystem::remove_all(folder_); }
  std::string file() const { return (folder_ / "viewers.sqlite").string(); }
  std::int64_t count(const std::string& sql) const {
    auto database = ffi::SqliteDatabase::open(file(), ffi::SqliteOpen::read, Millis(1000));
    if (!database) return -1;
    const auto number = database->integer(sql);
    return number ? *number : -1;
  }

  const std::filesystem::path folder_;
  SteadyClock clock_;
};

TEST_F(AudienceStoreTest, KeepsEndedSessionsWithoutSayingWhoTheyWere) {
  SessionRecord record;
  record.began = UtcInstant(Seconds(1'700'000'000));
  record.ended = record.began + Seconds(60);
  record.region = "north";
  record.startup_s = 0.75;
  record.watch_s = 58.5;
  record.failed = true;
  {
    AudienceStore store(clock_, folder_.string());
    store.add(record);
    store.add(record);
  }
  EXPECT_EQ(count("SELECT count(*) FROM sessions"), 2);
  EXPECT_EQ(count("SELECT startup_ms FROM sessions"), 750);
  EXPECT_EQ(count("SELECT watch_ms FROM sessions"), 58'500);
  EXPECT_EQ(count("SELECT failed FROM sessions"), 1);
  EXPECT_EQ(count("SELECT latency_ms IS NULL FROM sessions"), 1);
}

TEST_F(AudienceStoreTest, WhatIsTooOldGoes) {
  std::filesystem::create_directories(folder_);
  SessionRecord old;
  old.ended = UtcInstant(Seconds(1'700'000'000));
  SessionRecord now;
  now.ended = old.ended + std::chrono::days(AudienceStore::kDays) + Seconds(1);
  ASSERT_TRUE(store_sessions(file(), {old}));
  ASSERT_TRUE(store_sessions(file(), {now}));
  EXPECT_EQ(count("SELECT count(*) FROM sessions"), 1);
}

TEST_F(AudienceStoreTest, AFolderThatCannotBeIsTold) {
  AudienceStore store(clock_, "/proc/no/such/folder");
  store.add({});
  Status trouble;
  for (int i = 0; i < 5000 && trouble; ++i) {
    trouble = store.trouble();
    clock_.wait_until(clock_.now() + Millis(1), {});
  }
  EXPECT_FALSE(trouble);
}

}  // namespace
}  // namespace mainstay::remote
