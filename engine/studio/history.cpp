#include "engine/studio/history.h"

#include <algorithm>
#include <future>
#include <mutex>
#include <utility>

#include "engine/show/json_patch.h"
#include "engine/studio/history_file.h"
#include "engine/studio/history_rows.h"
#include "engine/studio/history_writer.h"

namespace mainstay {

using show::Json;

struct History::Impl {
  Impl(HistoryFile opened, Clock& injected, HistoryLimits limits, UndoRow newest)
      : clock(injected),
        file(std::move(opened)),
        writer(file.writer, file.reader ? nullptr : &reading, limits, newest) {}

  /// Runs `read` on the reading connection, with one moment of the database in view.
  template <class Read>
  auto read(Read&& read) -> decltype(read(std::declval<ffi::SqliteDatabase&>())) {
    std::lock_guard lock(reading);
    ffi::SqliteDatabase& database = file.reader ? *file.reader : file.writer;
    MAINSTAY_TRY(const auto transaction, ffi::SqliteTransaction::begin(database, ffi::SqliteTransaction::Kind::read));
    return read(database);
  }

  Status wait_for(HistoryWriter::Run run) {
    std::promise<Status> promise;
    auto future = promise.get_future();
    writer.post(
        std::move(run), [&](Status status) { promise.set_value(std::move(status)); }, HistoryWriter::Room::always);
    return future.get();
  }

  Clock& clock;
  std::mutex reading;  // of the connection that reads
  HistoryFile file;
  HistoryWriter writer;  // last: its thread uses the file
};

History::History(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

History::~History() = default;

Result<History::Opened> History::open(const std::string& path, Clock& clock, HistoryLimits limits) {
  MAINSTAY_TRY(HistoryFile file, open_history_file(path, clock.utc_now()));
  std::string warning = file.warning;
  MAINSTAY_TRY(const UndoRow newest, history_rows::newest(file.writer));
  return Opened{std::unique_ptr<History>(new History(std::make_unique<Impl>(std::move(file), clock, limits, newest))),
                std::move(warning)};
}

Result<std::unique_ptr<History>> History::open_in_memory(Clock& clock, HistoryLimits limits) {
  MAINSTAY_TRY(HistoryFile file, open_history_in_memory());
  return std::unique_ptr<History>(new History(std::make_unique<Impl>(std::move(file), clock, limits, UndoRow{})));
}

bool History::in_memory() const {
  return !impl_->file.reader;
}

Result<std::int64_t> History::append(Draft draft, Done done) {
  if (draft.document == nullptr) return make_error(Errc::invalid, "a revision needs a document");
  return impl_->writer.append(impl_->clock.utc_now(), std::move(draft), std::move(done));
}

UndoRow History::current() const {
  return impl_->writer.current();
}

void History::tag(std::string name, std::int64_t number, Done done) {
  impl_->writer.post([name = std::move(name), number](HistoryStore& store) { return store.tag(name, number); },
                     std::move(done));
}

void History::untag(std::string name, Done done) {
  impl_->writer.post([name = std::move(name)](HistoryStore& store) { return store.untag(name); }, std::move(done));
}

void History::mark_good(std::int64_t number, Done done) {
  impl_->writer.post([number](HistoryStore& store) { return store.mark_good(number); }, std::move(done));
}

void History::session_is_steady(Done done) {
  impl_->writer.post([](HistoryStore& store) { return store.session_is_steady(); }, std::move(done));
}

Result<SessionStart> History::begin_session() {
  SessionStart start;
  MAINSTAY_CHECK(impl_->wait_for([&](HistoryStore& store) -> Status {
    MAINSTAY_TRY(start, store.begin_session());
    return {};
  }));
  return start;
}

Status History::end_session() {
  return impl_->wait_for([](HistoryStore& store) { return store.end_session(); });
}

void History::flush() {
  static_cast<void>(impl_->wait_for([](HistoryStore&) { return Status(); }));
}

Result<std::vector<Revision>> History::list(std::size_t limit, std::int64_t before) const {
  return impl_->read([&](ffi::SqliteDatabase& database) {
    return history_rows::list(database, std::min(limit, kMostListed), before);
  });
}

Result<Revision> History::revision(std::int64_t number) const {
  return impl_->read([&](ffi::SqliteDatabase& database) { return history_rows::revision(database, number); });
}

Result<Json> History::document(std::int64_t number) const {
  if (const auto recent = impl_->writer.recent(number)) return *recent->document;
  return impl_->read([&](ffi::SqliteDatabase& database) { return history_rows::document(database, number); });
}

Result<UndoRow> History::undo_row(std::int64_t number) const {
  if (const auto recent = impl_->writer.recent(number)) return recent->row;
  return impl_->read([&](ffi::SqliteDatabase& database) { return history_rows::undo_row(database, number); });
}

UndoLookup History::undo_lookup() const {
  return [this](std::int64_t number) -> std::optional<UndoRow> {
    const auto row = undo_row(number);
    return row ? std::optional(*row) : std::nullopt;
  };
}

Result<std::int64_t> History::find_tag(std::string_view name) const {
  return impl_->read([&](ffi::SqliteDatabase& database) { return history_rows::tagged(database, name); });
}

Result<Json> History::diff(std::int64_t from, std::int64_t to) const {
  MAINSTAY_TRY(const Json before, document(from));
  MAINSTAY_TRY(const Json after, document(to));
  return show::make_patch(before, after);
}

}  // namespace mainstay
