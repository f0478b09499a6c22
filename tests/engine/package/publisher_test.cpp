#include "engine/package/publisher.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <set>

namespace mainstay::package {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

ItemPtr item(const std::string& text, ItemKind kind = ItemKind::segment) {
  auto owner = std::make_shared<const std::string>(text);
  auto made = std::make_shared<Item>();
  made->kind = kind;
  made->bytes = *owner;
  made->owner = owner;
  made->etag = "\"" + text + "\"";
  return made;
}

/// Segments first to last of one rendition, and its playlists.
PublishViewPtr view(int first, int last) {
  auto made = std::make_shared<PublishView>();
  made->media.push_back({"v0/init.mp4", item("init")});
  for (int i = first; i <= last; ++i)
    made->media.push_back({fmt::format("v0/s{}.m4s", i), item(fmt::format("s{}", i)), i});
  made->playlists.push_back({"v0/index.m3u8", item(fmt::format("list {}-{}", first, last), ItemKind::media_playlist)});
  made->playlists.push_back({"index.m3u8", item("variants", ItemKind::multivariant)});
  made->window = Seconds(6);
  return made;
}

/// An origin in memory that can be broken.
struct Origin {
  std::mutex mutex;
  std::map<std::string, std::string> files;
  std::vector<std::string> calls;
  bool down = false;
  bool takes_only = false;  // gives no answer to who looks
  int looks = 0;
  std::size_t room = 1000;  // files
  /// Playlists that named what was not there when they came.
  std::vector<std::string> early;
};

class FakeTarget final : public PublishTarget {
 public:
  explicit FakeTarget(std::shared_ptr<Origin> origin) : origin_(std::move(origin)) {}
  Status put(const std::string& path, const ItemPtr& what, const std::stop_token&) override {
    std::lock_guard lock(origin_->mutex);
    if (origin_->down) return make_error(Errc::io, "down");
    if (origin_->files.size() >= origin_->room && !origin_->files.contains(path)) return make_error(Errc::io, "full");
    origin_->calls.push_back("PUT " + path);
    origin_->files[path] = what->bytes;
    int first = 0;
    int last = -1;
    if (std::sscanf(std::string(what->bytes).c_str(), "list %d-%d", &first, &last) == 2) {
      for (int i = first; i <= last; ++i) {
        if (!origin_->files.contains(fmt::format("v0/s{}.m4s", i))) origin_->early.push_back(fmt::format("s{}", i));
      }
    }
    return {};
  }
  Status remove(const std::string& path, const std::stop_token&) override {
    std::lock_guard lock(origin_->mutex);
    origin_->files.erase(path);
    origin_->calls.push_back("DELETE " + path);
    return {};
  }
  Result<bool> has(const std::string& path, const std::stop_token&) override {
    std::lock_guard lock(origin_->mutex);
    origin_->looks++;
    if (origin_->down || origin_->takes_only) return make_error(Errc::io, "down");
    return origin_->files.contains(path);
  }

 private:
  const std::shared_ptr<Origin> origin_;
};

class PublisherTest : public ::testing::Test {
 protected:
  void start(PublishOptions options = {}) {
    Publisher::Services services{clock_, log_,
                                 [this] {
                                   std::lock_guard lock(mutex_);
                                   return view_;
                                 },
                                 [this](const PublishStatus& status) {
                                   std::lock_guard lock(mutex_);
                                   told_.push_back(status.state + ": " + status.detail);
                                   told_more_.notify_all();
                                 }};
    publisher_ = std::make_unique<Publisher>(1, options, std::move(services), std::make_unique<FakeTarget>(origin_));
  }
  void show(PublishViewPtr next) {
    {
      std::lock_guard lock(mutex_);
      view_ = std::move(next);
    }
    publisher_->wake();
    publisher_->settle(Seconds(60));
  }
  std::set<std::string> names() const {
    std::lock_guard lock(origin_->mutex);
    std::set<std::string> out;
    for (const auto& [path, bytes] : origin_->files) out.insert(path);
    return out;
  }
  /// What was told, once it is so much: it is told after status() says it.
  std::vector<std::string> told(std::size_t count) {
    std::unique_lock lock(mutex_);
    told_more_.wait_for(lock, Seconds(60), [&] { return told_.size() >= count; });
    return told_;
  }
  /// The time of a back-off passes, until what waited for it has been done.
  void pass(Nanos time) {
    clock_.advance(time);
    publisher_->wake();
    publisher_->settle(Seconds(60));
  }

