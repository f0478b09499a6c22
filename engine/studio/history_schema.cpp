#include "engine/studio/history_schema.h"

#include <array>

namespace mainstay {

namespace {

// Migration i makes version i + 1 of version i; the first makes the tables. Never change one that was released.
// `document` is there at every so many revisions; the others are rebuilt from the nearest before, by their patches.
constexpr std::array<const char*, kHistoryVersion> kMigrations = {R"sql(
CREATE TABLE revision (
  number   INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,            -- nanoseconds of UTC
  author   TEXT    NOT NULL,
  kind     TEXT    NOT NULL,
  message  TEXT    NOT NULL,
  undo_to  INTEGER NOT NULL,
  redo_to  INTEGER NOT NULL,
  good     INTEGER NOT NULL DEFAULT 0,
  pointers TEXT    NOT NULL,            -- JSON list of RFC 6901 pointers
  patch    TEXT    NOT NULL,            -- RFC 6902, from the row before
  document TEXT
) STRICT;
CREATE INDEX full_revision ON revision (number) WHERE document IS NOT NULL;
CREATE INDEX good_revision ON revision (number) WHERE good;
CREATE TABLE tag (
  placed   INTEGER PRIMARY KEY AUTOINCREMENT,  -- rises: the last one placed is the highest
  name     TEXT    NOT NULL UNIQUE,
  revision INTEGER NOT NULL
) STRICT;
CREATE INDEX tag_revision ON tag (revision);
CREATE TABLE session (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  running INTEGER NOT NULL,
  crashes INTEGER NOT NULL
) STRICT;
INSERT INTO session VALUES (1, 0, 0);
)sql"};

Status check_damage(ffi::SqliteDatabase& database) {
  MAINSTAY_TRY(const std::string found, database.text("PRAGMA quick_check(1)"));
  if (found != "ok") return make_error(Errc::corrupt, "the database is damaged");
  return {};
}

}  // namespace

Status prepare_history(ffi::SqliteDatabase& database) {
  MAINSTAY_TRY(const std::int64_t application, database.integer("PRAGMA application_id"));
  MAINSTAY_TRY(const std::int64_t version, database.integer("PRAGMA user_version"));
  MAINSTAY_TRY(const std::int64_t objects, database.integer("SELECT count(*) FROM sqlite_schema"));
  const bool empty = application == 0 && version == 0 && objects == 0;
  if (!empty && application != kHistoryApplicationId) return make_error(Errc::corrupt, "it is not a show's history");
  if (version > kHistoryVersion)
    return make_error(Errc::unsupported, "it was written by a newer Mainstay (format {}, this one knows {})", version,
                      kHistoryVersion);
  MAINSTAY_CHECK(check_damage(database));
  if (version == kHistoryVersion) return {};

  MAINSTAY_TRY(auto transaction, ffi::SqliteTransaction::begin(database, ffi::SqliteTransaction::Kind::write));
  for (std::int64_t next = version; next < kHistoryVersion; ++next)
    MAINSTAY_CHECK(database.execute(kMigrations[static_cast<std::size_t>(next)]));
  MAINSTAY_CHECK(database.execute(
      fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", kHistoryApplicationId, kHistoryVersion)));
  return transaction.commit();
}

}  // namespace mainstay
