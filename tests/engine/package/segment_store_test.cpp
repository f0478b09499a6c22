#include "engine/package/segment_store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace mainstay::package {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class SegmentStoreTest : public ::testing::Test {
 protected:
  SegmentStoreTest() : folder_(fs::temp_directory_path() / fmt::format("mainstay-store-{}", ::getpid())) {
    fs::create_directories(folder_);
    store_ = std::make_unique<SegmentStore>(folder_);
  }
  ~SegmentStoreTest() override { fs::remove_all(folder_); }

  void keep(const std::string& rendition, std::int64_t msn) {
    KeptSegment kept;
    kept.rendition = rendition;
    kept.segment.msn = msn;
    kept.segment.duration_us = 1'000'000;
    kept.segment.uri = fmt::format("s{}.m4s", msn);
    auto owner = std::make_shared<const std::string>(fmt::format("{}", msn));
    auto item = std::make_shared<Item>();
    item->bytes = *owner;
    item->owner = owner;
    store_->keep(std::move(kept), {{rendition + "/" + fmt::format("s{}.m4s", msn), std::move(item)}});
    store_->settle();
  }

  const fs::path folder_;
  std::unique_ptr<SegmentStore> store_;
};

TEST_F(SegmentStoreTest, what_is_kept_is_found_by_a_later_run) {
  keep("v0", 7);
  keep("v0", 8);
  const auto found = SegmentStore::load(folder_);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].segment.msn, 8);
  EXPECT_EQ(store_->trouble(), "");
}

// A full disk often has room for sound, and what is removed goes well: neither makes it well.
TEST_F(SegmentStoreTest, trouble_is_one_text_until_everything_has_fitted_for_a_while) {
  std::ofstream(folder_ / "v0") << "a file where a folder should be";
  keep("v0", 1);
  const std::string trouble = store_->trouble();
  EXPECT_THAT(trouble, HasSubstr("segments cannot be kept in " + folder_.string()));
  for (std::int64_t msn = 2; msn < 20; ++msn) {
    keep("v0", msn);
    EXPECT_EQ(store_->trouble(), trouble);
    keep("a0", msn);
    EXPECT_EQ(store_->trouble(), trouble);
    store_->remove({fmt::format("a0/s{}.m4s", msn)});
    store_->settle();
    EXPECT_EQ(store_->trouble(), trouble);
  }
  fs::remove(folder_ / "v0");
  for (std::int64_t msn = 20; msn < 29; ++msn) {
    keep("v0", msn);
    keep("a0", msn);
  }
  EXPECT_EQ(store_->trouble(), "");
}

TEST_F(SegmentStoreTest, what_no_index_names_is_removed_and_what_is_not_ours_is_not) {
  keep("v0", 7);
  for (const char* name :
       {"s8.m4s", "s9.m4s.new", "i7.m4s", "init3.mp4", "s.m4s", "notes.txt", "song8.m4s", "s8.m4s.bak"})
    std::ofstream(folder_ / "v0" / name) << "x";
  EXPECT_EQ(SegmentStore::load(folder_).size(), 1U);
  std::vector<std::string> left;
  for (const auto& entry : fs::directory_iterator(folder_ / "v0")) left.push_back(entry.path().filename());
  EXPECT_THAT(left, ::testing::UnorderedElementsAre("s7.m4s", "s.m4s", "notes.txt", "song8.m4s", "s8.m4s.bak"));
}

TEST_F(SegmentStoreTest, a_segment_that_did_not_fit_is_told_as_kept_by_nobody) {
  std::ofstream(folder_ / "v0") << "a file where a folder should be";
  keep("v0", 1);
  keep("a0", 1);
  EXPECT_THAT(store_->take_kept(), ::testing::ElementsAre(std::pair<std::string, std::int64_t>("a0", 1)));
  EXPECT_EQ(SegmentStore::load(folder_).size(), 1U);
}

}  // namespace
}  // namespace mainstay::package
