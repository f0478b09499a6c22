#include "engine/ffi/sqlite/sqlite_error.h"

namespace mainstay::ffi::sqlite {

Error error_of(sqlite3* database, int code) {
  // SQLite's own text names tables and files, never the values that were bound.
  const char* detail = database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
  if (code == SQLITE_IOERR_SHORT_READ) return make_error(Errc::corrupt, "the database is cut short");
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return make_error(Errc::again, "another program is using the database: try again, or close that program");
    case SQLITE_FULL:
      return make_error(Errc::io, "the disk is full: free some space");
    case SQLITE_IOERR:
      return make_error(Errc::io, "the disk could not be written or read: check that it is not full or broken ({})",
                        sqlite3_errstr(code));
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return make_error(Errc::io, "the database cannot be opened for writing: check the folder's permissions ({})",
                        detail);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return make_error(Errc::corrupt, "the database is damaged ({})", detail);
    case SQLITE_NOMEM:
      return make_error(Errc::io, "out of memory");
    case SQLITE_TOOBIG:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
      return make_error(Errc::invalid, "the database does not take this ({})", detail);
    default:
      return make_error(Errc::invalid, "the database refused a statement ({})", detail);
  }
}

}  // namespace mainstay::ffi::sqlite
