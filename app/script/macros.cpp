#include "app/script/macros.h"

#include <algorithm>
#include <filesystem>

#include "app/script/script_files.h"
#include "engine/show/paths.h"

namespace mainstay {

namespace {

constexpr std::size_t kMostWanted = 64;
constexpr std::size_t kMostSource = 1024 * 1024;
constexpr std::size_t kMostEvents = 2000;
constexpr Nanos kLookPeriod = Seconds(30);  // UTC may have been stepped

// The next moment after `from` at which it is that time of day in UTC; `at` was checked with the show.
UtcInstant next_at(const std::string& at, UtcInstant from) {
  const auto number = [&](std::size_t i) { return (at[i] - '0') * 10 + (at[i + 1] - '0'); };
  const Nanos of_day =
      std::chrono::hours(number(0)) + std::chrono::minutes(number(3)) + Seconds(at.size() == 8 ? number(6) : 0);
  const UtcInstant today = std::chrono::floor<std::chrono::days>(from) + of_day;
  return today > from ? today : today + std::chrono::days(1);
}

Result<script::Evaluation> source_of(const std::string& name, const show::Macro& macro, const std::string& dir) {
  if (macro.script.empty()) return script::Evaluation{macro.code, "macro " + name, false};
  const std::string path = show::expand_path(macro.script, dir);
  MAINSTAY_TRY(std::string source, script::read_file(path, kMostSource));
  return script::Evaluation{std::move(source), macro.script, false};
}

}  // namespace

Macros::Macros(Studio& studio, Clock& clock, Clock& wall, Log& log)
    : studio_(studio), clock_(clock), wall_(wall), log_(log), looked_at_(wall.utc_now()) {
  listening_ = studio_.on_event([this] {
    {
      std::lock_guard lock(mutex_);
      news_ = true;
    }
    changed_.notify_all();
  });
  studio_.use_macros(this);
  thread_ = NamedThread("macros", [this](std::stop_token stop) { work(stop); });
}

Macros::~Macros() {
  studio_.use_macros(nullptr);
  listening_.reset();
  thread_.stop();
  std::map<std::string, Running> left;
  {
    std::lock_guard lock(mutex_);
    left.swap(running_);
  }
  left.clear();  // interrupts, and waits for, what still runs
}

Status Macros::run(const std::string& name) {
  {
    std::lock_guard lock(mutex_);
    const bool waits = std::find(wanted_.begin(), wanted_.end(), name) != wanted_.end();
    if (waits || running_.contains(name)) return make_error(Errc::again, "macro {} runs already", name);
    if (running_.size() >= kMostRunning || wanted_.size() >= kMostWanted)
      return make_error(Errc::again, "{} macros run already: try again", running_.size());
    wanted_.push_back(name);
  }
  changed_.notify_all();
  return {};
}

Status Macros::stop(const std::string& name) {
  std::shared_ptr<script::ScriptHost> host;
  {
    std::lock_guard lock(mutex_);
    if (std::erase(wanted_, name) > 0) return {};
    const auto found = running_.find(name);
    if (found == running_.end()) return make_error(Errc::invalid, "macro {} does not run", name);
    Running& running = found->second;
    if (!running.begun) return interrupted_before(name, running), Status{};
    host = running.host;
  }
  host->interrupt();  // may call ended() at once
  return {};
}

std::vector<std::string> Macros::running() const {
  std::vector<std::string> names;
  std::lock_guard lock(mutex_);
  for (const auto& [name, running] : running_) names.push_back(name);
  return names;
}

void Macros::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    reap();
    take_events();
    take_times();
    while (true) {
      std::string name;
      {
        std::lock_guard lock(mutex_);
        if (wanted_.empty()) break;
        name = std::move(wanted_.front());
        wanted_.pop_front();
      }
      start(name);
    }
    std::unique_lock lock(mutex_);
    wall_.wait(lock, changed_, stop, next_time(), [&] { return news_ || !wanted_.empty(); });
    news_ = false;
  }
}

void Macros::take_events() {
  const std::vector<Event> events = studio_.events(last_event_, kMostEvents);
  if (events.empty()) return;
  last_event_ = events.back().number;
  const OpenShowPtr open = studio_.open_show();
  if (!open) return;
  for (const Event& event : events) {
    if (event.type.starts_with("macro.")) continue;
    for (const auto& [name, macro] : open->show.macros) {
      if (!macro.enabled || macro.on != event.type) continue;
      if (macro.subject.empty() || macro.subject == event.subject) start(name);
    }
  }
}

