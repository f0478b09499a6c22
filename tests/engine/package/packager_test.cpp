#include "engine/package/packager.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>

#include "tests/engine/package/stream_support.h"

namespace mainstay::package {
namespace {

using namespace testing;
namespace fs = std::filesystem;

/// A bus that gives what it is given.
struct Line {
  explicit Line(Clock& clock) : queue(clock, {}, Overflow::block) {}
  BoundedQueue<PacketPtr> queue;
};

class LineFeed final : public PacketFeed {
 public:
  explicit LineFeed(std::shared_ptr<Line> line) : line_(std::move(line)) {}
  Result<PacketPtr> pop(std::stop_token stop, Instant deadline) override { return line_->queue.pop(stop, deadline); }
  void close() override { line_->queue.close(); }
  std::int64_t dropped() const override { return 0; }

 private:
  const std::shared_ptr<Line> line_;
};

class PackagerTest : public ::testing::Test {
 protected:
  PackagerTest() : folder_(fs::temp_directory_path() / fmt::format("mainstay-packager-{}", ::getpid())) {}
  ~PackagerTest() override { fs::remove_all(folder_); }

  PackagerOptions options() const {
    PackagerOptions options;
    options.assembly = options_for(stream_.what(), 60, 10);
    return options;
  }
  std::unique_ptr<Packager> start(PackagerOptions options) {
    line_ = std::make_shared<Line>(clock_);
    return std::make_unique<Packager>(std::move(options), std::make_unique<LineFeed>(line_),
                                      Packager::Services{clock_, log_}, [this](const PackagerStatus& status) {
                                        std::lock_guard lock(mutex_);
                                        states_.push_back(to_string(status.state));
                                        changed_.notify_all();
                                      });
  }
  void feed(std::int64_t frames) {
    for (const PacketPtr& packet : stream_.packets(frames)) line_->queue.push(packet);
  }
  void await(const std::string& state) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !states_.empty() && states_.back() == state; });
  }

  ManualClock clock_{ManualClock::Drive::test, UtcInstant(Seconds(1'000'000))};
  Log log_{{.level = LogLevel::off, .sink = [](std::string_view) {}}};
  LongStream stream_{EncodeOf{}};
  fs::path folder_;
  std::shared_ptr<Line> line_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> states_;
};

TEST_F(PackagerTest, goes_from_waiting_to_live_to_ended) {
  const auto packager = start(options());
  EXPECT_EQ(packager->status().state, PackagerState::waiting);
  feed(60 * 4);
  await("live");
  line_->queue.close();
  await("ended");
  EXPECT_THAT(states_, ::testing::ElementsAre("live", "ended"));
  EXPECT_TRUE(playlist_of(*packager->shelf(), "v0").ended);
}

TEST_F(PackagerTest, a_stop_packages_what_is_queued_and_ends_the_playlists) {
  const auto packager = start(options());
  feed(60 * 5);
  packager->stop();
  await("ended");
  EXPECT_EQ(playlist_of(*packager->shelf(), "v0").segments.size(), 5U);
  EXPECT_TRUE(playlist_of(*packager->shelf(), "v0").ended);
}

TEST_F(PackagerTest, numbers_go_on_where_the_last_run_was_killed) {
  PackagerOptions with_store = options();
  with_store.store = folder_;
  std::int64_t last = 0;
  {
    const auto packager = start(with_store);
    feed(60 * 4);
    line_->queue.close();
    await("ended");
    last = playlist_of(*packager->shelf(), "v0").segments.back().msn;
    states_.clear();
  }
  const auto kept = read_numbering(folder_, "live");
  ASSERT_TRUE(kept && *kept);
  EXPECT_EQ((*kept)->next_msn, last + 1);
  const auto packager = start(with_store);
  feed(60 * 4);
  await("live");
  const ReadPlaylist playlist = playlist_of(*packager->shelf(), "v0");
  EXPECT_EQ(playlist.media_sequence, last + 1);
  EXPECT_TRUE(playlist.segments[0].discontinuity);
  line_->queue.close();
  await("ended");
}

TEST_F(PackagerTest, a_store_that_cannot_be_written_is_told_and_costs_nothing_else) {
  PackagerOptions with_store = options();
  with_store.store = "/proc/no/such/place";
  const auto packager = start(with_store);
  feed(60 * 4);
  await("live");
  EXPECT_THAT(packager->status().detail, ::testing::HasSubstr("/proc/no/such/place"));
  line_->queue.close();
  await("ended");
}

