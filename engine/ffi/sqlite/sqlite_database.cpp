#include "engine/ffi/sqlite/sqlite_database.h"

#include <utility>

#include "engine/ffi/sqlite/sqlite_error.h"

namespace mainstay::ffi {

void SqliteDatabase::Close::operator()(sqlite3* database) const {
  // _v2 waits for statements that are still there instead of failing.
  sqlite3_close_v2(database);
}

Result<SqliteDatabase> SqliteDatabase::open(const std::string& path, int flags, Millis busy) {
  // NOMUTEX: one thread at a time is our rule already. EXRESCODE: error_of() tells causes apart.
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  SqliteDatabase database;
  database.database_.reset(raw);
  if (code != SQLITE_OK) return sqlite::error_of(raw, code);
  sqlite3_busy_timeout(raw, static_cast<int>(busy.count()));
  // A database from somewhere else cannot run code by what its schema says.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  return database;
}

Result<SqliteDatabase> SqliteDatabase::open(const std::string& path, SqliteOpen mode, Millis busy) {
  int flags = SQLITE_OPEN_READWRITE;
  if (mode == SqliteOpen::create) flags |= SQLITE_OPEN_CREATE;
  auto database = open(path, flags, busy);
  // Not SQLITE_OPEN_READONLY: a reader of a WAL database writes to its shared memory.
  if (database && mode == SqliteOpen::read) MAINSTAY_CHECK(database->execute("PRAGMA query_only=ON"));
  return database;
}

Result<SqliteDatabase> SqliteDatabase::open_in_memory() {
  return open(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY, Millis(0));
}

Status SqliteDatabase::execute(const std::string& sql) {
  const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  return sqlite::error_of(database_.get(), code);
}

Result<SqliteStatement> SqliteDatabase::prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return sqlite::error_of(database_.get(), code);
  return SqliteStatement(raw);
}

Result<std::int64_t> SqliteDatabase::integer(std::string_view sql) {
  MAINSTAY_TRY(auto statement, prepare(sql));
  MAINSTAY_TRY(const bool row, statement.step());
  if (!row) return make_error(Errc::end, "no such row");
  return statement.integer(0);
}

Result<std::string> SqliteDatabase::text(std::string_view sql) {
  MAINSTAY_TRY(auto statement, prepare(sql));
  MAINSTAY_TRY(const bool row, statement.step());
  if (!row) return make_error(Errc::end, "no such row");
  return statement.text(0);
}

std::int64_t SqliteDatabase::changes() const {
  return sqlite3_changes64(database_.get());
}

bool SqliteDatabase::in_transaction() const {
  return sqlite3_get_autocommit(database_.get()) == 0;
}

Result<SqliteTransaction> SqliteTransaction::begin(SqliteDatabase& database, Kind kind) {
  MAINSTAY_CHECK(database.execute(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED"));
  return SqliteTransaction(database);
}

SqliteTransaction::SqliteTransaction(SqliteTransaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

SqliteTransaction::~SqliteTransaction() {
  if (database_ != nullptr && database_->in_transaction()) static_cast<void>(database_->execute("ROLLBACK"));
}

Status SqliteTransaction::commit() {
  if (!database_->in_transaction())
    return make_error(Errc::io, "the database gave up the transaction: the disk may be full");
  // When this fails the transaction may still be open: it stays ours to roll back.
  return database_->execute("COMMIT");
}

}  // namespace mainstay::ffi
