// A connection to an SQLite database and a transaction on it; errors are values, mapped once (sqlite_error.h).
// Owned by the store that keeps its data in it.
// Thread-safety: one thread at a time; two connections to one file are independent of each other.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/core/time.h"
#include "engine/ffi/sqlite/sqlite_statement.h"

struct sqlite3;

namespace mainstay::ffi {

enum class SqliteOpen {
  read,    ///< the file must be there; nothing is changed through this connection
  write,   ///< the file must be there
  create,  ///< made when it is not there
};

class SqliteDatabase {
 public:
  /// `busy` is how long a statement waits for another program's lock before Errc::again. Errc::corrupt shows only with
  /// the first statement: opening does not read the file.
  static Result<SqliteDatabase> open(const std::string& path, SqliteOpen mode, Millis busy);
  /// One of its own, gone with the connection.
  static Result<SqliteDatabase> open_in_memory();

  /// One or more statements without values, such as a schema; rows are thrown away.
  Status execute(const std::string& sql);
  Result<SqliteStatement> prepare(std::string_view sql);
  /// The first column of the first row; Errc::end when there is no row.
  Result<std::int64_t> integer(std::string_view sql);
  Result<std::string> text(std::string_view sql);
  /// Rows that the last statement inserted, updated or deleted.
  std::int64_t changes() const;
  /// Whether a transaction is open: SQLite ends one by itself when the disk is full.
  bool in_transaction() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  static Result<SqliteDatabase> open(const std::string& path, int flags, Millis busy);
  std::unique_ptr<sqlite3, Close> database_;
};

/// All or nothing: rolled back when destroyed before commit().
class SqliteTransaction {
 public:
  enum class Kind {
    read,   ///< sees one moment of the database, whatever is written meanwhile
    write,  ///< takes the write lock at once, so that only the beginning can be told to wait
  };
  static Result<SqliteTransaction> begin(SqliteDatabase& database, Kind kind);
  ~SqliteTransaction();
  SqliteTransaction(SqliteTransaction&& other) noexcept;
  SqliteTransaction& operator=(SqliteTransaction&&) = delete;

  Status commit();

 private:
  explicit SqliteTransaction(SqliteDatabase& database) : database_(&database) {}
  SqliteDatabase* database_;
};

}  // namespace mainstay::ffi
