#include "engine/studio/history_rows.h"

#include <limits>

#include "engine/studio/json_patch.h"

namespace mainstay::history_rows {

using show::Json;

namespace {

// A link to a revision that is gone is no link: pruning, or a disk that was full, may have left such.
constexpr const char* kLinks =
    "CASE WHEN EXISTS (SELECT 1 FROM revision AS u WHERE u.number = r.undo_to) THEN r.undo_to ELSE 0 END, "
    "CASE WHEN EXISTS (SELECT 1 FROM revision AS u WHERE u.number = r.redo_to) THEN r.redo_to ELSE 0 END";
constexpr const char* kColumns = "r.number, r.at, r.author, r.kind, r.message, r.good, r.pointers";

Error no_such(std::int64_t number) {
  return make_error(Errc::invalid, "there is no revision {} in the history", number);
}

Result<std::vector<std::string>> tags_of(ffi::SqliteStatement& statement, std::int64_t number) {
  MAINSTAY_CHECK(statement.bind(number));
  std::vector<std::string> tags;
  while (true) {
    MAINSTAY_TRY(const bool row, statement.step());
    if (!row) return tags;
    tags.push_back(statement.text(0));
  }
}

Result<ffi::SqliteStatement> prepare_tags(ffi::SqliteDatabase& database) {
  return database.prepare("SELECT name FROM tag WHERE revision = ?1 ORDER BY placed");
}

Result<Revision> read_revision(const ffi::SqliteStatement& row, ffi::SqliteStatement& tags) {
  Revision revision;
  revision.number = row.integer(0);
  revision.at = UtcInstant(Nanos(row.integer(1)));
  revision.author = row.text(2);
  revision.kind = parse_revision_kind(row.text(3)).value_or(RevisionKind::edit);
  revision.message = row.text(4);
  revision.good = row.integer(5) != 0;
  MAINSTAY_TRY(const Json pointers, from_text(row.text(6)));
  revision.links = {row.integer(7), row.integer(8)};
  for (const Json& pointer : pointers) {
    if (pointer.is_string()) revision.pointers.push_back(pointer.get<std::string>());
  }
  MAINSTAY_TRY(revision.tags, tags_of(tags, revision.number));
  return revision;
}

// Rows between the full document and `to`, in order, none missing: what a damaged table must not hide.
Status replay(ffi::SqliteDatabase& database, Json& document, std::int64_t from, std::int64_t to) {
  MAINSTAY_TRY(
      auto patches,
      database.prepare("SELECT number, patch FROM revision WHERE number > ?1 AND number <= ?2 ORDER BY number"));
  MAINSTAY_CHECK(patches.bind(from, to));
  for (std::int64_t number = from + 1; number <= to; ++number) {
    MAINSTAY_TRY(const bool row, patches.step());
    if (!row || patches.integer(0) != number)
      return make_error(Errc::corrupt, "the history is damaged: revision {} cannot be rebuilt", to);
    MAINSTAY_TRY(const Json patch, from_text(patches.text(1)));
    if (auto applied = apply_patch(document, patch); !applied)
      return make_error(Errc::corrupt, "the history is damaged: revision {} cannot be rebuilt", to);
  }
  return {};
}

}  // namespace

Result<std::string> to_text(const Json& json) {
  try {
    return json.dump();
  } catch (const Json::exception&) {
    return make_error(Errc::invalid, "the document holds a text that is not UTF-8");
  }
}

Result<Json> from_text(const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return make_error(Errc::corrupt, "the history is damaged: an entry is not JSON");
  return json;
}

Result<std::vector<Revision>> list(ffi::SqliteDatabase& database, std::size_t limit, std::int64_t before) {
  MAINSTAY_TRY(auto rows, database.prepare(fmt::format(
                              "SELECT {}, {} FROM revision AS r WHERE r.number < ?1 ORDER BY r.number DESC LIMIT ?2",
                              kColumns, kLinks)));
  MAINSTAY_TRY(auto tags, prepare_tags(database));
  MAINSTAY_CHECK(
      rows.bind(before > 0 ? before : std::numeric_limits<std::int64_t>::max(), static_cast<std::int64_t>(limit)));
  std::vector<Revision> revisions;
  while (true) {
    MAINSTAY_TRY(const bool row, rows.step());
    if (!row) return revisions;
    MAINSTAY_TRY(Revision revision, read_revision(rows, tags));
    revisions.push_back(std::move(revision));
  }
}

Result<Revision> revision(ffi::SqliteDatabase& database, std::int64_t number) {
  MAINSTAY_TRY(auto rows, database.prepare(fmt::format("SELECT {}, {}, r.patch FROM revision AS r WHERE r.number = ?1",
                                                       kColumns, kLinks)));
  MAINSTAY_TRY(auto tags, prepare_tags(database));
  MAINSTAY_CHECK(rows.bind(number));
  MAINSTAY_TRY(const bool row, rows.step());
  if (!row) return no_such(number);
  MAINSTAY_TRY(Revision revision, read_revision(rows, tags));
  MAINSTAY_TRY(revision.patch, from_text(rows.text(9)));
  return revision;
}

Result<Json> document(ffi::SqliteDatabase& database, std::int64_t number) {
  MAINSTAY_TRY(auto exists, database.prepare("SELECT 1 FROM revision WHERE number = ?1"));
  MAINSTAY_CHECK(exists.bind(number));
  MAINSTAY_TRY(const bool there, exists.step());
  if (!there) return no_such(number);
  MAINSTAY_TRY(auto full, database.prepare("SELECT number, document FROM revision WHERE number <= ?1 AND document IS "
                                           "NOT NULL ORDER BY number DESC LIMIT 1"));
  MAINSTAY_CHECK(full.bind(number));
  MAINSTAY_TRY(const bool row, full.step());
  if (!row) return make_error(Errc::corrupt, "the history is damaged: revision {} cannot be rebuilt", number);
  MAINSTAY_TRY(Json document, from_text(full.text(1)));
  MAINSTAY_CHECK(replay(database, document, full.integer(0), number));
  return document;
}

Result<UndoRow> undo_row(ffi::SqliteDatabase& database, std::int64_t number) {
  MAINSTAY_TRY(auto rows,
               database.prepare(fmt::format("SELECT r.number, {} FROM revision AS r WHERE r.number = ?1", kLinks)));
  MAINSTAY_CHECK(rows.bind(number));
  MAINSTAY_TRY(const bool row, rows.step());
  if (!row) return no_such(number);
  return UndoRow{rows.integer(0), {rows.integer(1), rows.integer(2)}};
}

Result<UndoRow> newest(ffi::SqliteDatabase& database) {
  MAINSTAY_TRY(auto rows, database.prepare(fmt::format(
                              "SELECT r.number, {} FROM revision AS r ORDER BY r.number DESC LIMIT 1", kLinks)));
  MAINSTAY_TRY(const bool row, rows.step());
  if (!row) return UndoRow{};
  return UndoRow{rows.integer(0), {rows.integer(1), rows.integer(2)}};
}

Result<std::int64_t> tagged(ffi::SqliteDatabase& database, std::string_view name) {
  MAINSTAY_TRY(auto rows, database.prepare("SELECT revision FROM tag WHERE name = ?1"));
  MAINSTAY_CHECK(rows.bind(name));
  MAINSTAY_TRY(const bool row, rows.step());
  if (!row) return make_error(Errc::invalid, "there is no tag \"{}\"", name);
  return rows.integer(0);
}

}  // namespace mainstay::history_rows
