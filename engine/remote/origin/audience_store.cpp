#include "engine/remote/origin/audience_store.h"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>

#include "engine/core/loose_thread.h"
#include "engine/ffi/sqlite/sqlite_database.h"

namespace mainstay::remote {

namespace {

constexpr Millis kBusy{2000};
constexpr Nanos kGoodBye = Seconds(1);

constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS sessions (
  id INTEGER PRIMARY KEY,
  began_ms INTEGER NOT NULL,   -- UTC, since 1970
  ended_ms INTEGER NOT NULL,
  region TEXT NOT NULL, device TEXT NOT NULL, browser TEXT NOT NULL, mode TEXT NOT NULL,
  startup_ms INTEGER, latency_ms INTEGER,
  watch_ms INTEGER NOT NULL, rebuffers INTEGER NOT NULL, rebuffer_ms INTEGER NOT NULL,
  switches INTEGER NOT NULL, errors INTEGER NOT NULL, failed INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS sessions_ended ON sessions (ended_ms);
)sql";

std::int64_t millis(UtcInstant at) {
  return std::chrono::floor<Millis>(at).time_since_epoch().count();
}

std::int64_t millis(double value) {
  return static_cast<std::int64_t>(value * 1000 + 0.5);
}

std::optional<std::int64_t> millis(const std::optional<double>& value) {
  return value ? std::optional(millis(*value)) : std::nullopt;
}

Status insert(ffi::SqliteStatement& row, const SessionRecord& r) {
  return row.run(millis(r.began), millis(r.ended), std::string_view(r.region), std::string_view(r.device),
                 std::string_view(r.browser), std::string_view(r.mode), millis(r.startup_s), millis(r.latency_s),
                 millis(r.watch_s), r.rebuffers, millis(r.rebuffer_s), r.switches, r.errors,
                 std::int64_t{r.failed ? 1 : 0});
}

}  // namespace

Status store_sessions(const std::string& path, const std::vector<SessionRecord>& records) {
  if (records.empty()) return {};
  MAINSTAY_TRY(auto database, ffi::SqliteDatabase::open(path, ffi::SqliteOpen::create, kBusy));
  MAINSTAY_CHECK(database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"));
  MAINSTAY_CHECK(database.execute(kSchema));
  MAINSTAY_TRY(auto transaction, ffi::SqliteTransaction::begin(database, ffi::SqliteTransaction::Kind::write));
  MAINSTAY_TRY(auto row, database.prepare("INSERT INTO sessions (began_ms, ended_ms, region, device, browser, mode, "
                                          "startup_ms, latency_ms, watch_ms, rebuffers, rebuffer_ms, switches, errors, "
                                          "failed) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)"));
  for (const SessionRecord& record : records) MAINSTAY_CHECK(insert(row, record));
  MAINSTAY_TRY(auto old, database.prepare("DELETE FROM sessions WHERE ended_ms < ?1"));
  const std::int64_t kept = millis(records.back().ended - std::chrono::days(AudienceStore::kDays));
  MAINSTAY_CHECK(old.run(kept));
  return transaction.commit();
}

struct AudienceStore::Shared {
  std::string folder;
  std::mutex mutex;
  std::condition_variable_any changed;
  std::deque<SessionRecord> waiting;
  Status trouble;
  bool ending = false;
  bool ended = false;
};

AudienceStore::AudienceStore(Clock& clock, std::string folder)
    : clock_(clock), folder_(std::move(folder)), shared_(std::make_shared<Shared>()) {
  shared_->folder = folder_;
  start_loose_thread("viewers", [shared = shared_] { work(shared); });
}

AudienceStore::~AudienceStore() {
  std::unique_lock lock(shared_->mutex);
  shared_->ending = true;
  shared_->changed.notify_all();
  clock_.wait(lock, shared_->changed, {}, clock_.now() + kGoodBye, [this] { return shared_->ended; });
}

void AudienceStore::add(SessionRecord record) {
  {
    std::lock_guard lock(shared_->mutex);
    if (shared_->waiting.size() >= kMostWaiting) shared_->waiting.pop_front();
    shared_->waiting.push_back(std::move(record));
  }
  shared_->changed.notify_all();
}

Status AudienceStore::trouble() {
  std::lock_guard lock(shared_->mutex);
  return std::exchange(shared_->trouble, Status());
}

void AudienceStore::work(const std::shared_ptr<Shared>& shared) {
  std::unique_lock lock(shared->mutex);
  while (true) {
    shared->changed.wait(lock, [&] { return shared->ending || !shared->waiting.empty(); });
    if (shared->waiting.empty()) break;
    const std::vector<SessionRecord> records(shared->waiting.begin(), shared->waiting.end());
    shared->waiting.clear();
    lock.unlock();
    std::error_code error;
    std::filesystem::create_directories(shared->folder, error);
    Status stored = store_sessions((std::filesystem::path(shared->folder) / "viewers.sqlite").string(), records);
    lock.lock();
    if (!stored) shared->trouble = std::move(stored);
  }
  shared->ended = true;
  shared->changed.notify_all();
}

}  // namespace mainstay::remote
