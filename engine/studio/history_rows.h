// Reading a history's tables: lists of revisions, documents rebuilt, tags.
// Functions without state; only the history's own files include this header. What is read belongs together when the
// caller has a transaction open.
// Thread-safety: from the thread that uses the connection.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ffi/sqlite/sqlite_database.h"
#include "engine/studio/revision.h"

namespace mainstay::history_rows {

/// JSON as stored text and back. Errc::invalid for texts that are not UTF-8; Errc::corrupt.
Result<std::string> to_text(const show::Json& json);
Result<show::Json> from_text(const std::string& text);

/// The newest first, at most `limit`, with numbers below `before` (0: from the newest on).
Result<std::vector<Revision>> list(ffi::SqliteDatabase& database, std::size_t limit, std::int64_t before);
/// Errc::invalid when there is no such revision (any more), here and below.
Result<Revision> revision(ffi::SqliteDatabase& database, std::int64_t number);
Result<show::Json> document(ffi::SqliteDatabase& database, std::int64_t number);
Result<UndoRow> undo_row(ffi::SqliteDatabase& database, std::int64_t number);
Result<std::int64_t> tagged(ffi::SqliteDatabase& database, std::string_view name);

/// Number 0 when there is no revision.
Result<UndoRow> newest(ffi::SqliteDatabase& database);

}  // namespace mainstay::history_rows
