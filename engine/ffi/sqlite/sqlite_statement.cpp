#include "engine/ffi/sqlite/sqlite_statement.h"

#include "engine/ffi/sqlite/sqlite_error.h"

namespace mainstay::ffi {

namespace {

Status status_of(sqlite3_stmt* statement, int code) {
  if (code == SQLITE_OK) return {};
  return sqlite::error_of(sqlite3_db_handle(statement), code);
}

}  // namespace

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void SqliteStatement::rewind() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

Result<bool> SqliteStatement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement_.get());
    return false;
  }
  Error error = sqlite::error_of(sqlite3_db_handle(statement_.get()), code);
  sqlite3_reset(statement_.get());
  return error;
}

std::int64_t SqliteStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string SqliteStatement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

bool SqliteStatement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

Status SqliteStatement::bind_at(int index, std::int64_t value) {
  return status_of(statement_.get(), sqlite3_bind_int64(statement_.get(), index, value));
}

Status SqliteStatement::bind_at(int index, std::string_view value) {
  // A null pointer would be bound as NULL.
  const char* data = value.data() == nullptr ? "" : value.data();
  return status_of(statement_.get(),
                   sqlite3_bind_text64(statement_.get(), index, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

Status SqliteStatement::bind_at(int index, std::nullopt_t) {
  return status_of(statement_.get(), sqlite3_bind_null(statement_.get(), index));
}

}  // namespace mainstay::ffi
