// What happens to a history when its file, folder or disk does not do as it should.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <future>

#include "engine/ffi/sqlite/sqlite_database.h"
#include "engine/show/document_diff.h"
#include "tests/engine/studio/history_support.h"

namespace mainstay {
namespace {

using show::Json;

class HistoryFaultsTest : public ::testing::Test {
 protected:
  History::Opened open(HistoryLimits limits = {}) {
    auto opened = History::open(path_, clock_, limits);
    EXPECT_TRUE(opened);
    return std::move(opened).value();
  }
  /// A healthy file with `count` revisions.
  void fill(int count) {
    auto opened = open();
    EXPECT_EQ(opened.warning, "");
    append(*opened.history, count);
  }
  static void append(History& history, int count) {
    for (int i = 0; i < count; ++i)
      ASSERT_TRUE(history.append(edit(history, numbered_document(history.current().number + 1))));
    history.flush();
  }
  static void expect_document(const History& history, std::int64_t number) {
    const auto document = history.document(number);
    ASSERT_TRUE(document) << document.error().describe();
    EXPECT_TRUE(show::same_document(*document, numbered_document(number))) << number;
  }
  /// The file was set aside with a word, and a fresh one works and lasts.
  void expect_begun_anew() {
    {
      auto opened = open();
      EXPECT_NE(opened.warning.find(".broken-20270115T080000Z"), std::string::npos) << opened.warning;
      EXPECT_NE(opened.warning.find("begins anew"), std::string::npos) << opened.warning;
      EXPECT_FALSE(opened.history->in_memory());
      EXPECT_EQ(opened.history->current().number, 0);
      append(*opened.history, 3);
    }
    auto opened = open();
    EXPECT_EQ(opened.warning, "");
    EXPECT_EQ(opened.history->current().number, 3);
  }

