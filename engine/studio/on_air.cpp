#include "engine/studio/on_air.h"

#include <algorithm>
#include <cmath>

#include "engine/ffi/portaudio/output_stream.h"
#include "engine/show/paths.h"

namespace mainstay {

namespace {

constexpr FrameIndex kFromShow = -1;
constexpr Nanos kDrainLimit = Millis(600);  // of the encoders; what is left of the 3 s is the legs'

LogLevel level_of(LegState state) {
  switch (state) {
    case LegState::backoff:
    case LegState::degraded:
      return LogLevel::warning;
    default:
      return LogLevel::info;
  }
}

FrameIndex first_frame(const show::Program& program) {
  const FrameIndex wanted = program.first_frame == kFromShow ? program.rate.frames_in(Seconds(1)) : program.first_frame;
  return aligned_start(program.rate, wanted);
}

Interleaver::Options interleaving(const Clock& clock) {
  return {.exact = clock.offline()};
}

// What the timeline of everything that runs hangs on.
std::vector<show::ShowError> fixed_on_air(const show::Program& now, const show::Program& next) {
  std::vector<show::ShowError> errors;
  const auto fixed = [&](bool same, const char* key) {
    if (same) return;
    errors.push_back({std::string("/program/") + key,
                      "cannot change while on air, as all that runs hangs on it: end the show, or leave it as it is"});
  };
  fixed(now.width == next.width, "width");
  fixed(now.height == next.height, "height");
  fixed(now.rate == next.rate, "rate");
  fixed(now.first_frame == next.first_frame, "first_frame");
  fixed(now.audio_layout == next.audio_layout, "audio_layout");
  return errors;
}

// Whether a recording of either takes the same renditions.
bool records_same(const show::Show& now, const show::Show& next) {
  if (now.record != next.record || !now.record) return now.record == next.record;
  const Selection a = selection_of(now.encode, now.record->video, now.record->audio);
  const Selection b = selection_of(next.encode, next.record->video, next.record->audio);
  return a.video == b.video && a.audio == b.audio;
}

std::vector<show::ShowError> as_errors(const Error& error) {
  return {{"", error.describe()}};
}

}  // namespace

OnAir::OnAir(OnAirPlan plan, Services services, Hooks hooks)
    : services_(services),
      hooks_(std::move(hooks)),
      show_dir_(plan.show_dir),
      frames_(plan.frames),
      started_(services.clock.now()),
      show_(std::move(plan.show)),
      bus_(services.clock),
      interleaver_(interleaving(services.clock),
                   [this](PacketPtr packet, const std::stop_token& stop) { bus_.publish(std::move(packet), stop); }),
      reaper_(services.clock),
      filters_(std::make_shared<FilterLoader>(services.clock, services.log, show_dir_)),
      sources_({services.clock, services.log, services.secrets, reaper_, show_dir_}),
      stingers_({services.clock, services.log, services.secrets, reaper_, show_dir_}),
      destinations_({bus_, services.clock, services.log, services.secrets, services.events, reaper_},
                    [this](const LegEvent& event) { heard(event); }),
      encoders_({interleaver_, bus_, services.clock, services.events, reaper_}, first_frame(show_.program)),
      hls_({bus_, services.clock, services.log, services.secrets, services.events, reaper_, show_dir_,
            [this] { wake(); }},
           show_.program.rate, first_frame(show_.program)),
      taps_(services_.clock) {}

Result<std::unique_ptr<OnAir>> OnAir::start(OnAirPlan plan, Services services, Hooks hooks) {
  std::unique_ptr<OnAir> on_air(new OnAir(std::move(plan), services, std::move(hooks)));
  const show::Show& show = on_air->show_;
  // Sources first: they open and pre-roll while the encoders are made and the legs connect.
  MAINSTAY_TRY(auto sources, on_air->sources_.prepare(show));
  on_air->sources_.commit(std::move(sources));
  on_air->stingers_.use(show);
  MAINSTAY_TRY(auto encoders, on_air->encoders_.prepare(show));
  on_air->encoders_.commit(std::move(encoders));
  MAINSTAY_TRY(auto destinations, on_air->destinations_.prepare(show));
  on_air->destinations_.commit(std::move(destinations));
  MAINSTAY_TRY(on_air->recorder_, on_air->make_recorder(show));
  MAINSTAY_CHECK(on_air->hls_.prepare(show));
  on_air->hls_.use(show);
  on_air->filters_->want(show);
  on_air->make_program();
  return on_air;
}

OnAir::~OnAir() {
  stop();
  program_.reset();
  hls_.close();
  reaper_.take(std::move(filters_));  // it may hang in a disk, as a source may
  reaper_.finish();
}

OnAir::Preparation OnAir::prepare(const show::Show& next) {
  std::vector<show::ShowError> errors = fixed_on_air(show_.program, next.program);
  if (!errors.empty()) return {std::nullopt, std::move(errors)};
  auto sources = sources_.prepare(next);
  if (!sources) return {std::nullopt, as_errors(sources.error())};
  auto destinations = destinations_.prepare(next);
  if (!destinations) return {std::nullopt, as_errors(destinations.error())};
  if (next.record && next.record != show_.record) {
    if (auto record = services_.secrets.resolve(*next.record); !record)
      return {std::nullopt, as_errors(record.error())};
  }
  if (const Status hls = hls_.prepare(next); !hls) return {std::nullopt, as_errors(hls.error())};
  auto encoders = encoders_.prepare(next);
  if (!encoders) return {std::nullopt, as_errors(encoders.error())};
  return {Prepared{next, std::move(*sources), std::move(*destinations), std::move(*encoders)}, {}};
}

void OnAir::commit(Prepared prepared, const TakeOrder& order) {
  encoders_.commit(std::move(prepared.encoders));
  destinations_.commit(std::move(prepared.destinations));
  if (!records_same(show_, prepared.show)) {
    auto made = make_recorder(prepared.show);
    if (!made) services_.events.add(LogLevel::error, "record.state", "record", made.error().describe());
    swap_recorder(made ? std::move(*made) : nullptr);
  }
  hls_.use(prepared.show);
  sources_.commit(std::move(prepared.sources));
  stingers_.use(prepared.show);
  {
    std::lock_guard lock(mutex_);
    std::swap(show_, prepared.show);
    take(prepared.show, order);
  }
  filters_->want(show_);
  watchers_->use(watch_settings(show_));
  if (show_.monitor != prepared.show.monitor) monitor_->use(show_.monitor);
  give_plan();
}

void OnAir::give_plan() {
  program_->set_plan(sources_.plan(++plan_number_, take_, black_));
}

Result<std::shared_ptr<Recorder>> OnAir::make_recorder(const show::Show& show) {
  if (!show.record || !show.record->enabled) return std::shared_ptr<Recorder>();
  MAINSTAY_TRY(const show::Record record, services_.secrets.resolve(*show.record));
  RecorderOptions options;
  options.path = show::expand_path(record.path, show_dir_);
  options.fragment = record.fragment;
  options.selection = selection_of(show.encode, record.video, record.audio);
  return std::make_shared<Recorder>(std::move(options), bus_, services_.clock, services_.log,
                                    [this](const RecorderStatus& status) { heard(status); });
}

void OnAir::swap_recorder(std::shared_ptr<Recorder> recorder) {
  {
    std::lock_guard lock(mutex_);
    std::swap(recorder_, recorder);
  }
  if (recorder) recorder->stop();
  reaper_.take(std::move(recorder));
}

std::shared_ptr<Recorder> OnAir::recorder() const {
  std::lock_guard lock(mutex_);
  return recorder_;
}

void OnAir::make_program() {
  Program::Options options;
  options.format = show_.program;
  options.plan = sources_.plan(plan_number_, take_, black_);
  options.first_frame = first_frame(show_.program);
  watchers_ = std::make_unique<Watchers>(services_.clock, show_.program.rate, options.first_frame,
                                         watch_settings(show_), [this](const WatchNews& news) { tell_watch(news); });
  monitor_ = std::make_unique<MonitorOutput>(services_.clock, services_.log, show_.monitor, ffi::open_output);
  options.sinks = {&hls_, &encoders_, watchers_.get(), monitor_.get(), &taps_};
  options.frames = frames_;
  options.news = hooks_.news;
  options.filter_files = filters_.get();
  program_ = std::make_unique<Program>(services_.clock, services_.log, std::move(options), hooks_.ended);
  program_->start();
}

void OnAir::stop() {
  if (std::exchange(stopped_, true)) return;
  if (program_) program_->stop();
  look();
  encoders_.drain(kDrainLimit);
  bus_.close();
  destinations_.stop();
  if (const auto running = recorder()) running->stop();
  hls_.stop();
  await_consumers();
}

bool OnAir::consumers_stopped() const {
  return destinations_.stopped() && hls_.stopped() &&
         (!recorder_ || recorder_->status().state == RecorderState::stopped);
}

void OnAir::await_consumers() {
  std::unique_lock lock(mutex_);
  // Offline the program no longer moves time, and nothing here depends on a network.
  const Instant limit = services_.clock.offline() ? kNever : services_.clock.now() + kStopLimit;
  services_.clock.wait(lock, changed_, {}, limit, [&] { return consumers_stopped(); });
}

void OnAir::heard(const LegEvent& event) {
  const std::string subject = event.destination + "/" + event.role;
  if (event.kind == LegEvent::Kind::state) {
    services_.events.note(level_of(event.to), "leg.state", subject, describe(event),
                          {{"state", to_string(event.to)}, {"from", to_string(event.from)}});
  } else if (event.kind == LegEvent::Kind::step && event.step) {
    services_.events.note(event.step->down ? LogLevel::warning : LogLevel::info, "leg.step", subject,
                          describe(*event.step),
                          {{"from", event.step->from},
                           {"to", event.step->to},
                           {"down", event.step->down},
                           {"reason", event.step->reason}});
  } else if (event.kind == LegEvent::Kind::outage_ended && event.outage && event.outage->recover) {
    services_.events.add(
        LogLevel::info, "leg.recovered", subject,
        fmt::format("delivers again after {:.1f} s", seconds(*event.outage->recover - event.outage->start)),
        {{"outage_s", seconds(*event.outage->recover - event.outage->start)}});
  }
  wake();
}

void OnAir::heard(const RecorderStatus& status) {
  const bool failed = status.state == RecorderState::failed;
  std::string message = fmt::format("{} {}", to_string(status.state), status.path);
  if (!status.detail.empty()) message += ": " + status.detail;
  services_.events.note(failed ? LogLevel::error : LogLevel::info, "record.state", "record", std::move(message),
                        {{"state", to_string(status.state)}, {"path", status.path}});
  wake();
}

void OnAir::wake() {
  { std::lock_guard lock(mutex_); }  // not between the waiter's look and its sleep
  changed_.notify_all();
}

void OnAir::look() {
  encoders_.look();
  destinations_.look();
  if (sources_.look() && program_ && !stopped_) give_plan();
  drop_stinger();
  tell_bar();
  const std::vector<SourceRack::Entry> entries = sources_.entries();
  for (const SourceRack::Entry& entry : entries) tell_source(entry);
  forget_others(entries);
  tell_loudness();
  tell_filters();
  tell_monitor();
}

// A source that was taken out of the show has failed nothing any more, and a show that is edited for months names many.
void OnAir::forget_others(const std::vector<SourceRack::Entry>& entries) {
  const auto gone = [&](const auto& named) {
    return std::none_of(entries.begin(), entries.end(), [&](const auto& entry) { return entry.name == named.first; });
  };
  std::erase_if(told_states_, gone);
  std::erase_if(told_items_, gone);
  std::lock_guard lock(mutex_);
  records_.keep([&](const std::string& name) {
    return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) { return entry.name == name; });
  });
}