  ManualClock clock_;
  Log log_{{.level = LogLevel::off, .sink = [](std::string_view) {}}};
  std::shared_ptr<Origin> origin_ = std::make_shared<Origin>();
  std::mutex mutex_;
  PublishViewPtr view_;
  std::condition_variable told_more_;
  std::vector<std::string> told_;
  std::unique_ptr<Publisher> publisher_;
};

TEST_F(PublisherTest, segments_go_first_and_the_multivariant_playlist_last) {
  start();
  show(view(1, 2));
  EXPECT_THAT(origin_->calls,
              ElementsAre("PUT v0/init.mp4", "PUT v0/s1.m4s", "PUT v0/s2.m4s", "PUT v0/index.m3u8", "PUT index.m3u8"));
  EXPECT_EQ(publisher_->status().state, "live");
}

TEST_F(PublisherTest, what_is_there_is_not_put_again) {
  start();
  show(view(1, 3));
  origin_->calls.clear();
  show(view(1, 4));
  EXPECT_THAT(origin_->calls, ElementsAre("PUT v0/s4.m4s", "PUT v0/index.m3u8"));
}

TEST_F(PublisherTest, what_left_the_playlist_is_removed_one_window_later) {
  start();
  show(view(1, 3));
  show(view(2, 4));
  EXPECT_THAT(names(), Contains("v0/s1.m4s"));
  pass(Seconds(5));
  EXPECT_THAT(names(), Contains("v0/s1.m4s"));
  pass(Seconds(1));
  EXPECT_THAT(names(), ::testing::Not(Contains("v0/s1.m4s")));
}

TEST_F(PublisherTest, without_removal_everything_stays) {
  start({.url = "http://origin/", .remove = false});
  show(view(1, 3));
  show(view(2, 4));
  pass(Seconds(60));
  EXPECT_THAT(names(), Contains("v0/s1.m4s"));
}

TEST_F(PublisherTest, an_origin_that_was_down_is_brought_up_to_date_without_a_hole) {
  start();
  show(view(1, 3));
  origin_->down = true;
  show(view(2, 5));
  EXPECT_EQ(publisher_->status().state, "failed");
  EXPECT_EQ(publisher_->status().queued, 2);
  origin_->down = false;
  while (publisher_->status().state == "failed") clock_.advance(Millis(500));
  EXPECT_THAT(origin_->early, IsEmpty());
  EXPECT_THAT(names(), ::testing::IsSupersetOf({"v0/s4.m4s", "v0/s5.m4s"}));
  EXPECT_EQ(publisher_->status().lost, 0);
}

TEST_F(PublisherTest, an_origin_that_comes_back_empty_gets_all_that_is_listed_again) {
  start();
  show(view(1, 3));
  origin_->down = true;
  show(view(2, 4));
  {
    std::lock_guard lock(origin_->mutex);
    origin_->files.clear();
    origin_->down = false;
  }
  while (publisher_->status().state == "failed") clock_.advance(Millis(500));
  EXPECT_THAT(names(), ::testing::ElementsAre("index.m3u8", "v0/index.m3u8", "v0/init.mp4", "v0/s2.m4s", "v0/s3.m4s",
                                              "v0/s4.m4s"));
  EXPECT_THAT(origin_->early, IsEmpty());
  EXPECT_EQ(publisher_->status().lost, 0);
}

TEST_F(PublisherTest, an_origin_that_only_takes_files_is_brought_up_to_date_all_the_same) {
  origin_->takes_only = true;
  start();
  show(view(1, 3));
  EXPECT_EQ(origin_->looks, 0);
  origin_->down = true;
  show(view(2, 4));
  origin_->calls.clear();
  origin_->down = false;
  while (publisher_->status().state == "failed") clock_.advance(Millis(500));
  EXPECT_GT(origin_->looks, 0);
  EXPECT_THAT(origin_->calls, ElementsAre("PUT v0/s4.m4s", "PUT v0/index.m3u8", "DELETE v0/s1.m4s"));
  const int looks = origin_->looks;
  show(view(3, 5));
  EXPECT_EQ(origin_->looks, looks) << "one that is well is not asked";
}

TEST_F(PublisherTest, what_left_the_window_meanwhile_is_told_as_lost) {
  start();
  show(view(1, 3));
  origin_->down = true;
  show(view(2, 5));
  {
    std::lock_guard lock(mutex_);
    view_ = view(6, 8);
  }
  origin_->down = false;
  while (publisher_->status().state == "failed") clock_.advance(Millis(500));
  EXPECT_EQ(publisher_->status().lost, 2);
  EXPECT_EQ(publisher_->status().lost_segments, "4-5");
  EXPECT_THAT(origin_->early, IsEmpty());
  EXPECT_THAT(told(3), ElementsAre("live: ", "failed: down", "live: 2 files never got there, of segments 4-5"));
}

TEST_F(PublisherTest, what_came_and_went_between_two_attempts_is_lost_too) {
  start();
  show(view(1, 3));
  origin_->down = true;
  show(view(2, 5));
  {
    std::lock_guard lock(mutex_);
    view_ = view(20, 22);
  }
  origin_->down = false;
  while (publisher_->status().state == "failed") clock_.advance(Millis(500));
  EXPECT_EQ(publisher_->status().lost, 16);
  EXPECT_EQ(publisher_->status().lost_segments, "4-19");
}

TEST_F(PublisherTest, a_place_that_is_too_slow_for_good_says_so_now_and_then) {
  start();
  for (int first = 1; first < 100; first += 5) {
    show(view(first, first + 2));  // two are lost each time
    clock_.advance(Seconds(5));
  }
  EXPECT_EQ(publisher_->status().lost, 2 * 19);
  const std::vector<std::string> told = this->told(5);
  ASSERT_EQ(told.size(), 5U);
  EXPECT_EQ(told[0], "live: ");
  EXPECT_EQ(told[1], "live: 2 files never got there, of segments 4-5");
  EXPECT_EQ(told[2], "live: 12 files never got there, of segments 9-10, 14-15, 19-20, 24-25, 29-30, 34-35");
}

TEST_F(PublisherTest, a_full_folder_gets_room_from_what_nobody_lists_any_more) {
  PublishOptions options;
  options.path = "/a/folder";
  start(options);
  origin_->room = 6;
  show(view(1, 3));
  EXPECT_EQ(publisher_->status().state, "live");
  show(view(3, 5));
  EXPECT_EQ(publisher_->status().state, "failed");
  // One window later the first two are nobody's.
  while (publisher_->status().state == "failed") clock_.advance(Millis(500));
  EXPECT_THAT(names(),
              ElementsAre("index.m3u8", "v0/index.m3u8", "v0/init.mp4", "v0/s3.m4s", "v0/s4.m4s", "v0/s5.m4s"));
  EXPECT_THAT(origin_->early, IsEmpty());
  EXPECT_EQ(publisher_->status().lost, 0);
}

/// As view(), encrypted.
PublishViewPtr encrypted_view() {
  auto made = std::make_shared<PublishView>(*view(1, 2));
  made->keys.push_back({"keys/k1.key", item("0123456789abcdef", ItemKind::key)});
  made->playlists.front().item =
      item("#EXT-X-KEY:METHOD=AES-128,URI=\"../keys/k1.key\"\ns1.m4s\n", ItemKind::media_playlist);
  return made;
}

TEST_F(PublisherTest, keys_stay_here_unless_they_are_asked_for) {
  start();
  show(encrypted_view());
  EXPECT_THAT(names(), ElementsAre("index.m3u8", "v0/index.m3u8", "v0/init.mp4", "v0/s1.m4s", "v0/s2.m4s"));
}

TEST_F(PublisherTest, keys_that_are_asked_for_come_before_what_they_open) {
  start({.url = "http://origin/", .publish_key = true});
  show(encrypted_view());
  EXPECT_EQ(origin_->calls.front(), "PUT keys/k1.key");
  EXPECT_EQ(origin_->files["v0/index.m3u8"], "#EXT-X-KEY:METHOD=AES-128,URI=\"../keys/k1.key\"\ns1.m4s\n");
}

TEST_F(PublisherTest, playlists_name_the_key_server_of_that_place) {
  start({.url = "http://origin/", .key_uri = "https://keys.example/live/{file}?v=1"});
  show(encrypted_view());
  EXPECT_FALSE(origin_->files.contains("keys/k1.key"));
  EXPECT_EQ(origin_->files["v0/index.m3u8"],
            "#EXT-X-KEY:METHOD=AES-128,URI=\"https://keys.example/live/k1.key?v=1\"\ns1.m4s\n");
}

TEST_F(PublisherTest, a_receiver_without_folders_gets_keys_by_name) {
  start({.url = "https://a.upload.example/up?file=", .publish_key = true});
  show(encrypted_view());
  EXPECT_THAT(names(), ElementsAre("index.m3u8", "init.mp4", "k1.key", "s1.m4s", "s2.m4s"));
  EXPECT_THAT(origin_->files["index.m3u8"], ::testing::HasSubstr("URI=\"k1.key\""));
}

TEST(NumberRangesTest, what_follows_is_one_range_and_the_latest_are_kept) {
  NumberRanges ranges;
  EXPECT_EQ(ranges.text(), "");
  ranges.add(5, 5);
  ranges.add(6, 9);
  ranges.add(12, 12);
  EXPECT_EQ(ranges.text(), "5-9, 12");
  for (int i = 0; i < 100; ++i) ranges.add(20 + 2 * i, 20 + 2 * i);
  const std::string latest = ranges.text();
  EXPECT_TRUE(latest.ends_with("214, 216, 218"));
  EXPECT_EQ(std::count(latest.begin(), latest.end(), ','), 15);
}

TEST_F(PublisherTest, a_receiver_of_one_rendition_gets_names_without_folders) {
  start({.url = "https://a.upload.example/http_upload_hls?cid=KEY&copy=0&file="});
  show(view(1, 2));
  EXPECT_THAT(names(), ElementsAre("index.m3u8", "init.mp4", "s1.m4s", "s2.m4s"));
  EXPECT_THAT(origin_->files["index.m3u8"], "list 1-2");
  EXPECT_EQ(publisher_->status().where, "https://a.upload.example");
}

TEST_F(PublisherTest, addresses_take_the_name_where_they_say) {
  EXPECT_EQ(address_of("http://a/live", "v0/s1.m4s"), "http://a/live/v0/s1.m4s");
  EXPECT_EQ(address_of("http://a/live/", "v0/s1.m4s"), "http://a/live/v0/s1.m4s");
  EXPECT_EQ(address_of("http://a/live?k=1", "s1.ts"), "http://a/live/s1.ts?k=1");
  EXPECT_EQ(address_of("http://a/up?file=", "s1.ts"), "http://a/up?file=s1.ts");
  EXPECT_EQ(address_of("http://a/{file}?k=1", "s1.ts"), "http://a/s1.ts?k=1");
}

TEST_F(PublisherTest, a_folder_is_written_whole_file_by_whole_file) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / fmt::format("mainstay-publish-{}", ::getpid());
  PublishOptions options;
  options.path = folder;
  const auto target = open_target(options, clock_);
  ASSERT_TRUE(target->put("v0/s1.m4s", item("bytes"), {}));
  std::ifstream file(folder / "v0/s1.m4s");
  std::string text;
  file >> text;
  EXPECT_EQ(text, "bytes");
  EXPECT_FALSE(fs::exists(folder / "v0/s1.m4s.new"));
  ASSERT_TRUE(target->remove("v0/s1.m4s", {}));
  ASSERT_TRUE(target->remove("v0/s1.m4s", {}));
  EXPECT_FALSE(fs::exists(folder / "v0/s1.m4s"));
  fs::remove_all(folder);
  options.path = "/proc/no/such/place";
  EXPECT_FALSE(open_target(options, clock_)->put("s1", item("x"), {}));
}

}  // namespace
}  // namespace mainstay::package