  HistoryFolder folder_;
  const std::string path_ = folder_.file("show.history");
  ManualClock clock_{ManualClock::Drive::test, UtcInstant(Seconds(1'800'000'000))};
};

TEST_F(HistoryFaultsTest, NobodyElseMayReadTheFiles) {
  write_file(path_, "");
  ::chmod(path_.c_str(), 0666);
  auto opened = open();
  append(*opened.history, 1);
  for (const std::string& name : folder_.names("show.history")) {
    struct stat info {};
    ASSERT_EQ(::stat(folder_.file(name).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u) << name;
  }
  EXPECT_EQ(folder_.names("show.history-wal").size(), 1u);
}

TEST_F(HistoryFaultsTest, RandomBytesAreSetAside) {
  std::mt19937 random(3);
  for (const std::size_t size : {10u, 100u, 600u, 50'000u}) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    write_file(path_, bytes);
    expect_begun_anew();
    const auto aside = folder_.names("show.history.broken-");
    ASSERT_FALSE(aside.empty());
    EXPECT_EQ(read_file(folder_.file(aside.back())), bytes) << size;
    for (const std::string& name : folder_.names("show.history")) std::filesystem::remove(folder_.file(name));
  }
}

TEST_F(HistoryFaultsTest, ATruncatedFileIsSetAside) {
  fill(300);
  const std::string whole = read_file(path_);
  ASSERT_GT(whole.size(), 50'000u);
  for (const std::size_t size : {whole.size() - 4096, whole.size() / 2, std::size_t{4096}, std::size_t{50}}) {
    for (const std::string& name : folder_.names("show.history")) std::filesystem::remove(folder_.file(name));
    write_file(path_, whole.substr(0, size));
    expect_begun_anew();
  }
}

TEST_F(HistoryFaultsTest, DamageInTheMiddleIsSetAsideOrAnErrorAndTheHistoryGoesOn) {
  fill(300);
  const std::string whole = read_file(path_);
  std::mt19937 random(11);
  int set_aside = 0;
  for (int round = 0; round < 20; ++round) {
    for (const std::string& name : folder_.names("show.history")) std::filesystem::remove(folder_.file(name));
    std::string damaged = whole;
    const std::size_t at = random() % (damaged.size() - 600);
    for (std::size_t i = 0; i < 512; ++i) damaged[at + i] = static_cast<char>(random());
    write_file(path_, damaged);
    auto opened = open();
    if (!opened.warning.empty()) {
      ++set_aside;
      continue;
    }
    // SQLite finds damage to its own structure. Damage to our text shows when it is read.
    for (std::int64_t number = 1; number <= 300; number += 7) {
      if (const auto document = opened.history->document(number); !document) {
        EXPECT_TRUE(document.error().code == Errc::corrupt || document.error().code == Errc::invalid);
      }
    }
    append(*opened.history, 60);
    EXPECT_TRUE(opened.history->document(opened.history->current().number));
  }
  EXPECT_GT(set_aside, 3);
}

TEST_F(HistoryFaultsTest, TwoFilesSetAsideInOneSecondAreBothKept) {
  for (int i = 0; i < 3; ++i) {
    write_file(path_, "not a database " + std::to_string(i) + std::string(1000, ' '));
    EXPECT_NE(open().warning, "");
  }
  EXPECT_EQ(folder_.names("show.history.broken-").size(), 3u);
}

TEST_F(HistoryFaultsTest, AnotherProgramsDatabaseIsSetAsideUnchanged) {
  {
    auto database = ffi::SqliteDatabase::open(path_, ffi::SqliteOpen::create, Millis(1));
    ASSERT_TRUE(database->execute("CREATE TABLE bookmarks (url TEXT)"));
  }
  const std::string before = read_file(path_);
  expect_begun_anew();
  EXPECT_EQ(read_file(folder_.file(folder_.names("show.history.broken-").at(0))), before);
}

TEST_F(HistoryFaultsTest, AHistoryOfANewerMainstayIsLeftAsItIs) {
  fill(2);
  {
    auto database = ffi::SqliteDatabase::open(path_, ffi::SqliteOpen::write, Millis(1));
    ASSERT_TRUE(database->execute("PRAGMA user_version=99"));
  }
  const auto opened = open();
  EXPECT_TRUE(opened.history->in_memory());
  EXPECT_NE(opened.warning.find("newer Mainstay"), std::string::npos) << opened.warning;
  EXPECT_TRUE(folder_.names("show.history.broken-").empty());
}

TEST_F(HistoryFaultsTest, WhereNothingCanBeWrittenItIsInMemory) {
  write_file(folder_.file("plain"), "");
  ASSERT_EQ(::mkfifo(folder_.file("fifo").c_str(), 0600), 0);
  for (const std::string& path : {folder_.file("no/folder/show.history"), folder_.file("plain/show.history"),
                                  folder_.file("fifo"), folder_.file(""), std::string("/proc/show.history")}) {
    auto opened = History::open(path, clock_);
    ASSERT_TRUE(opened) << path;
    EXPECT_TRUE(opened->history->in_memory()) << path;
    EXPECT_NE(opened->warning.find("is in memory and ends with this run"), std::string::npos) << opened->warning;
    append(*opened->history, 60);
    expect_document(*opened->history, 57);
  }
}

TEST_F(HistoryFaultsTest, OneHistoryAtATimeHasTheFile) {
  auto first = open();
  append(*first.history, 2);
  auto second = open();
  EXPECT_TRUE(second.history->in_memory());
  EXPECT_NE(second.warning.find("another Mainstay has it open"), std::string::npos) << second.warning;
  first.history.reset();
  second.history.reset();
  EXPECT_EQ(open().history->current().number, 2);
}

/// No file of this process may grow beyond `bytes`, as if the disk were full.
class FullDisk {
 public:
  explicit FullDisk(std::uintmax_t bytes) {
    old_handler_ = ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{bytes, old_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    ::signal(SIGXFSZ, old_handler_);
  }

 private:
  rlimit old_{};
  sighandler_t old_handler_ = nullptr;
};

TEST_F(HistoryFaultsTest, AFullDiskIsSaidAndTheHistoryGoesOnWhenThereIsRoomAgain) {
  auto opened = open();
  History& history = *opened.history;
  append(history, 40);
  std::vector<std::int64_t> lost;
  std::string said;
  {
    const FullDisk full(std::filesystem::file_size(path_ + "-wal"));
    for (int i = 0; i < 20; ++i) {
      std::promise<Status> promise;
      const auto number = history.append(edit(history, numbered_document(history.current().number + 1)),
                                         [&](Status status) { promise.set_value(std::move(status)); });
      ASSERT_TRUE(number);
      const Status stored = promise.get_future().get();
      if (stored) continue;
      lost.push_back(*number);
      said = stored.error().describe();
      EXPECT_EQ(stored.error().code, Errc::io);
    }
  }
  ASSERT_GE(lost.size(), 10u);
  EXPECT_NE(said.find("disk"), std::string::npos) << said;
  EXPECT_EQ(history.current().number, 40);

  std::vector<std::int64_t> numbers;
  for (int i = 0; i < 60; ++i) {
    const std::int64_t next = i == 0 ? 61 : numbers.back() + 1;
    numbers.push_back(*history.append(edit(history, numbered_document(next))));
    ASSERT_EQ(numbers.back(), next);
  }
  history.flush();
  EXPECT_EQ(history.revision(61)->links.undo_to, 40);
  EXPECT_EQ(history.document(50).error().code, Errc::invalid);
  opened.history.reset();
  const auto reopened = open();
  EXPECT_EQ(reopened.warning, "");
  for (std::int64_t number = 1; number <= 40; ++number) expect_document(*reopened.history, number);
  for (const std::int64_t number : numbers) expect_document(*reopened.history, number);
}

/// Holds the database's write lock, so that the history's writer waits.
class BusyDatabase {
 public:
  explicit BusyDatabase(const std::string& path)
      : database_(std::move(*ffi::SqliteDatabase::open(path, ffi::SqliteOpen::write, Millis(1000)))) {
    EXPECT_TRUE(database_.execute("BEGIN IMMEDIATE"));
  }
  void release() { EXPECT_TRUE(database_.execute("ROLLBACK")); }

 private:
  ffi::SqliteDatabase database_;
};

TEST_F(HistoryFaultsTest, NothingWaitsForAWriterThatIsStuck) {
  auto opened = open();
  History& history = *opened.history;
  append(history, 5);
  BusyDatabase busy(path_);
  EXPECT_EQ(*history.append(edit(history, numbered_document(6))), 6);
  EXPECT_EQ(*history.append(edit(history, numbered_document(7))), 7);
  // What waits can be undone; what is stored can be listed.
  EXPECT_EQ(history.current(), (UndoRow{7, {.undo_to = 6, .redo_to = 0}}));
  expect_document(history, 6);
  EXPECT_EQ(undo_step(history.current(), history.undo_lookup())->target, 6);
  EXPECT_EQ(history.list(100)->size(), 5u);
  expect_document(history, 3);
  busy.release();
  history.flush();
  EXPECT_EQ(history.list(100)->size(), 7u);
}

TEST_F(HistoryFaultsTest, AFullQueueIsRefusedAtOnceAndAnswersComeInOrder) {
  auto opened = open({.waiting = 8});
  History& history = *opened.history;
  append(history, 1);
  BusyDatabase busy(path_);
  std::vector<std::int64_t> answered;  // by the history's thread, read after flush()
  std::vector<std::int64_t> taken;
  std::optional<Error> refused;
  while (!refused && taken.size() < 100) {
    const std::int64_t next = history.current().number + 1;
    const auto number = history.append(edit(history, numbered_document(next)), [&answered, next](const Status& status) {
      EXPECT_TRUE(status);
      answered.push_back(next);
    });
    if (number) {
      taken.push_back(*number);
    } else {
      refused = number.error();
    }
  }
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, Errc::again);
  EXPECT_GE(taken.size(), 8u);
  EXPECT_LE(taken.size(), 16u);  // one batch on its way, one waiting
  bool told = false;
  history.mark_good(1, [&](const Status& status) { told = !status && status.error().code == Errc::again; });
  EXPECT_TRUE(told);
  busy.release();
  history.flush();
  EXPECT_EQ(answered, taken);
  append(history, 1);
  expect_document(history, history.current().number);
}

TEST_F(HistoryFaultsTest, TheQueueIsBoundedInBytes) {
  auto opened = open({.waiting_bytes = 1'000'000});
  History& history = *opened.history;
  BusyDatabase busy(path_);
  const Json large = {{"notes", std::string(300'000, 'n')}};
  int taken = 0;
  while (taken < 100 && history.append(edit(history, large))) ++taken;
  EXPECT_GE(taken, 3);
  EXPECT_LE(taken, 6);
  busy.release();
}

}  // namespace
}  // namespace mainstay