TEST_F(PackagerTest, a_broken_numbering_is_told_and_numbers_start_from_the_time_of_day) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "live.numbers.json") << "{\"next_msn\": \"seven\"";
  PackagerOptions with_store = options();
  with_store.store = folder_;
  const auto packager = start(with_store);
  feed(60 * 4);
  await("live");
  EXPECT_EQ(playlist_of(*packager->shelf(), "v0").media_sequence, 500'000);
  line_->queue.close();
  await("ended");
}

TEST_F(PackagerTest, a_folder_gets_plain_hls_that_names_only_what_is_there) {
  PackagerOptions publishing = options();
  publishing.publish.push_back({.url = {}, .path = folder_});
  const auto packager = start(publishing);
  feed(60 * 6);
  line_->queue.close();
  await("ended");
  std::ifstream file(folder_ / "v0/index.m3u8");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const ReadPlaylist playlist = read_playlist(text);
  EXPECT_EQ(playlist.segments.size(), 6U);
  EXPECT_TRUE(playlist.ended);
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("PART")));
  EXPECT_FALSE(playlist.can_block);
  for (const ReadSegment& segment : playlist.segments) {
    EXPECT_TRUE(fs::exists(folder_ / "v0" / segment.uri)) << segment.uri;
    EXPECT_TRUE(fs::exists(folder_ / "v0" / segment.map)) << segment.map;
  }
  EXPECT_TRUE(fs::exists(folder_ / "index.m3u8"));
}

TEST_F(PackagerTest, other_parts_are_taken_while_it_runs) {
  const auto packager = start(options());
  feed(60 * 4);
  await("live");
  AssemblyOptions other = options().assembly;
  other.timeline.part_frames = 6;
  packager->use(other, {});
  const auto packets = stream_.packets(60 * 8);
  for (std::size_t i = stream_.packets(60 * 4).size(); i < packets.size(); ++i) line_->queue.push(packets[i]);
  line_->queue.close();
  await("ended");
  EXPECT_DOUBLE_EQ(playlist_of(*packager->shelf(), "v0").part_target, 0.2);
}

/// Time is the stream's own, and nothing is lost to a disk.
class OfflinePackagerTest : public PackagerTest {
 protected:
  OfflinePackagerTest() {
    options_ = options();
    options_.store = folder_;
    options_.assembly.window_s = 12;
    options_.assembly.dvr_s = 60;
  }
  std::unique_ptr<Packager> run(std::int64_t frames) {
    line_ = std::make_shared<Line>(clock_);
    auto packager =
        std::make_unique<Packager>(options_, std::make_unique<LineFeed>(line_), Packager::Services{offline_, log_},
                                   [this](const PackagerStatus& status) {
                                     std::lock_guard lock(mutex_);
                                     states_.push_back(to_string(status.state));
                                     changed_.notify_all();
                                   });
    feed(frames);
    line_->queue.close();
    await("ended");
    states_.clear();
    return packager;
  }
  static Answer fetch(StreamShelf& shelf, const std::string& path) {
    std::promise<Answer> answer;
    shelf.reload(path, {}, [&](Answer got) { answer.set_value(std::move(got)); });
    return answer.get_future().get();
  }

  ManualClock offline_{ManualClock::Drive::program, UtcInstant(Seconds(1'000'000))};
  PackagerOptions options_;
};

TEST_F(OfflinePackagerTest, viewers_go_back_further_than_memory_reaches) {
  const auto packager = run(60 * 25);
  StreamShelf& shelf = *packager->shelf();
  const ReadPlaylist playlist = playlist_of(shelf, "v0");
  ASSERT_EQ(playlist.segments.size(), 25U);
  for (const ReadSegment& segment : playlist.segments) {
    const Answer answer = fetch(shelf, "v0/" + segment.uri);
    ASSERT_EQ(answer.status, 200) << segment.uri;
    EXPECT_EQ(answer.item->content_type, "video/mp4");
    EXPECT_GT(answer.item->bytes.size(), 500U);
  }
  EXPECT_EQ(fetch(shelf, "v0/s1.m4s").status, 404);
}

