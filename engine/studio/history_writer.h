// The thread that stores a history's changes: what waits together goes into one transaction.
// Owned by History; only the history's own files include this header.
// Thread-safety: all members from any thread; post() does not block.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "engine/core/named_thread.h"
#include "engine/studio/history_store.h"

namespace mainstay {

class HistoryWriter {
 public:
  using Done = std::function<void(Status)>;
  using Run = std::function<Status(HistoryStore&)>;

  /// `shared`, when not null, is held during a transaction: others use the connection too.
  HistoryWriter(ffi::SqliteDatabase& database, std::mutex* shared, const HistoryLimits& limits, UndoRow newest);
  /// Runs what waits, then ends the thread.
  ~HistoryWriter();

  /// Errc::again when too much waits.
  Result<std::int64_t> append(UtcInstant at, Draft draft, Done done);
  enum class Room { within_limits, always };
  void post(Run run, Done done, Room room = Room::within_limits);

  UndoRow current() const;
  /// A revision that waits, or was stored lately.
  struct Recent {
    UndoRow row;
    std::shared_ptr<const show::Json> document;
  };
  std::optional<Recent> recent(std::int64_t number) const;

 private:
  struct Job {
    Run run;
    Done done;
    std::int64_t appended = 0;  ///< the number of the revision; 0: it is none
    std::int64_t undo_to = 0;
    Status status = {};
    UndoRow stored = {};
  };
  using Batch = std::deque<Job>;
  static constexpr std::size_t kRecent = 16;

  bool room_for(std::int64_t bytes) const;
  void run();
  void store(Batch& batch);
  Status write(Batch& batch);
  void settle(const Batch& batch);

  ffi::SqliteDatabase& database_;
  std::mutex* const shared_;
  const HistoryLimits limits_;
  HistoryStore store_;  // of the thread alone

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Batch waiting_;
  std::int64_t waiting_bytes_ = 0;
  bool closing_ = false;
  std::int64_t next_number_;
  UndoRow accepted_;  // the newest that was appended and is not lost
  UndoRow stored_;
  std::map<std::int64_t, Recent> recent_;
  NamedThread thread_;  // last: it uses all of the above
};

}  // namespace mainstay
