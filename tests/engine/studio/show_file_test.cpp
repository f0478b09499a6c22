#include "engine/studio/show_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/engine/studio/history_support.h"

namespace mainstay {
namespace {

class ShowFileTest : public ::testing::Test {
 protected:
  ShowFileTest() { write_file(path_, "one"); }

  std::optional<ShowFile::Change> poll() {
    auto change = file_.poll();
    EXPECT_TRUE(change);
    return change ? *change : std::nullopt;
  }
  static unsigned mode(const std::string& path) {
    struct stat info {};
    EXPECT_EQ(::stat(path.c_str(), &info), 0);
    return info.st_mode & 07777;
  }
  void expect_nothing_left_beside() { EXPECT_EQ(folder_.names("").size(), 1u); }

  HistoryFolder folder_;
  const std::string path_ = folder_.file("show.json");
  SteadyClock clock_;
  ShowFile file_{path_, clock_};
};

TEST_F(ShowFileTest, SavesOverTheOldFileAndKeepsItsMode) {
  ::chmod(path_.c_str(), 0640);
  EXPECT_TRUE(file_.save("two"));
  EXPECT_EQ(read_file(path_), "two");
  EXPECT_EQ(mode(path_), 0640u);
  expect_nothing_left_beside();
}

TEST_F(ShowFileTest, ANewFileIsItsOwnersOnly) {
  std::filesystem::remove(path_);
  EXPECT_TRUE(file_.save("new"));
  EXPECT_EQ(read_file(path_), "new");
  EXPECT_EQ(mode(path_), 0600u);
}

TEST_F(ShowFileTest, WhoeverHasTheOldFileOpenSeesItWhole) {
  std::ifstream reader(path_);
  EXPECT_TRUE(file_.save("two"));
  std::string seen;
  reader >> seen;
  EXPECT_EQ(seen, "one");
}

TEST_F(ShowFileTest, ASymbolicLinkStaysOne) {
  const std::string link = folder_.file("link.json");
  std::filesystem::create_symlink("show.json", link);
  ShowFile linked(link, clock_);
  EXPECT_TRUE(linked.save("through the link"));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(read_file(path_), "through the link");
}

TEST_F(ShowFileTest, ARelativePathWorks) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(std::filesystem::path(path_).parent_path());
  ShowFile relative("show.json", clock_);
  EXPECT_TRUE(relative.save("relative"));
  std::filesystem::current_path(before);
  EXPECT_EQ(read_file(path_), "relative");
  expect_nothing_left_beside();
}

TEST_F(ShowFileTest, AFullDiskLeavesTheOldFile) {
  const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const rlimit limit{1000, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  const Status saved = file_.save(std::string(5000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &old);
  ::signal(SIGXFSZ, old_handler);
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, Errc::io);
  EXPECT_NE(saved.error().message.find("free some space or save elsewhere"), std::string::npos)
      << saved.error().message;
  EXPECT_EQ(read_file(path_), "one");
  expect_nothing_left_beside();
  EXPECT_TRUE(file_.save(std::string(5000, 'x')));
}

TEST_F(ShowFileTest, WhereNothingCanBeWrittenItIsSaid) {
  for (const char* path : {"/proc/show.json", "/no/such/folder/show.json"}) {
    const Status saved = ShowFile(path, clock_).save("x");
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, Errc::io);
    EXPECT_NE(saved.error().message.find(path), std::string::npos) << saved.error().message;
  }
}

TEST_F(ShowFileTest, OurOwnSavesAreNoChanges) {
  EXPECT_EQ(*file_.load(), "one");
  EXPECT_FALSE(poll());
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(file_.save("save " + std::to_string(i)));
    EXPECT_FALSE(poll());
    EXPECT_FALSE(poll());
  }
}

TEST_F(ShowFileTest, AChangeFromOutsideIsToldOnce) {
  ASSERT_TRUE(file_.load());
  write_file(path_, "two");  // of the same length, within the same step of the file's time
  auto change = poll();
  ASSERT_TRUE(change);
  EXPECT_FALSE(change->removed);
  EXPECT_EQ(change->text, "two");
  EXPECT_FALSE(poll());
  write_file(path_, "six");
  EXPECT_EQ(poll()->text, "six");
  ASSERT_TRUE(file_.save("ours"));
  EXPECT_FALSE(poll());
}

TEST_F(ShowFileTest, AnEditorThatReplacesTheFileIsNoticed) {
  ASSERT_TRUE(file_.save("ours"));
  write_file(folder_.file("other"), "theirs");
  std::filesystem::rename(folder_.file("other"), path_);
  EXPECT_EQ(poll()->text, "theirs");
}

TEST_F(ShowFileTest, AnOldFileThatIsChangedIsNoticedByItsTimes) {
  const auto long_ago = std::filesystem::last_write_time(path_) - std::chrono::hours(1);
  ASSERT_TRUE(file_.load());
  std::filesystem::last_write_time(path_, long_ago);
  EXPECT_FALSE(poll());  // touched only
  write_file(path_, "two");
  EXPECT_EQ(poll()->text, "two");
}

TEST_F(ShowFileTest, OnceItsTimesAreOldTheyTellAChangeAlone) {
  ManualClock later(ManualClock::Drive::test, clock_.utc_now() + Seconds(60));
  ShowFile file(path_, later);
  ASSERT_TRUE(file.load());
  EXPECT_FALSE(*file.poll());
  write_file(path_, "longer than one");
  const auto change = file.poll();
  ASSERT_TRUE(change && *change);
  EXPECT_EQ((*change)->text, "longer than one");
}

TEST_F(ShowFileTest, ARemovedFileIsToldOnceAndItsReturnToo) {
  ASSERT_TRUE(file_.load());
  std::filesystem::remove(path_);
  EXPECT_TRUE(poll()->removed);
  EXPECT_FALSE(poll());
  write_file(path_, "back");
  EXPECT_EQ(poll()->text, "back");
}

TEST_F(ShowFileTest, AFileThatIsNoShowIsAnErrorToldOnce) {
  ASSERT_TRUE(file_.load());
  std::filesystem::resize_file(path_, 64 * 1024 * 1024);
  const auto change = file_.poll();
  ASSERT_FALSE(change);
  EXPECT_EQ(change.error().code, Errc::invalid);
  EXPECT_FALSE(poll());
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_EQ(file_.load().error().code, Errc::io);
}

}  // namespace
}  // namespace mainstay
