#include "engine/studio/show_keeper.h"

namespace mainstay {

namespace {

constexpr Nanos kPollPeriod = Seconds(1);
constexpr Nanos kGoodAfter = Seconds(10);
constexpr Nanos kSteadyAfter = std::chrono::hours(1);
constexpr const char* kHistorySuffix = ".history";

Error busy() {
  return make_error(Errc::again, "the disk is busy: try again");
}

}  // namespace

ShowKeeper::ShowKeeper(Clock& clock, Options options, Changed changed)
    : clock_(clock),
      options_(options),
      changed_(std::move(changed)),
      disk_(clock, kPollPeriod, [this] { poll(); }, {.name = "disk", .scheduling = Scheduling::normal}) {}

ShowKeeper::~ShowKeeper() {
  disk_.finish();
  close();
}

ShowKeeper::Opened ShowKeeper::open(const std::string& path) {
  close();
  Opened opened;
  if (options_.on_disk && !path.empty()) {
    auto file = std::make_shared<ShowFile>(path, clock_);
    (void)file->load();  // the show was read already; from here on changes are noticed
    std::lock_guard lock(file_mutex_);
    file_ = std::move(file);
  }
  Result<History::Opened> history = [&]() -> Result<History::Opened> {
    if (options_.on_disk && !path.empty()) return History::open(path + kHistorySuffix, clock_);
    MAINSTAY_TRY(auto in_memory, History::open_in_memory(clock_));
    return History::Opened{std::move(in_memory), {}};
  }();
  if (!history) {
    opened.warning = "there is no history: " + history.error().describe();
    return opened;
  }
  history_ = std::move(history->history);
  opened.warning = std::move(history->warning);
  const auto session = history_->begin_session();
  if (!session) {
    opened.warning = session.error().describe();
    return opened;
  }
  const Recovery recovered = recovery(*session);
  opened.sentence = recovered.sentence;
  opened.crashes = session->crashes_in_row;
  if (recovered.revision != 0) opened.revision = recovered.revision;
  watched_revision_ = 0;
  session_since_ = clock_.now();
  steady_ = false;
  return opened;
}

void ShowKeeper::close() {
  {
    std::lock_guard lock(file_mutex_);
    file_.reset();
  }
  if (!history_) return;
  (void)history_->end_session();
  history_.reset();
}

void ShowKeeper::save(const std::string& path, std::string text, std::function<void(Status)> done) {
  const bool posted = disk_.post([this, path, text = std::move(text), done] {
    std::shared_ptr<ShowFile> file;
    {
      std::lock_guard lock(file_mutex_);
      if (!file_ || file_->path() != path) file_ = std::make_shared<ShowFile>(path, clock_);
      file = file_;
    }
    done(file->save(text));
  });
  if (!posted) done(busy());
}

void ShowKeeper::export_to(const std::string& path, std::string text, std::function<void(Status)> done) {
  const bool posted =
      disk_.post([this, path, text = std::move(text), done] { done(ShowFile(path, clock_).save(text)); });
  if (!posted) done(busy());
}

void ShowKeeper::poll() {
  std::shared_ptr<ShowFile> file;
  {
    std::lock_guard lock(file_mutex_);
    file = file_;
  }
  if (!file) return;
  auto change = file->poll();
  if (change && *change) changed_(file->path(), std::move(**change));
}

void ShowKeeper::look(std::int64_t revision, bool on_air) {
  if (!history_) return;
  const Instant now = clock_.now();
  if (!steady_ && now - session_since_ >= kSteadyAfter) {
    steady_ = true;
    history_->session_is_steady();
  }
  if (!on_air || revision != watched_revision_) {
    watched_revision_ = on_air ? revision : 0;
    watched_since_ = now;
    marked_ = false;
    return;
  }
  if (marked_ || now - watched_since_ < kGoodAfter) return;
  marked_ = true;
  history_->mark_good(revision);
}

}  // namespace mainstay