TEST_F(OfflinePackagerTest, what_left_the_window_leaves_the_disk) {
  const auto packager = run(60 * 50);
  const ReadPlaylist playlist = playlist_of(*packager->shelf(), "v0");
  EXPECT_EQ(playlist.segments.size(), 30U);
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder_ / "live/v0")) files += entry.path().extension() == ".m4s";
  EXPECT_LE(files, 2 * (30U + 8));
  EXPECT_GE(files, 2 * 30U);
}

TEST_F(OfflinePackagerTest, a_restart_lists_what_was_there_before_with_one_discontinuity) {
  const std::int64_t last = playlist_of(*run(60 * 10)->shelf(), "v0").segments.back().msn;
  const auto packager = run(60 * 5);
  for (const char* name : {"v0", "a0"}) {
    const ReadPlaylist playlist = playlist_of(*packager->shelf(), name);
    ASSERT_EQ(playlist.segments.size(), 15U);
    EXPECT_EQ(playlist.segments[9].msn, last);
    EXPECT_EQ(playlist.discontinuity_sequence, 0);
    for (std::size_t i = 0; i < 15; ++i) EXPECT_EQ(playlist.segments[i].discontinuity, i == 10) << i;
    EXPECT_NE(playlist.segments[9].map, playlist.segments[10].map);
    EXPECT_THAT(breaches_of(playlist), ::testing::IsEmpty());
    EXPECT_EQ(fetch(*packager->shelf(), std::string(name) + "/" + playlist.segments[2].uri).status, 200);
    EXPECT_EQ(fetch(*packager->shelf(), std::string(name) + "/" + playlist.segments[2].map).status, 200);
  }
}

TEST_F(OfflinePackagerTest, each_earlier_run_is_a_period_with_the_times_of_its_own_media) {
  options_.assembly.dash = true;
  run(60 * 10);
  run(60 * 5);
  const auto packager = run(60 * 5);
  const ItemPtr manifest = packager->shelf()->find("manifest.mpd");
  ASSERT_TRUE(manifest);
  const std::string text(manifest->bytes);
  const auto starts = captured(text, "<Period id=\"[0-9]+\" start=\"PT([0-9.]+)S\"");
  ASSERT_EQ(starts.size(), 3U) << text;
  const double expected[] = {0, 20, 30};
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(std::stod(starts[i]), expected[i], 0.05) << text;
  // Each run's media begins at the program's first second.
  const auto offsets = captured(text, "timescale=\"1000000\" presentationTimeOffset=\"(-?[0-9]+)\"");
  ASSERT_EQ(offsets.size(), 6U);
  for (const std::string& offset : offsets) EXPECT_NEAR(std::stod(offset), 1e6, 5e4);
  const auto times = captured(text, "<SegmentTimeline>\\s*<S t=\"(-?[0-9]+)\"");
  ASSERT_EQ(times.size(), 6U);
  for (const std::string& time : times) EXPECT_NEAR(std::stod(time), 1e6, 5e4);
  const auto length = captured(text, "mediaPresentationDuration=\"PT([0-9.]+)S\"");
  ASSERT_EQ(length.size(), 1U);
  EXPECT_NEAR(std::stod(length[0]), 40, 0.05);
}

TEST_F(OfflinePackagerTest, a_number_that_was_lost_in_a_kill_is_a_gap) {
  const std::int64_t last = playlist_of(*run(60 * 10)->shelf(), "v0").segments.back().msn;
  // As if it had been killed two segments later, before those were whole.
  ASSERT_TRUE(write_numbering(folder_, "live", {last + 3, 0}));
  const auto packager = run(60 * 5);
  const ReadPlaylist playlist = playlist_of(*packager->shelf(), "v0");
  ASSERT_EQ(playlist.segments.size(), 17U);
  EXPECT_TRUE(playlist.segments[10].gap && playlist.segments[11].gap);
  EXPECT_TRUE(playlist.segments[12].discontinuity);
}

TEST_F(OfflinePackagerTest, an_index_that_was_cut_or_tampered_with_does_no_harm) {
  run(60 * 10);
  for (const auto& entry : fs::directory_iterator(folder_ / "live")) {
    if (entry.path().extension() == ".jsonl")
      std::ofstream(entry.path(), std::ios::app) << "{\"rendition\":\"../../etc\",\"msn\":1}\n{\"rendition\": \"v0";
  }
  const auto packager = run(60 * 5);
  EXPECT_EQ(playlist_of(*packager->shelf(), "v0").segments.size(), 15U);
}

}  // namespace
}  // namespace mainstay::package
