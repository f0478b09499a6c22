#include "engine/studio/history_store.h"

#include <algorithm>
#include <vector>

#include "engine/show/document_diff.h"
#include "engine/show/json_patch.h"
#include "engine/studio/history_rows.h"

namespace mainstay {

using show::Json;

namespace {

constexpr std::size_t kMostAuthor = 200;
constexpr std::size_t kMostMessage = 1000;
constexpr std::size_t kMostPointerBytes = 16 * 1024;  // of one revision
constexpr std::size_t kMostTagName = 100;
constexpr std::size_t kMostLost = 4096;

// Cut between characters: the database takes UTF-8 only.
std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
  return text.substr(0, most);
}

Json pointers_of(const Json* from, const Json& to) {
  Json list = Json::array();
  if (from == nullptr) return list;
  std::size_t bytes = 0;
  for (std::string& pointer : show::differing_pointers(*from, to)) {
    bytes += pointer.size();
    if (bytes > kMostPointerBytes) break;
    list.push_back(std::move(pointer));
  }
  return list;
}

}  // namespace

Status HistoryStore::look() {
  if (looked_) return {};
  MAINSTAY_TRY(newest_, history_rows::newest(database_));
  MAINSTAY_TRY(last_full_,
               database_.integer("SELECT coalesce(max(number), 0) FROM revision WHERE document IS NOT NULL"));
  MAINSTAY_TRY(rows_, database_.integer("SELECT count(*) FROM revision"));
  base_.reset();
  looked_ = true;
  return {};
}

void HistoryStore::abandoned() {
  looked_ = false;
  base_.reset();
}

void HistoryStore::lost(std::int64_t number, std::int64_t undo_to) {
  lost_[number] = undo_to;
  if (lost_.size() > kMostLost) lost_.erase(lost_.begin());
}

UndoLinks HistoryStore::stored_links(UndoLinks links) const {
  for (auto lost = lost_.find(links.undo_to); lost != lost_.end(); lost = lost_.find(links.undo_to))
    links.undo_to = lost->second;
  if (lost_.contains(links.redo_to)) links.redo_to = 0;
  return links;
}

Status HistoryStore::append(std::int64_t number, UtcInstant at, const Draft& draft) {
  MAINSTAY_CHECK(look());
  if (base_ == nullptr && newest_.number != 0) {
    // A base that cannot be read costs this revision its patch, not its place: its document is stored in full.
    if (auto document = history_rows::document(database_, newest_.number))
      base_ = std::make_shared<const Json>(std::move(document).value());
  }
  const bool full = base_ == nullptr || number != newest_.number + 1 ||
                    number - last_full_ >= static_cast<std::int64_t>(limits_.full_every);
  return insert(number, at, draft, full);
}

Status HistoryStore::insert(std::int64_t number, UtcInstant at, const Draft& draft, bool full) {
  MAINSTAY_TRY(const std::string patch,
               history_rows::to_text(base_ == nullptr ? Json::array() : show::make_patch(*base_, *draft.document)));
  MAINSTAY_TRY(const std::string pointers, history_rows::to_text(pointers_of(base_.get(), *draft.document)));
  std::optional<std::string> document;
  if (full) {
    MAINSTAY_TRY(document, history_rows::to_text(*draft.document));
  }
  if (!insert_) {
    MAINSTAY_TRY(insert_,
                 database_.prepare("INSERT INTO revision (number, at, author, kind, message, undo_to, redo_to, "
                                   "pointers, patch, document) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"));
  }
  const UndoLinks links = stored_links(draft.links);
  MAINSTAY_CHECK(insert_->run(number, std::int64_t{at.time_since_epoch().count()}, cut(draft.author, kMostAuthor),
                              std::string_view(to_string(draft.kind)), cut(draft.message, kMostMessage), links.undo_to,
                              links.redo_to, pointers, patch, document));
  newest_ = {number, links};
  base_ = draft.document;
  if (full) last_full_ = number;
  ++rows_;
  return {};
}

Status HistoryStore::tag(const std::string& name, std::int64_t number) {
  if (name.empty() || name.size() > kMostTagName)
    return make_error(Errc::invalid, "a tag's name has 1 to {} bytes", kMostTagName);
  MAINSTAY_CHECK(history_rows::undo_row(database_, number));
  if (const auto taken = history_rows::tagged(database_, name))
    return make_error(Errc::invalid, "revision {} has the tag \"{}\": remove it there first", *taken, name);
  MAINSTAY_TRY(const std::int64_t tags, database_.integer("SELECT count(*) FROM tag"));
  if (tags >= static_cast<std::int64_t>(limits_.tags))
    return make_error(Errc::invalid, "there are {} tags already: remove one first", tags);
  MAINSTAY_TRY(auto statement, database_.prepare("INSERT INTO tag (name, revision) VALUES (?1, ?2)"));
  return statement.run(std::string_view(name), number);
}

Status HistoryStore::untag(const std::string& name) {
  MAINSTAY_TRY(auto statement, database_.prepare("DELETE FROM tag WHERE name = ?1"));
  MAINSTAY_CHECK(statement.run(std::string_view(name)));
  if (database_.changes() == 0) return make_error(Errc::invalid, "there is no tag \"{}\"", name);
  return {};
}

