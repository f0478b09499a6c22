// A prepared statement: values in, rows out.
// Owned by whoever prepared it; must not be used after its database is gone.
// Thread-safety: as its database, one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.h"

struct sqlite3_stmt;

namespace mainstay::ffi {

class SqliteDatabase;

class SqliteStatement {
 public:
  /// Starts over with these values for ?1, ?2, …; a std::nullopt is NULL. Texts are copied.
  template <class... Values>
  Status bind(const Values&... values) {
    rewind();
    [[maybe_unused]] int index = 0;
    Status status;
    static_cast<void>(((status = bind_at(++index, values)).has_value() && ...));
    return status;
  }
  /// True: a row is there to be read; false: there is none (any more), and the statement is rewound.
  Result<bool> step();
  /// bind() and step() of a statement that yields no rows.
  template <class... Values>
  Status run(const Values&... values) {
    MAINSTAY_CHECK(bind(values...));
    auto stepped = step();
    if (!stepped) return std::move(stepped).error();
    rewind();
    return {};
  }

  /// Columns of the current row, from 0.
  std::int64_t integer(int column) const;
  std::string text(int column) const;
  bool is_null(int column) const;

 private:
  friend class SqliteDatabase;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit SqliteStatement(sqlite3_stmt* statement) : statement_(statement) {}

  void rewind();
  Status bind_at(int index, std::int64_t value);
  Status bind_at(int index, std::string_view value);
  Status bind_at(int index, std::nullopt_t);
  template <class Value>
  Status bind_at(int index, const std::optional<Value>& value) {
    return value ? bind_at(index, *value) : bind_at(index, std::nullopt);
  }

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace mainstay::ffi
