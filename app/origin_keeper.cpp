#include "app/origin_keeper.h"

#include <algorithm>

namespace mainstay {

namespace {

constexpr Nanos kTryAgain = Seconds(5);  // the port may be free by then, the secret there

}  // namespace

OriginKeeper::OriginKeeper(Studio& studio, Clock& clock, Log& log, const show::Secrets& secrets)
    : studio_(studio),
      clock_(clock),
      log_(log),
      secrets_(secrets),
      origin_(clock, log,
              {.notify =
                   [&studio](const remote::Notice& notice) {
                     studio.note(notice.level, notice.type, notice.subject, notice.message, notice.data);
                   },
               .shelf = [&studio] { return studio.shelf(); }}) {
  studio_.use_audience(&origin_);
  listening_ = studio_.on_event([this] {
    {
      std::lock_guard lock(mutex_);
      news_ = true;
    }
    changed_.notify_all();
  });
  thread_ = NamedThread("origin/keep", [this](std::stop_token stop) { run(stop); });
}

OriginKeeper::~OriginKeeper() {
  listening_.reset();
  thread_.stop();
  studio_.use_audience(nullptr);
}

void OriginKeeper::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const bool done = apply();
    const Instant look = origin_.watch();
    std::unique_lock lock(mutex_);
    clock_.wait(lock, changed_, stop, done ? look : std::min(look, clock_.now() + kTryAgain), [&] { return news_; });
    news_ = false;
  }
}

bool OriginKeeper::apply() {
  const OpenShowPtr open = studio_.open_show();
  const std::optional<show::Hls> section = open ? open->show.hls : std::nullopt;
  const std::string name = open ? open->show.name : std::string();
  const std::string dir = open ? open->dir : ".";
  const bool same = section == applied_ && dir == applied_dir_ && (name == applied_name_ || !section);
  if (same && failure_.empty()) return true;
  if (!same) failure_.clear();
  applied_ = section;
  applied_name_ = name;
  applied_dir_ = dir;
  std::optional<remote::OriginSettings> settings;
  Status done;
  if (open) {
    auto resolved = remote::origin_settings(open->show, secrets_, dir);
    if (resolved) {
      settings = std::move(*resolved);
    } else {
      done = std::move(resolved).error();
    }
  }
  if (done) done = origin_.apply(settings);
  const std::string before = std::exchange(failure_, done ? std::string() : done.error().describe());
  if (!done && failure_ != before) {
    const std::string where = section ? section->listen : "hls";
    log_.error("origin", "{}: {}", where, failure_);
    studio_.note(LogLevel::error, "remote.state", where, failure_, {{"state", "failed"}});
  }
  return done.has_value();
}

}  // namespace mainstay