void Macros::take_times() {
  const UtcInstant now = wall_.utc_now();
  const UtcInstant before = std::exchange(looked_at_, now);
  const OpenShowPtr open = studio_.open_show();
  if (!open || now <= before) return;
  for (const auto& [name, macro] : open->show.macros) {
    if (macro.enabled && !macro.at.empty() && next_at(macro.at, before) <= now) start(name);
  }
}

// The earliest time of day that starts something.
Instant Macros::next_time() const {
  const UtcInstant now = wall_.utc_now();
  Nanos wait = kLookPeriod;
  if (const OpenShowPtr open = studio_.open_show()) {
    for (const auto& [name, macro] : open->show.macros) {
      if (macro.enabled && !macro.at.empty()) wait = std::min<Nanos>(wait, next_at(macro.at, now) - now);
    }
  }
  return wall_.now() + wait;
}

bool Macros::may_start() {
  const Instant now = wall_.now();
  if (now - second_ >= Seconds(1)) {
    second_ = now;
    starts_ = 0;
  }
  return ++starts_ <= kMostStarts;
}

void Macros::start(const std::string& name) {
  const OpenShowPtr open = studio_.open_show();
  if (!open || !open->show.macros.contains(name)) return;
  const show::Macro& macro = open->show.macros.at(name);
  const auto refuse = [&](const std::string& why) {
    log_.warning("macro", "{}: {}", name, why);
    studio_.note(LogLevel::warning, "macro.ended", name, why, {{"ok", false}});
  };
  {
    std::lock_guard lock(mutex_);
    if (running_.contains(name)) return;  // once at a time
    if (running_.size() >= kMostRunning) return refuse("not started: too many macros run");
  }
  if (!may_start()) return refuse("not started: too many macros start within a second");
  auto source = source_of(name, macro, open->dir);
  if (!source) return refuse(source.error().describe());
  script::Options options;
  options.folder = macro.script.empty()
                       ? std::string()
                       : std::filesystem::path(show::expand_path(macro.script, open->dir)).parent_path().string();
  options.caller = {.face = Face::macro, .role = Role::admin, .name = name};
  options.limits.total = macro.time_limit;
  options.print = [this, name](std::string_view line) {
    studio_.note(LogLevel::info, "macro.log", name, std::string(line));
  };
  auto host = std::make_shared<script::ScriptHost>(script::Services{clock_, wall_, log_, studio_}, std::move(options));
  {
    std::lock_guard lock(mutex_);
    running_[name].host = std::move(host);
  }
  studio_.note(LogLevel::info, "macro.started", name, "started");  // whoever hears it can stop it
  std::lock_guard lock(mutex_);
  Running& running = running_[name];
  if (running.ended) return;
  running.begun = true;
  running.host->evaluate(std::move(*source),
                         [this, name](script::Outcome outcome) { ended(name, std::move(outcome)); });
}

void Macros::interrupted_before(const std::string& name, Running& running) {
  running.ended = true;
  running.outcome.end = script::End::interrupted;
  running.outcome.message = "macro " + name + ": interrupted";
  news_ = true;
  changed_.notify_all();
}

void Macros::ended(const std::string& name, script::Outcome outcome) {
  {
    std::lock_guard lock(mutex_);
    const auto found = running_.find(name);
    if (found == running_.end()) return;  // the end of all
    found->second.ended = true;
    found->second.outcome = std::move(outcome);
    news_ = true;
  }
  changed_.notify_all();
}

void Macros::reap() {
  std::map<std::string, Running> done;
  {
    std::lock_guard lock(mutex_);
    for (auto it = running_.begin(); it != running_.end();) {
      auto next = std::next(it);
      if (it->second.ended) done.insert(running_.extract(it));
      it = next;
    }
  }
  for (const auto& [name, running] : done) {
    const bool ok = running.outcome.ok() || (running.outcome.end == script::End::exited && running.outcome.code == 0);
    const LogLevel level = ok ? LogLevel::info : LogLevel::warning;
    const std::string message = ok ? "ended" : running.outcome.message;
    if (!ok) log_.warning("macro", "{}: {}", name, message);
    studio_.note(level, "macro.ended", name, message, {{"ok", ok}});
  }
}

}  // namespace mainstay
