// The tables of a show's history, how a database is told to be one, and how older ones are brought up to date.
// Functions without state; only the history's own files include this header.
// Thread-safety: from the thread that uses the connection.
#pragma once

#include "engine/core/result.h"
#include "engine/ffi/sqlite/sqlite_database.h"

namespace mainstay {

/// What `PRAGMA application_id` says of a history: "MSTY".
inline constexpr std::int64_t kHistoryApplicationId = 0x4d535459;
/// What `PRAGMA user_version` says; rises with each entry of the list of migrations.
inline constexpr std::int64_t kHistoryVersion = 1;

/// Makes `database` ready: an empty one gets the tables, an older one is migrated, all is checked for damage.
/// Errc::corrupt: damaged, or no history at all (nothing was changed). Errc::unsupported: from a newer Mainstay.
Status prepare_history(ffi::SqliteDatabase& database);

}  // namespace mainstay