void OnAir::tell_loudness() {
  constexpr double kEnough = 30;       // seconds of sound that an integral takes to mean something
  constexpr double kHysteresis = 0.2;  // LU
  if (!program_ || !show_.mixer.loudness) return;
  const LoudnessReading reading = program_->mixer_readings().loudness[0];
  if (reading.measured_s < kEnough) return;
  const show::LoudnessTarget& target = *show_.mixer.loudness;
  const double off = reading.integrated - target.target_lufs;
  const double limit = target.tolerance_lu + (loudness_is_off_ ? -kHysteresis : kHysteresis);
  if ((std::abs(off) > limit) == loudness_is_off_) return;
  loudness_is_off_ = !loudness_is_off_;
  services_.events.add(loudness_is_off_ ? LogLevel::warning : LogLevel::info, "mixer.loudness", "program",
                       fmt::format("{:.1f} LUFS integrated, {:+.1f} LU from the target", reading.integrated, off),
                       {{"state", loudness_is_off_ ? "off_target" : "on_target"},
                        {"integrated_lufs", std::round(reading.integrated * 100) / 100},
                        {"target_lufs", target.target_lufs}});
}

void OnAir::tell_watch(const WatchNews& news) {
  const RaisedWatch& watch = news.watch;
  services_.events.add(news.raised ? LogLevel::warning : LogLevel::info, news.raised ? "watch.raised" : "watch.cleared",
                       watch.subject, describe(news),
                       {{"kind", to_string(watch.kind)},
                        {"program", watch.program},
                        {"since_s", std::round(seconds(watch.since) * 1000) / 1000},
                        {"value", std::round(watch.value * 1000) / 1000},
                        {"set_ms", std::round(watch.set_ms * 1000) / 1000}});
}

