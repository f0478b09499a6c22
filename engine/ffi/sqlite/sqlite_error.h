// SQLite's errors as ours: what the caller can do about them, in words.
// Only .cpp files of engine/ffi/sqlite include this header.
// Thread-safety: from the thread that uses the connection.
#pragma once

#include <sqlite3.h>

#include "engine/core/result.h"

namespace mainstay::ffi::sqlite {

/// What went wrong with the last call on `database` (null: there was no memory for one), which returned `code`.
Error error_of(sqlite3* database, int code);

}  // namespace mainstay::ffi::sqlite
