#include "engine/studio/history_writer.h"

#include <utility>

namespace mainstay {

using show::Json;

namespace {

// About what a document takes in memory: enough to bound a queue, and cheap enough for the control thread.
std::int64_t bytes_of(const Json& json) {
  auto bytes = static_cast<std::int64_t>(sizeof(Json));
  if (json.is_string()) return bytes + static_cast<std::int64_t>(json.get_ref<const std::string&>().size());
  if (json.is_object()) {
    for (const auto& [key, value] : json.get_ref<const Json::object_t&>())
      bytes += static_cast<std::int64_t>(sizeof(std::string) + key.size()) + bytes_of(value);
  } else if (json.is_array()) {
    for (const Json& value : json) bytes += bytes_of(value);
  }
  return bytes;
}

Status copy_of(const Status& status) {
  return status ? Status() : Status(Error(status.error()));
}

}  // namespace

HistoryWriter::HistoryWriter(ffi::SqliteDatabase& database, std::mutex* shared, const HistoryLimits& limits,
                             UndoRow newest)
    : database_(database),
      shared_(shared),
      limits_(limits),
      store_(database, limits),
      next_number_(newest.number + 1),
      accepted_(newest),
      stored_(newest),
      thread_("history", Scheduling::prompt, [this](const std::stop_token&) { run(); }) {}

HistoryWriter::~HistoryWriter() {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool HistoryWriter::room_for(std::int64_t bytes) const {
  if (waiting_.empty()) return true;
  return waiting_.size() < limits_.waiting && waiting_bytes_ + bytes <= limits_.waiting_bytes;
}

Result<std::int64_t> HistoryWriter::append(UtcInstant at, Draft draft, Done done) {
  const std::int64_t bytes = bytes_of(*draft.document);
  std::int64_t number = 0;
  {
    std::lock_guard lock(mutex_);
    if (!room_for(bytes)) return make_error(Errc::again, "the disk is too slow for so many changes: try again");
    number = next_number_++;
    accepted_ = {number, draft.links};
    recent_[number] = {accepted_, draft.document};
    const std::int64_t undo_to = draft.links.undo_to;
    waiting_.push_back(
        {[number, at, draft = std::move(draft)](HistoryStore& store) { return store.append(number, at, draft); },
         std::move(done), number, undo_to});
    waiting_bytes_ += bytes;
  }
  changed_.notify_all();
  return number;
}

void HistoryWriter::post(Run run, Done done, Room room) {
  {
    std::unique_lock lock(mutex_);
    if (room == Room::within_limits && !room_for(0)) {
      lock.unlock();
      if (done) done(make_error(Errc::again, "the disk is too slow for so many changes: try again"));
      return;
    }
    waiting_.push_back({std::move(run), std::move(done)});
  }
  changed_.notify_all();
}

UndoRow HistoryWriter::current() const {
  std::lock_guard lock(mutex_);
  return accepted_;
}

std::optional<HistoryWriter::Recent> HistoryWriter::recent(std::int64_t number) const {
  std::lock_guard lock(mutex_);
  const auto found = recent_.find(number);
  if (found == recent_.end()) return std::nullopt;
  return found->second;
}

void HistoryWriter::run() {
  while (true) {
    Batch batch;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return closing_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      batch.swap(waiting_);
      waiting_bytes_ = 0;
    }
    store(batch);
  }
}

void HistoryWriter::store(Batch& batch) {
  if (Status written = write(batch); !written) {
    store_.abandoned();
    for (Job& job : batch) job.status = copy_of(written);
  }
  for (const Job& job : batch) {
    if (job.appended != 0 && !job.status) store_.lost(job.appended, job.undo_to);
  }
  settle(batch);
  for (Job& job : batch) {
    if (job.done) job.done(std::move(job.status));
  }
}

Status HistoryWriter::write(Batch& batch) {
  std::unique_lock<std::mutex> shared;
  if (shared_ != nullptr) shared = std::unique_lock(*shared_);
  MAINSTAY_TRY(auto transaction, ffi::SqliteTransaction::begin(database_, ffi::SqliteTransaction::Kind::write));
  for (Job& job : batch) {
    job.status = job.run(store_);
    if (!job.status && job.status.error().code != Errc::invalid) return copy_of(job.status);
    if (job.appended != 0 && job.status) {
      job.stored = store_.newest();
    } else if (job.appended != 0) {
      // Those behind it in this batch may lead to it.
      store_.lost(job.appended, job.undo_to);
    }
  }
  MAINSTAY_CHECK(store_.prune());
  return transaction.commit();
}

void HistoryWriter::settle(const Batch& batch) {
  std::lock_guard lock(mutex_);
  bool lost_accepted = false;
  for (const Job& job : batch) {
    if (job.appended == 0) continue;
    if (job.status) {
      stored_ = job.stored;
      recent_[job.appended].row = job.stored;
      if (accepted_.number == stored_.number) accepted_ = stored_;
    } else {
      recent_.erase(job.appended);
      lost_accepted = lost_accepted || accepted_.number == job.appended;
    }
  }
  if (lost_accepted) accepted_ = stored_;
  // Those that wait are all newer than the last one stored.
  auto oldest = recent_.begin();
  for (auto stored = std::distance(recent_.begin(), recent_.upper_bound(stored_.number));
       stored > static_cast<std::ptrdiff_t>(kRecent); --stored)
    oldest = recent_.erase(oldest);
}

}  // namespace mainstay
