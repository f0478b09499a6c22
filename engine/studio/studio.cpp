#include "engine/studio/studio.h"

#include "engine/show/check.h"
#include "engine/show/paths.h"
#include "engine/studio/control_thread.h"
#include "engine/studio/on_air.h"
#include "engine/studio/probe.h"
#include "engine/studio/report.h"

namespace mainstay {

namespace {

constexpr Nanos kLookPeriod = Millis(200);

Error busy() {
  return make_error(Errc::again, "too many commands are waiting: try again");
}

}  // namespace

class Studio::Impl {
 public:
  Impl(Clock& clock, Log& log, show::Secrets& secrets)
      : clock_(clock), log_(log), secrets_(secrets), events_(clock, log), control_(clock, kLookPeriod, [this] {
          look();
        }) {}

  ~Impl() {
    control_.post([this] { end_show(); });
    control_.finish();
  }

  bool post(ControlThread::Command command) { return control_.post(std::move(command)); }

  // --- control thread ----------------------------------------------------------------------------------------------
  std::vector<show::ShowError> open(const std::string& path);
  Status start(std::int64_t frames);
  Status stop();
  Status with_air(const std::function<Status(OnAir&)>& command);
  void look();

  // --- any thread --------------------------------------------------------------------------------------------------
  Snapshot snapshot() const;
  FramePtr picture() const;
  std::string report() const { return mainstay::report_json(snapshot(), events_.errors(), process_usage()); }
  std::string failure() const;
  const EventLog& events() const { return events_; }
  void set_listener(std::function<void()> listener);

 private:
  void end_show();
  void set_phase(Phase phase);
  std::shared_ptr<OnAir> on_air() const;
  Snapshot base_snapshot() const;

  Clock& clock_;
  Log& log_;
  show::Secrets& secrets_;
  EventLog events_;

  mutable std::mutex mutex_;
  Phase phase_ = Phase::off;
  show::Show show_;
  std::string path_;
  std::shared_ptr<OnAir> on_air_;
  std::optional<Snapshot> last_;  // of the show that ended
  std::string failure_;
  std::int64_t shows_started_ = 0;  // control thread only

  std::mutex listener_mutex_;
  std::function<void()> listener_;

