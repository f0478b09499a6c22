// Writing a history's tables: revisions, tags, sessions, and what is thrown away in time.
// Owned by History, whose writer thread runs it within a transaction; only the history's own files include this header.
// Thread-safety: one thread at a time.
//
// After a transaction that was rolled back the caller says abandoned(): the store looks anew at what the database has.
// A revision that was lost leaves a hole in the numbers; the next one stores its full document.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/ffi/sqlite/sqlite_database.h"
#include "engine/studio/revision.h"
#include "engine/studio/session.h"

namespace mainstay {

struct HistoryLimits {
  std::size_t revisions = 10'000;  ///< kept besides those with a tag
  std::size_t full_every = 50;     ///< a full document at every so many
  std::size_t tags = 200;
  std::int64_t bytes = 512ll * 1024 * 1024;  ///< of the database; above it the older half goes
  std::size_t waiting = 1024;                ///< changes not yet stored
  std::int64_t waiting_bytes = 64ll * 1024 * 1024;
};

class HistoryStore {
 public:
  HistoryStore(ffi::SqliteDatabase& database, const HistoryLimits& limits) : database_(database), limits_(limits) {}

  /// Errc::invalid: this one change cannot be stored, others can. Every other error spoils the transaction.
  Status append(std::int64_t number, UtcInstant at, const Draft& draft);
  Status tag(const std::string& name, std::int64_t number);
  Status untag(const std::string& name);
  Status mark_good(std::int64_t number);
  Result<SessionStart> begin_session();
  Status session_is_steady();
  Status end_session();
  /// Throws the oldest away when there are more than the limits allow.
  Status prune();

  void abandoned();
  /// An appended revision that is not stored: links to it become links to where its undo leads.
  void lost(std::int64_t number, std::int64_t undo_to);
  /// The newest revision there is in the transaction; number 0: none.
  const UndoRow& newest() const { return newest_; }

 private:
  Status look();
  Status insert(std::int64_t number, UtcInstant at, const Draft& draft, bool full);
  UndoLinks stored_links(UndoLinks links) const;
  Status make_full(std::int64_t number);
  Status throw_away_before(std::int64_t cutoff);

  ffi::SqliteDatabase& database_;
  const HistoryLimits limits_;
  bool looked_ = false;
  UndoRow newest_;
  std::shared_ptr<const show::Json> base_;  // the document of newest_; null: to be read
  std::int64_t last_full_ = 0;
  std::int64_t rows_ = 0;
  std::optional<ffi::SqliteStatement> insert_;
  std::map<std::int64_t, std::int64_t> lost_;
};

}  // namespace mainstay
