// The history of one show: its revisions, on disk (SQLite), written by a thread of its own.
// Owned by the studio; one at a time for a file.
// Thread-safety: all members from any thread. Writing never waits for the disk, but for what says so; reading goes
// through a connection of its own, which does not wait for the writer.
//
// append() hands out the number at once; `done` says later whether the revision is stored. Until then it is read like
// any other by document() and undo_row(), so undo does not wait either; lists, tags and differences are of what is
// stored. Changes that wait together are stored in one transaction. What could not be stored (a full disk) is gone from
// the history, its number is not used again, and the history goes on after it as if it had not been.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/result.h"
#include "engine/studio/history_store.h"
#include "engine/studio/revision.h"
#include "engine/studio/session.h"
#include "engine/studio/undo.h"

namespace mainstay {

class History {
 public:
  /// Called once, on the history's thread, in the order of the calls; must not block, nor call what waits. With
  /// Errc::again, because too much waits already, it is called at once, by the call itself.
  using Done = std::function<void(Status)>;

  struct Opened {
    std::unique_ptr<History> history;
    std::string warning;  ///< for the operator: the old one was damaged, or none can be written; empty when all is well
  };
  /// There always is a history: a damaged file is renamed and a fresh one begun; where none can be written, or another
  /// process has it, it is in memory. Fails only when there is no memory.
  static Result<Opened> open(const std::string& path, Clock& clock, HistoryLimits limits = {});
  /// For offline runs and tests: gone with the object.
  static Result<std::unique_ptr<History>> open_in_memory(Clock& clock, HistoryLimits limits = {});
  /// Stores what waits. Sessions end by end_session() only.
  ~History();
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  bool in_memory() const;

  // --- writing

  /// The number of the new revision. Errc::again when too much waits already: nothing is stored and `done` not called.
  Result<std::int64_t> append(Draft draft, Done done = {});
  /// Where the next change is made from: the newest revision that is stored or waits to be. Number 0: none.
  UndoRow current() const;
  /// A name that no revision has yet, for one that is stored or waits to be. Errors (also of the next two) go to
  /// `done`.
  void tag(std::string name, std::int64_t number, Done done = {});
  void untag(std::string name, Done done = {});
  /// The revision was on air for a while without trouble.
  void mark_good(std::int64_t number, Done done = {});
  /// The session has lasted long enough that crashes before it do not count any more.
  void session_is_steady(Done done = {});
  /// Waits for the disk: when a show is opened.
  Result<SessionStart> begin_session();
  /// Waits for the disk, and for all that was called before: when a show is closed.
  Status end_session();
  /// Waits until all that was called before is done.
  void flush();

  // --- reading: Errc::invalid for what is not there

  static constexpr std::size_t kMostListed = 1000;
  /// The newest first, at most `limit` and kMostListed, with numbers below `before` (0: from the newest on).
  Result<std::vector<Revision>> list(std::size_t limit, std::int64_t before = 0) const;
  Result<Revision> revision(std::int64_t number) const;
  Result<show::Json> document(std::int64_t number) const;
  Result<UndoRow> undo_row(std::int64_t number) const;
  /// undo_row() as engine/studio/undo.h takes it.
  UndoLookup undo_lookup() const;
  Result<std::int64_t> find_tag(std::string_view name) const;
  /// RFC 6902, from the one document to the other.
  Result<show::Json> diff(std::int64_t from, std::int64_t to) const;

 private:
  struct Impl;
  explicit History(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mainstay
