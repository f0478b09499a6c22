// Keeps what a show was and is: its file, its history, and what to begin with after a crash.
// Owned by the studio core.
// Thread-safety: one thread at a time: the control thread, or works for it where the disk is waited for (open(), and
// close() at the end of the program). Saving and watching the file happen on a thread of its own ("disk").
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/core/clock.h"
#include "engine/studio/command.h"
#include "engine/studio/control_thread.h"
#include "engine/studio/history.h"
#include "engine/studio/open_show.h"
#include "engine/studio/show_file.h"

namespace mainstay {

class ShowKeeper {
 public:
  struct Options {
    bool on_disk = true;  ///< false: the history is gone with the studio (offline runs, `check`)
  };
  /// `changed`: the file was changed by another program; called on the disk thread.
  using Changed = std::function<void(const std::string& path, ShowFile::Change change)>;

  ShowKeeper(Clock& clock, Options options, Changed changed);
  ~ShowKeeper();

  /// What there is to say when a show is opened.
  struct Opened {
    std::string warning;                   ///< the history could not be used; empty when all is well
    std::optional<std::int64_t> revision;  ///< to begin with instead of the file, after a crash
    std::string sentence;                  ///< about the crash
    int crashes = 0;
  };
  /// Takes up the history of the file (empty path: of a new show) and begins a session.
  Opened open(const std::string& path);
  /// Ends the session in good order.
  void close();
  /// Does what the disk thread has to do still; `changed` is not called any more once it returns.
  void finish() { disk_.finish(); }

  std::shared_ptr<History> history() const { return history_; }

  /// Writes the document to the file and makes it the show's, then `done` on the disk thread.
  void save(const std::string& path, std::string text, std::function<void(Status)> done);
  /// Writes a copy.
  void export_to(const std::string& path, std::string text, std::function<void(Status)> done);

  /// Called now and then with the revision that runs: what has been on air for a while is good to come back to.
  void look(std::int64_t revision, bool on_air);

 private:
  void poll();

  Clock& clock_;
  const Options options_;
  const Changed changed_;
  std::shared_ptr<History> history_;
  std::mutex file_mutex_;
  std::shared_ptr<ShowFile> file_;
  std::int64_t watched_revision_ = 0;
  Instant watched_since_{};
  bool marked_ = false;
  Instant session_since_{};
  bool steady_ = false;
  ControlThread disk_;  // last: uses all of the above
};

}  // namespace mainstay
