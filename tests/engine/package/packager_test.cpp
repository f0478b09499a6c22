#include "engine/package/packager.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>

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

}  // namespace
}  // namespace mainstay::package