void OnAir::tell_monitor() {
  if (!monitor_) return;
  const MonitorStatus status = monitor_->status();
  if (status.state == told_monitor_) return;
  const MonitorStatus::State from = std::exchange(told_monitor_, status.state);
  const bool failed = status.state == MonitorStatus::State::failed;
  const std::string word = to_string(status.state);
  services_.events.note(
      failed ? LogLevel::warning : LogLevel::info, "monitor.state", "monitor",
      failed ? status.detail : (status.device.empty() ? word : fmt::format("{}: {}", word, status.device)),
      {{"state", word}, {"from", to_string(from)}, {"device", status.device}});
}

void OnAir::tell_source(const SourceRack::Entry& entry) {
  if (!entry.source) return;
  const SourceStatus status = entry.source->status();
  if (std::string& item = told_items_[entry.name]; status.item != item) {
    const std::string before = std::exchange(item, status.item);
    services_.events.add(LogLevel::info, "source.item", entry.name, item, {{"item", item}, {"from", before}});
  }
  const auto [told, first] = told_states_.try_emplace(entry.name, SourceState::opening);
  if (status.state == told->second) return;
  const SourceState from = std::exchange(told->second, status.state);
  const bool failed = status.state == SourceState::failed;
  std::string message = to_string(status.state);
  if (!status.detail.empty()) message += ": " + status.detail;
  services_.events.add(failed ? LogLevel::error : LogLevel::info, "source.state", entry.name, message,
                       {{"state", to_string(status.state)}, {"from", to_string(from)}});
  if (!failed) services_.events.forgive("source.state", entry.name);
  std::lock_guard lock(mutex_);
  records_.note(entry.name, status.state, services_.log.redactor().redact(status.detail),
                services_.clock.now() - started_);
}

Status OnAir::retry_now(const std::string& destination, const std::string& role) {
  MAINSTAY_TRY(const auto found, destinations_.find(destination));
  return found->retry_now(role);
}

Status OnAir::take_main(const std::string& destination) {
  MAINSTAY_TRY(const auto found, destinations_.find(destination));
  return found->take_main();
}

FramePtr OnAir::picture() const {
  return program_->picture();
}

std::string OnAir::failure() const {
  std::lock_guard lock(mutex_);
  for (const std::string& name : records_.failing()) {
    if (show::shows_within(show_, scene_on_air(show_), name)) return records_.failure(name);
  }
  return {};
}

}  // namespace mainstay