  ControlThread control_;  // last: uses all of the above
};

std::shared_ptr<OnAir> Studio::Impl::on_air() const {
  std::lock_guard lock(mutex_);
  return on_air_;
}

void Studio::Impl::set_phase(Phase phase) {
  std::lock_guard lock(mutex_);
  phase_ = phase;
}

void Studio::Impl::set_listener(std::function<void()> listener) {
  std::lock_guard lock(listener_mutex_);
  listener_ = std::move(listener);
}

std::vector<show::ShowError> Studio::Impl::open(const std::string& path) {
  if (on_air()) return {{"", "a show is on air: end it before opening another"}};
  show::Parsed parsed = show::load_show(path);
  if (parsed.ok()) {
    secrets_.hide_literals(parsed.show);
    const std::string dir = show::directory_of(path);
    parsed.errors = show::check(parsed.show, {.show_dir = dir, .probe_files = true, .secrets = &secrets_});
    if (parsed.ok()) parsed.errors = probe(parsed.show, dir, log_);
  }
  for (show::ShowError& error : parsed.errors) error.message = log_.redactor().redact(error.message);
  if (!parsed.ok()) {
    events_.add(LogLevel::debug, "show.refused", path,
                fmt::format("{} errors; the first: {}", parsed.errors.size(), to_line(parsed.errors.front())));
    return parsed.errors;
  }
  {
    std::lock_guard lock(mutex_);
    show_ = std::move(parsed.show);
    path_ = path;
    last_.reset();
    failure_.clear();
  }
  events_.add(LogLevel::debug, "show.opened", path, "open");
  return {};
}

Status Studio::Impl::start(std::int64_t frames) {
  if (on_air()) return make_error(Errc::invalid, "the show is on air already");
  if (path_.empty()) return make_error(Errc::invalid, "no show is open");
  set_phase(Phase::starting);
  events_.reset_errors();
  // The program's thread only asks for the end: it cannot wait for itself. When a command ended this show first and
  // another one is on air by then, what it asks is no longer meant.
  const std::int64_t show_number = ++shows_started_;
  auto ended = [this, show_number] {
    control_.post([this, show_number] {
      if (show_number == shows_started_) end_show();
    });
  };
  auto started =
      OnAir::start({show_, show::directory_of(path_), frames}, {clock_, log_, secrets_, events_}, std::move(ended));
  if (!started) {
    events_.add(LogLevel::error, "program.failed", show_.name, started.error().describe());
    std::lock_guard lock(mutex_);
    phase_ = Phase::off;
    failure_ = started.error().describe();
    return std::move(started).error();
  }
  {
    std::lock_guard lock(mutex_);
    on_air_ = std::move(*started);
    phase_ = Phase::on_air;
    failure_.clear();
  }
  events_.add(LogLevel::info, "program.started", show_.name, "on air");
  return {};
}

Status Studio::Impl::stop() {
  if (!on_air()) return make_error(Errc::invalid, "nothing is on air");
  end_show();
  return {};
}

void Studio::Impl::end_show() {
  const std::shared_ptr<OnAir> ending = on_air();
  if (!ending) return;
  set_phase(Phase::stopping);
  Snapshot before;
  ending->fill(before);
  ending->stop();
  Snapshot last = base_snapshot();
  ending->fill(last);
  // How each leg stood when the end began says more than that it was stopped then.
  for (std::size_t i = 0; i < std::min(last.legs.size(), before.legs.size()); ++i) {
    last.legs[i].state = before.legs[i].state;
    last.legs[i].detail = before.legs[i].detail;
  }
  {
    std::lock_guard lock(mutex_);
    last.phase = Phase::off;
    last_ = std::move(last);
    failure_ = ending->failure();
    on_air_.reset();
    phase_ = Phase::off;
  }
  events_.add(LogLevel::info, "program.ended", show_.name, "off air");
  std::lock_guard lock(listener_mutex_);
  if (listener_) listener_();
}

void Studio::Impl::look() {
  if (const auto air = on_air()) air->look();
}

Status Studio::Impl::with_air(const std::function<Status(OnAir&)>& command) {
  const auto air = on_air();
  if (!air) return make_error(Errc::invalid, "nothing is on air");
  return command(*air);
}

Snapshot Studio::Impl::base_snapshot() const {
  std::lock_guard lock(mutex_);
  Snapshot snapshot;
  snapshot.phase = phase_;
  if (path_.empty()) return snapshot;
  snapshot.show_name = show_.name;
  snapshot.show_path = path_;
  snapshot.program.width = show_.program.width;
  snapshot.program.height = show_.program.height;
  snapshot.program.rate = show_.program.rate;
  snapshot.program.scene = show_.on_air;
  return snapshot;
}

Snapshot Studio::Impl::snapshot() const {
  Snapshot snapshot = base_snapshot();
  if (const auto air = on_air()) {
    air->fill(snapshot);
    return snapshot;
  }
  std::lock_guard lock(mutex_);
  return last_ ? *last_ : snapshot;
}

FramePtr Studio::Impl::picture() const {
  const auto air = on_air();
  return air ? air->picture() : nullptr;
}

std::string Studio::Impl::failure() const {
  std::lock_guard lock(mutex_);
  return failure_;
}

Studio::Studio(Clock& clock, Log& log, show::Secrets& secrets) : impl_(std::make_unique<Impl>(clock, log, secrets)) {}
Studio::~Studio() = default;

void Studio::open_show(std::string path, Opened done) {
  const bool posted = impl_->post([this, path = std::move(path), done] {
    auto errors = impl_->open(path);
    if (done) done(std::move(errors));
  });
  if (!posted && done) done({{"", busy().message}});
}

namespace {

// `command` on the control thread, its status to `done`.
ControlThread::Command reporting(std::function<Status()> command, const Studio::Done& done) {
  return [command = std::move(command), done] {
    Status status = command();
    if (done) done(std::move(status));
  };
}

}  // namespace

void Studio::start(std::int64_t frames, Done done) {
  if (!impl_->post(reporting([this, frames] { return impl_->start(frames); }, done)) && done) done(busy());
}

void Studio::stop(Done done) {
  if (!impl_->post(reporting([this] { return impl_->stop(); }, done)) && done) done(busy());
}

void Studio::retry_now(std::string destination, std::string role, Done done) {
  const auto retry = [=](OnAir& air) { return air.retry_now(destination, role); };
  if (!impl_->post(reporting([this, retry] { return impl_->with_air(retry); }, done)) && done) done(busy());
}

void Studio::take_main(std::string destination, Done done) {
  const auto take = [=](OnAir& air) { return air.take_main(destination); };
  if (!impl_->post(reporting([this, take] { return impl_->with_air(take); }, done)) && done) done(busy());
}

Snapshot Studio::snapshot() const {
  return impl_->snapshot();
}
FramePtr Studio::program_picture() const {
  return impl_->picture();
}
std::vector<Event> Studio::events(std::int64_t after, std::size_t limit) const {
  return impl_->events().after(after, limit);
}
std::string Studio::report_json() const {
  return impl_->report();
}
std::string Studio::failure() const {
  return impl_->failure();
}
void Studio::on_ended(std::function<void()> listener) {
  impl_->set_listener(std::move(listener));
}

}  // namespace mainstay