Status HistoryStore::mark_good(std::int64_t number) {
  MAINSTAY_TRY(auto statement, database_.prepare("UPDATE revision SET good = 1 WHERE number = ?1"));
  MAINSTAY_CHECK(statement.run(number));
  if (database_.changes() == 0) return make_error(Errc::invalid, "there is no revision {} in the history", number);
  return {};
}

Result<SessionStart> HistoryStore::begin_session() {
  SessionStart start;
  MAINSTAY_TRY(const std::int64_t running, database_.integer("SELECT running FROM session"));
  start.crashed_before = running != 0;
  if (start.crashed_before) MAINSTAY_CHECK(database_.execute("UPDATE session SET crashes = min(crashes + 1, 1000)"));
  MAINSTAY_CHECK(database_.execute("UPDATE session SET running = 1"));
  MAINSTAY_TRY(const std::int64_t crashes, database_.integer("SELECT crashes FROM session"));
  start.crashes_in_row = static_cast<int>(crashes);
  MAINSTAY_TRY(start.last_good, database_.integer("SELECT coalesce(max(number), 0) FROM revision WHERE good"));
  MAINSTAY_TRY(auto tags, database_.prepare("SELECT revision, name FROM tag ORDER BY placed DESC LIMIT 1"));
  MAINSTAY_TRY(const bool tagged, tags.step());
  if (tagged) {
    start.last_tagged = tags.integer(0);
    start.last_tag = tags.text(1);
  }
  return start;
}

Status HistoryStore::session_is_steady() {
  return database_.execute("UPDATE session SET crashes = 0");
}

Status HistoryStore::end_session() {
  return database_.execute("UPDATE session SET running = 0, crashes = 0");
}

Status HistoryStore::prune() {
  MAINSTAY_CHECK(look());
  MAINSTAY_TRY(const std::int64_t tagged, database_.integer("SELECT count(DISTINCT revision) FROM tag"));
  MAINSTAY_TRY(const std::int64_t pages, database_.integer("PRAGMA page_count"));
  MAINSTAY_TRY(const std::int64_t free_pages, database_.integer("PRAGMA freelist_count"));
  MAINSTAY_TRY(const std::int64_t page_bytes, database_.integer("PRAGMA page_size"));
  const std::int64_t untagged = rows_ - tagged;
  const auto most = static_cast<std::int64_t>(limits_.revisions);
  const bool too_many = untagged > most;
  const bool too_large = (pages - free_pages) * page_bytes > limits_.bytes;
  if (!too_many && !too_large) return {};
  // More than the one too many, so that this is seldom; the file does not shrink, its free pages are used again.
  const std::int64_t keep = std::max<std::int64_t>(1, too_large ? untagged / 2 : most - most / 100);
  MAINSTAY_TRY(auto statement,
               database_.prepare("SELECT number FROM revision WHERE number NOT IN (SELECT revision FROM "
                                 "tag) ORDER BY number DESC LIMIT 1 OFFSET ?1"));
  MAINSTAY_CHECK(statement.bind(keep - 1));
  MAINSTAY_TRY(const bool found, statement.step());
  if (!found) return {};
  const std::int64_t cutoff = statement.integer(0);
  MAINSTAY_CHECK(statement.bind(std::int64_t{0}));  // rewound: nothing reads while rows are deleted
  return throw_away_before(cutoff);
}

Status HistoryStore::throw_away_before(std::int64_t cutoff) {
  std::vector<std::int64_t> kept{cutoff};
  {
    MAINSTAY_TRY(auto tagged,
                 database_.prepare("SELECT number FROM revision WHERE number < ?1 AND document IS NULL AND "
                                   "number IN (SELECT revision FROM tag)"));
    MAINSTAY_CHECK(tagged.bind(cutoff));
    while (true) {
      MAINSTAY_TRY(const bool row, tagged.step());
      if (!row) break;
      kept.push_back(tagged.integer(0));
    }
  }
  for (const std::int64_t number : kept) MAINSTAY_CHECK(make_full(number));
  MAINSTAY_TRY(auto deletion, database_.prepare("DELETE FROM revision WHERE number < ?1 AND number NOT IN (SELECT "
                                                "revision FROM tag)"));
  MAINSTAY_CHECK(deletion.run(cutoff));
  rows_ -= database_.changes();
  last_full_ = std::max(last_full_, cutoff);
  return {};
}

// What cannot be rebuilt any more is no reason to keep all that came before it.
Status HistoryStore::make_full(std::int64_t number) {
  auto document = history_rows::document(database_, number);
  if (!document) return document.error().code == Errc::corrupt ? Status() : Status(std::move(document).error());
  MAINSTAY_TRY(const std::string text, history_rows::to_text(*document));
  MAINSTAY_TRY(auto statement, database_.prepare("UPDATE revision SET document = ?2 WHERE number = ?1"));
  return statement.run(number, std::string_view(text));
}

}  // namespace mainstay
