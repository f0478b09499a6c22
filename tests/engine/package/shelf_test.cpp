// Blocking reload, by RFC 8216bis 6.2.5.2: what waits, what is refused, and for how long.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/package/stream_shelf.h"
#include "tests/engine/package/stream_support.h"

namespace mainstay::package {
namespace {

using namespace testing;

class ShelfTest : public ::testing::Test {
 protected:
  ShelfTest() {
    shelf_.set_up({.target_duration_s = 2, .part_target_us = 333'334, .window_segments = 6},
                  {{"v0", MediaKind::video}});
    stream_->name = "v0";
    stream_->codec = Codec::h264;
    map_ = shelf_.add_init("v0", 100, stream_, {1, 2, 3});
    shelf_.set_part_target("v0", 333'334);
    for (std::int64_t msn = 100; msn < 104; ++msn) segment(msn);
  }

  void begin(std::int64_t msn) {
    Segment segment;
    segment.msn = msn;
    segment.begin_us = (msn - 100) * 2'000'000;
    segment.map = map_;
    shelf_.begin("v0", segment);
  }
  void part() {
    shelf_.add_part("v0", 333'333, false, {7, 7});
    shelf_.publish();
  }
  void end() {
    shelf_.end("v0", 2'000'000);
    shelf_.publish();
  }
  void segment(std::int64_t msn) {
    begin(msn);
    for (int i = 0; i < 6; ++i) part();
    end();
  }

  struct Asked {
    std::optional<Answer> answer;
    int calls = 0;
    int status() const { return answer ? answer->status : 0; }
    ReadPlaylist playlist() const {
      return answer && answer->item ? read_playlist(answer->item->bytes) : ReadPlaylist{};
    }
  };
  std::shared_ptr<Asked> ask(Reload directives, const std::string& path = "v0/index.m3u8") {
    auto asked = std::make_shared<Asked>();
    shelf_.reload(path, directives, [asked](Answer answer) {
      asked->answer = std::move(answer);
      ++asked->calls;
    });
    return asked;
  }

  ManualClock clock_;
  StreamShelf shelf_{clock_};
  std::shared_ptr<StreamInfo> stream_ = std::make_shared<StreamInfo>();
  std::string map_;
};

TEST_F(ShelfTest, without_directives_the_playlist_comes_at_once) {
  EXPECT_EQ(ask({})->status(), 200);
}

TEST_F(ShelfTest, what_is_there_already_comes_at_once) {
  EXPECT_EQ(ask({.msn = 103})->status(), 200);
  EXPECT_EQ(ask({.msn = 3})->status(), 200);
  EXPECT_EQ(ask({.msn = 103, .part = 5})->status(), 200);
}

TEST_F(ShelfTest, the_next_segment_is_waited_for) {
  const auto asked = ask({.msn = 104});
  begin(104);
  for (int i = 0; i < 6; ++i) part();
  EXPECT_EQ(asked->status(), 0);
  end();
  EXPECT_EQ(asked->status(), 200);
  EXPECT_EQ(asked->playlist().segments.back().uri, "s104.m4s");
}

TEST_F(ShelfTest, the_next_part_is_waited_for) {
  begin(104);
  part();
  const auto asked = ask({.msn = 104, .part = 1});
  const auto later = ask({.msn = 104, .part = 2});
  EXPECT_EQ(asked->status(), 0);
  part();
  EXPECT_EQ(asked->status(), 200);
  EXPECT_EQ(asked->playlist().segments.back().parts.back().uri, "s104.p1.m4s");
  EXPECT_EQ(later->status(), 0);
  part();
  EXPECT_EQ(later->status(), 200);
  EXPECT_EQ(asked->calls, 1);
}

TEST_F(ShelfTest, a_part_past_the_end_of_its_segment_is_the_first_of_the_next) {
  const auto asked = ask({.msn = 103, .part = 6});
  EXPECT_EQ(asked->status(), 0);
  begin(104);
  part();
  EXPECT_EQ(asked->status(), 200);
}

TEST_F(ShelfTest, a_part_without_its_segment_is_refused) {
  EXPECT_EQ(ask({.part = 1})->status(), 400);
}

TEST_F(ShelfTest, more_than_two_segments_ahead_is_refused) {
  EXPECT_EQ(ask({.msn = 105})->status(), 0);
  EXPECT_EQ(ask({.msn = 106})->status(), 400);
}

TEST_F(ShelfTest, parts_too_far_ahead_are_refused) {
  begin(104);
  part();
  EXPECT_EQ(ask({.msn = 104, .part = 9})->status(), 0);  // nine of a third of a second
  EXPECT_EQ(ask({.msn = 104, .part = 10})->status(), 400);
}

TEST_F(ShelfTest, after_three_target_durations_the_wait_is_over) {
  const auto asked = ask({.msn = 104});
  EXPECT_EQ(shelf_.next_expiry(), clock_.now() + Seconds(6));
  clock_.advance(Millis(5999));
  shelf_.expire();
  EXPECT_EQ(asked->status(), 0);
  clock_.advance(Millis(1));
  shelf_.expire();
  EXPECT_EQ(asked->status(), 503);
  EXPECT_EQ(shelf_.next_expiry(), kNever);
}

TEST_F(ShelfTest, after_the_end_directives_are_ignored_and_nobody_waits) {
  const auto asked = ask({.msn = 104, .part = 3});
  shelf_.finish();
  EXPECT_EQ(asked->status(), 200);
  EXPECT_TRUE(asked->playlist().ended);
  EXPECT_EQ(ask({.msn = 999, .part = 77})->status(), 200);
  EXPECT_EQ(ask({.part = 1})->status(), 200);
}

TEST_F(ShelfTest, a_delta_update_leaves_out_what_is_far_from_the_end) {
  for (std::int64_t msn = 104; msn < 110; ++msn) segment(msn);
  shelf_.set_up({.target_duration_s = 2, .part_target_us = 333'334, .window_segments = 20}, {{"v0", MediaKind::video}});
  for (std::int64_t msn = 110; msn < 120; ++msn) segment(msn);
  const ReadPlaylist full = ask({})->playlist();
  const ReadPlaylist delta = ask({.msn = 119, .skip = Reload::Skip::yes})->playlist();
  EXPECT_EQ(full.skipped, 0);
  EXPECT_GT(delta.skipped, 0);
  EXPECT_EQ(delta.version, 9);
  EXPECT_EQ(delta.segments.front().msn, full.segments.front().msn + delta.skipped);
  double rest = 0;
  for (const ReadSegment& segment : delta.segments) rest += segment.duration;
  EXPECT_GE(rest, 12);
  EXPECT_LE(rest, 14);
  EXPECT_EQ(full.segments.back().uri, delta.segments.back().uri);
}

TEST_F(ShelfTest, a_hinted_part_is_waited_for_and_any_other_is_not_there) {
  EXPECT_EQ(ask({}, "v0/s104.p1.m4s")->status(), 404);
  const auto asked = ask({}, "v0/s104.p0.m4s");
  EXPECT_EQ(asked->status(), 0);
  begin(104);
  part();
  EXPECT_EQ(asked->status(), 200);
  EXPECT_EQ(asked->answer->item->bytes, "\a\a");
}

TEST_F(ShelfTest, a_segment_is_followed_part_by_part_while_it_is_made) {
  const auto follow = [&](std::int64_t msn, std::size_t index) {
    auto asked = std::make_shared<Asked>();
    shelf_.follow(fmt::format("v0/s{}.m4s", msn), index, [asked](Answer answer) {
      asked->answer = std::move(answer);
      ++asked->calls;
    });
    return asked;
  };
  const auto first = follow(104, 0);
  EXPECT_EQ(first->status(), 0);
  begin(104);
  part();
  EXPECT_EQ(first->status(), 200);
  EXPECT_EQ(first->answer->item->bytes, "\a\a");
  EXPECT_EQ(follow(104, 0)->status(), 200);
  const auto second = follow(104, 1);
  EXPECT_EQ(second->status(), 0);
  shelf_.add_part("v0", 333'333, false, {});  // nothing arrived
  shelf_.publish();
  EXPECT_EQ(second->status(), 200);
  EXPECT_EQ(second->answer->item, nullptr);
  const auto third = follow(104, 2);
  part();
  EXPECT_EQ(third->status(), 200);
  const auto end = follow(104, 3);
  shelf_.end("v0", 1'000'000);
  shelf_.publish();
  EXPECT_EQ(end->status(), 204);
  EXPECT_EQ(follow(104, 3)->status(), 204);
  EXPECT_EQ(follow(107, 0)->status(), 404);
  EXPECT_EQ(follow(3, 0)->status(), 404);
  const auto never = follow(105, 0);
  clock_.advance(Seconds(6));
  shelf_.expire();
  EXPECT_EQ(never->status(), 503);
  EXPECT_EQ(never->calls, 1);
}

TEST_F(ShelfTest, a_long_window_is_compressed_when_it_is_asked_for) {
  shelf_.set_up({.target_duration_s = 2, .part_target_us = 333'334, .window_segments = 1000, .memory_segments = 1000},
                {{"v0", MediaKind::video}});
  for (std::int64_t msn = 104; msn < 600; ++msn) segment(msn);
  const ItemPtr item = shelf_.find("v0/index.m3u8");
  EXPECT_EQ(item->gzip, nullptr);
  ASSERT_TRUE(item->gzip_later);
  EXPECT_EQ(item->gzip_later()->substr(0, 2), "\x1f\x8b");
  EXPECT_EQ(item->gzip_later(), item->gzip_later());
  const std::string before = item->etag;
  begin(600);
  part();
  EXPECT_NE(shelf_.find("v0/index.m3u8")->etag, before);
}

TEST_F(ShelfTest, who_is_there_before_the_packager_waits_too) {
  StreamShelf fresh(clock_);
  int status = 0;
  fresh.reload("index.m3u8", {}, [&](Answer answer) { status = answer.status; });
  fresh.reload("v0/index.m3u8", {}, [&](Answer answer) { status = answer.status; });
  EXPECT_EQ(status, 0);
  fresh.reload("v0/s1.m4s", {}, [&](Answer answer) { status = answer.status; });
  EXPECT_EQ(status, 404);
}

TEST_F(ShelfTest, before_there_is_enough_to_list_playlists_are_waited_for) {
  StreamShelf fresh(clock_);
  fresh.set_up({}, {{"v0", MediaKind::video}});
  int status = 0;
  fresh.reload("index.m3u8", {}, [&](Answer answer) { status = answer.status; });
  EXPECT_EQ(status, 0);
  int other = 0;
  fresh.reload("v1/index.m3u8", {}, [&](Answer answer) { other = answer.status; });
  EXPECT_EQ(other, 404);
  clock_.advance(Seconds(6));  // three segments
  fresh.expire();
  EXPECT_EQ(status, 0) << "it comes with the last picture of the third";
  clock_.advance(Seconds(4));
  fresh.expire();
  EXPECT_EQ(status, 503);
}

TEST_F(ShelfTest, who_waits_for_a_rendition_that_the_show_takes_away_is_told_that_it_is_gone) {
  const auto asked = ask({.msn = 104});
  shelf_.set_up({.target_duration_s = 2, .part_target_us = 333'334, .window_segments = 6}, {{"v1", MediaKind::video}});
  shelf_.publish();
  EXPECT_EQ(asked->status(), 404);
  EXPECT_EQ(ask({.msn = 104})->status(), 404);
}

TEST_F(ShelfTest, playlists_come_compressed_too) {
  const ItemPtr item = shelf_.find("v0/index.m3u8");
  ASSERT_TRUE(item->gzip);
  EXPECT_EQ(item->gzip->substr(0, 2), "\x1f\x8b");
  EXPECT_LT(item->gzip->size(), item->bytes.size() / 2);
}

TEST_F(ShelfTest, each_playlist_names_how_far_the_others_are) {
  shelf_.set_up({.target_duration_s = 2, .part_target_us = 333'334, .window_segments = 6},
                {{"v0", MediaKind::video}, {"v1", MediaKind::video}});
  begin(104);
  part();
  EXPECT_TRUE(ask({})->playlist().reports.empty());
  Segment other;
  other.msn = 104;
  shelf_.begin("v1", other);
  shelf_.add_part("v1", 333'333, true, {1});
  shelf_.add_part("v1", 333'333, false, {1});
  part();
  const auto reports = ask({})->playlist().reports;
  ASSERT_TRUE(reports.contains("../v1/index.m3u8"));
  EXPECT_EQ(reports.at("../v1/index.m3u8"), (std::pair<std::int64_t, std::int64_t>(104, 1)));
}

}  // namespace
}  // namespace mainstay::package
