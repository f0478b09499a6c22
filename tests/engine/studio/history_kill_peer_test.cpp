// A process that stores revisions as fast as it can is killed at any moment: what it acknowledged is there.
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/show/document_diff.h"
#include "tests/engine/studio/history_support.h"

namespace mainstay {
namespace {

/// The child: appends without end; each number goes into the pipe once it is stored.
[[noreturn]] void append_until_killed(const std::string& path, int pipe) {
  SteadyClock clock;
  auto opened = History::open(path, clock, {.revisions = 1000});
  if (!opened || !opened->warning.empty()) ::_exit(2);
  History& history = *opened->history;
  while (true) {
    const std::int64_t next = history.current().number + 1;
    const auto number = history.append(edit(history, numbered_document(next)), [pipe, next](const Status& status) {
      if (!status || ::write(pipe, &next, sizeof next) != sizeof next) ::_exit(3);
    });
    if (!number) history.flush();
  }
}

class Child {
 public:
  explicit Child(const std::string& path) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    process_ = ::fork();
    if (process_ == 0) {
      ::close(ends[0]);
      append_until_killed(path, ends[1]);
    }
    ::close(ends[1]);
    pipe_ = ends[0];
  }
  ~Child() { ::close(pipe_); }

  /// Takes what the child acknowledges until `lasting` after the first; then kills it and takes the rest.
  std::int64_t kill_after(Nanos lasting) {
    SteadyClock clock;
    read_one();
    const Instant end = clock.now() + lasting;
    while (clock.now() < end) {
      pollfd readable{pipe_, POLLIN, 0};
      if (::poll(&readable, 1, 0) > 0) read_one();
    }
    ::kill(process_, SIGKILL);
    while (read_one()) {
    }
    int status = 0;
    ::waitpid(process_, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the child ended by itself: " << status;
    return last_;
  }

 private:
  bool read_one() {
    std::int64_t number = 0;
    if (::read(pipe_, &number, sizeof number) != sizeof number) return false;
    EXPECT_TRUE(last_ == 0 || number == last_ + 1) << "acknowledged out of order";
    last_ = number;
    return true;
  }

  pid_t process_ = -1;
  int pipe_ = -1;
  std::int64_t last_ = 0;
};

TEST(HistoryKillTest, NoAcknowledgedRevisionIsLostAndTheHistoryAlwaysOpens) {
  const HistoryFolder folder;
  const std::string path = folder.file("show.history");
  std::mt19937 random(50);
  std::int64_t acknowledged = 0;
  std::int64_t checked = 0;
  for (int round = 0; round < 50; ++round) {
    acknowledged = Child(path).kill_after(Micros(random() % 8000));
    ASSERT_GT(acknowledged, 0) << "round " << round;

    SteadyClock clock;
    auto opened = History::open(path, clock, {.revisions = 1000});
    ASSERT_TRUE(opened);
    ASSERT_EQ(opened->warning, "") << "round " << round;
    ASSERT_FALSE(opened->history->in_memory());
    const auto kept = opened->history->list(History::kMostListed);
    ASSERT_TRUE(kept);
    ASSERT_GE(kept->front().number, acknowledged) << "round " << round;
    // None is missing between the oldest kept and the newest, and each new one, and some of the old, is what it was.
    std::int64_t expected = kept->front().number;
    for (const Revision& revision : *kept) {
      ASSERT_EQ(revision.number, expected--);
      if (revision.number <= checked && revision.number % 17 != 0) continue;
      const auto document = opened->history->document(revision.number);
      ASSERT_TRUE(document) << document.error().describe();
      ASSERT_TRUE(show::same_document(*document, numbered_document(revision.number))) << revision.number;
    }
    checked = kept->front().number;
  }
  RecordProperty("revisions", static_cast<int>(acknowledged));
}

}  // namespace
}  // namespace mainstay
