#include "engine/studio/studio_core.h"

#include <algorithm>

#include "engine/show/key_text.h"
#include "engine/show/layer_filters.h"
#include "engine/show/layers.h"
#include "engine/show/picture_delays.h"
#include "engine/studio/report.h"

namespace mainstay {

namespace {

constexpr Nanos kLookPeriod = Millis(200);
constexpr Nanos kWorksPeriod = std::chrono::hours(1);  // it has nothing to look after

CallResult wrong_state(std::string message) {
  return CallResult::failure(CallErrc::wrong_state, std::move(message));
}

/// As the show has it; off.
MonitorSnapshot monitor_snapshot(const show::Monitor& monitor) {
  MonitorSnapshot out;
  out.device = out.wanted = monitor.device;
  out.state = to_string(MonitorStatus::State::off);
  out.bus = show::kAudioBusNames[static_cast<std::size_t>(monitor.bus)];
  out.gain_db = monitor.gain_db;
  out.enabled = monitor.enabled;
  out.mute = monitor.mute;
  return out;
}

}  // namespace

StudioCore::StudioCore(Clock& clock, Log& log, show::Secrets& secrets, ShowKeeper::Options keeping)
    : clock_(clock),
      log_(log),
      secrets_(secrets),
      events_(clock, log),
      keeper_(clock, keeping,
              [this](const std::string& path, ShowFile::Change change) {
                control_.post_news([this, path, change = std::move(change)] { file_changed(path, change); });
              }),
      pictures_(clock, "pictures"),
      works_(clock, kWorksPeriod, [] {}, {.name = "works", .scheduling = Scheduling::normal}),
      control_(clock, kLookPeriod, [this] { look(); }) {}

StudioCore::~StudioCore() {
  control_.finish([this] {
    end_gesture();
    end_show([this] { keeper_.close(); });
  });
  keeper_.finish();
}

std::shared_ptr<OnAir> StudioCore::on_air() const {
  std::lock_guard lock(mutex_);
  return on_air_;
}

std::shared_ptr<History> StudioCore::history() const {
  std::lock_guard lock(mutex_);
  return history_;
}

void StudioCore::use_macros(MacroHost* host) {
  std::lock_guard lock(macros_mutex_);
  macros_ = host;
}

CallResult StudioCore::with_macros(const std::function<Status(MacroHost&)>& act) {
  std::lock_guard lock(macros_mutex_);
  if (macros_ == nullptr)
    return CallResult::failure(CallErrc::failed, "this program runs no macros: it has no scripts");
  const Status done = act(*macros_);
  return done ? CallResult{} : CallResult{nullptr, to_call_error(done.error())};
}

std::vector<std::string> StudioCore::running_macros() const {
  std::lock_guard lock(macros_mutex_);
  return macros_ != nullptr ? macros_->running() : std::vector<std::string>{};
}

void StudioCore::use_audience(AudienceHost* host) {
  std::lock_guard lock(audience_mutex_);
  audience_ = host;
}

std::optional<AudienceSnapshot> StudioCore::audience() const {
  std::lock_guard lock(audience_mutex_);
  return audience_ != nullptr ? audience_->audience() : std::nullopt;
}

show::Json StudioCore::viewers() const {
  std::lock_guard lock(audience_mutex_);
  return audience_ != nullptr ? audience_->viewers() : Json(nullptr);
}

OpenShowPtr StudioCore::open_show() const {
  std::lock_guard lock(mutex_);
  return show_;
}

void StudioCore::set_phase(Phase phase) {
  std::lock_guard lock(mutex_);
  phase_ = phase;
}

void StudioCore::aside(ControlThread::Command step, ControlThread::Command then) {
  control_.hold();
  works_.post([this, step = std::move(step), then = std::move(then)] {
    step();
    control_.resume([this, then] {
      then();
      end_if_over();
    });
  });
}

void StudioCore::answer_aside(std::function<CallResult()> step, const Reply& reply) {
  const auto result = std::make_shared<CallResult>();
  aside([step = std::move(step), result] { *result = step(); }, [result, reply] { reply(std::move(*result)); });
}

void StudioCore::start(std::int64_t frames, const Reply& reply) {
  if (on_air()) return reply(wrong_state("the show is on air already"));
  const OpenShowPtr open = open_show();
  if (!open) return reply(wrong_state("no show is open"));
  set_phase(Phase::starting);
  pending_cuts_.clear();
  transitions_.clear();
  events_.reset_errors();
  events_.add(LogLevel::debug, "program.starting", open->show.name, "going on air");
  const std::int64_t show_number = ++shows_started_;
  answer_aside([=, this] { return start_now(frames, show_number, open); }, reply);
}

CallResult StudioCore::start_now(std::int64_t frames, std::int64_t show_number, const OpenShowPtr& open) {
  // The program's thread only asks for the end: it cannot wait for itself. When a command ended this show first and
  // another one is on air by then, what it asks is no longer meant.
  OnAir::Hooks hooks;
  hooks.ended = [this, show_number] {
    control_.post_news([this, show_number] {
      show_over_ = show_number;
      end_if_over();
    });
  };
  hooks.news = [this](const ProgramNews& news) { control_.post_news([this, news] { heard(news); }); };
  auto started = OnAir::start({open->show, open->dir, frames}, {clock_, log_, secrets_, events_}, std::move(hooks));
  if (!started) {
    const std::string why = log_.redactor().redact(started.error().describe());
    events_.add(LogLevel::error, "program.failed", open->show.name, why);
    {
      std::lock_guard lock(mutex_);
      phase_ = Phase::off;
      failure_ = why;
    }
    return CallResult::failure(CallErrc::failed, why);
  }
  {
    std::lock_guard lock(mutex_);
    on_air_ = std::move(*started);
    phase_ = Phase::on_air;
    failure_.clear();
  }
  events_.add(LogLevel::info, "program.started", open->show.name, "on air");
  return {};
}

void StudioCore::stop(const Reply& reply) {
  if (!on_air()) return reply(wrong_state("nothing is on air"));
  end_show([reply] { reply({}); });
}

void StudioCore::end_if_over() {
  if (!control_.is_held() && show_over_ == shows_started_ && on_air()) end_show([] {});
}

void StudioCore::end_show(ControlThread::Command then) {
  const std::shared_ptr<OnAir> ending = on_air();
  if (!ending) return then();
  const std::string name = open_show()->show.name;
  set_phase(Phase::stopping);
  events_.add(LogLevel::debug, "program.stopping", name, "going off air");
  Snapshot before;
  ending->fill(before);
  const auto finish = [this, ending, name, before = std::move(before), then = std::move(then)] {
    Snapshot last = base_snapshot();
    ending->fill(last);
    // How each leg stood when the end began says more than that it was stopped then.
    for (std::size_t i = 0; i < std::min(last.legs.size(), before.legs.size()); ++i) {
      last.legs[i].state = before.legs[i].state;
      last.legs[i].detail = before.legs[i].detail;
    }
    const std::string failure = ending->failure();
    {
      std::lock_guard lock(mutex_);
      last.phase = Phase::off;
      last_ = std::move(last);
      last_shelf_ = ending->shelf();
      failure_ = failure;
      on_air_.reset();
      phase_ = Phase::off;
    }
    events_.add(LogLevel::info, "program.ended", name, "off air", {{"failure", failure}});
    settle();  // whoever waits for a change to run is answered
    then();
  };
  aside([ending] { ending->stop(); }, finish);
}

void StudioCore::look() {
  const auto air = on_air();
  if (control_.is_held()) return;  // it is at work on them
  if (air) air->look();
  if (clock_.now() - gesture_.last > kGesturePause) end_gesture();
  tell_gesture();
  settle();
  if (const OpenShowPtr open = open_show()) keeper_.look(open->revision, air != nullptr);
}

CallResult StudioCore::with_air(const std::function<Status(OnAir&)>& command) {
  const auto air = on_air();
  if (!air) return wrong_state("nothing is on air");
  const Status done = command(*air);
  return done ? CallResult{} : CallResult{nullptr, to_call_error(done.error())};
}

Snapshot StudioCore::base_snapshot() const {
  std::lock_guard lock(mutex_);
  Snapshot snapshot;
  snapshot.phase = phase_;
  snapshot.failure = failure_;
  if (!show_) return snapshot;
  const show::Show& show = show_->show;
  snapshot.show_name = show.name;
  snapshot.show_path = show_->path;
  snapshot.revision = show_->revision;
  snapshot.saved_revision = show_->saved_revision;
  for (const auto& [name, scene] : show.scenes) {
    snapshot.scenes.push_back(name);
    SceneSnapshot& out = snapshot.layers.emplace_back();
    out.name = name;
    const std::vector<std::string> names = show::layer_names(scene);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const show::Layer& layer = scene.layers[i];
      LayerSnapshot& one = out.layers.emplace_back();
      one = {names[i], layer.source, layer.visible, layer.locked, {}};
      one.sound_ahead_ms = seconds(show::sound_ahead(show, layer)) * 1000;
      const std::vector<std::string> filters = show::filter_names(layer.filters);
      for (std::size_t k = 0; k < filters.size(); ++k)
        one.filters.push_back({filters[k], std::string(show::kind_of(layer.filters[k])),
                               show::is_enabled(layer.filters[k]), "", "", show::values_of(layer.filters[k])});
    }
  }
  for (const auto& [name, transition] : show.transitions) {
    snapshot.transitions.push_back(name);
    if (std::holds_alternative<show::StingerTransition>(transition))
      snapshot.stingers.push_back({name, "off", "", std::nullopt});
  }
  for (const std::string& name : show::built_in_transitions()) {
    if (!show.transitions.contains(name)) snapshot.transitions.push_back(name);
  }
  for (const auto& [name, macro] : show.macros) {
    const auto key = macro.enabled ? show::canonical_key(macro.key) : std::nullopt;
    snapshot.macros.push_back({name, key.value_or("")});
  }
  snapshot.mixer = mixer_snapshot(show);
  if (show.monitor) snapshot.monitor = monitor_snapshot(*show.monitor);
  snapshot.program.width = show.program.width;
  snapshot.program.height = show.program.height;
  snapshot.program.rate = show.program.rate;
  snapshot.program.scene = show.on_air;
  snapshot.program.preview = show.studio_mode ? show.preview : std::string();
  snapshot.program.studio_mode = show.studio_mode;
  snapshot.program.transition_name = show.transition;
  if (const auto transition = show::find_transition(show, show.transition))
    snapshot.program.transition_length = show::duration_of(*transition);
  return snapshot;
}

namespace {

/// Of films that were opened last, when nothing is on air: those that are still in the show.
void keep_lengths(std::vector<StingerSnapshot>& last, std::vector<StingerSnapshot> now) {
  for (StingerSnapshot& stinger : now) {
    const auto was = std::find_if(last.begin(), last.end(), [&](const auto& one) { return one.name == stinger.name; });
    if (was != last.end()) stinger.length_ms = was->length_ms;
  }
  last = std::move(now);
}

}  // namespace

Snapshot StudioCore::snapshot() const {
  Snapshot snapshot = base_snapshot();
  snapshot.audience = audience();
  if (const auto air = on_air()) {
    air->fill(snapshot);
    return snapshot;
  }
  std::lock_guard lock(mutex_);
  if (!last_) return snapshot;
  // What ran is as it ended; the document may have gone on.
  Snapshot last = *last_;
  last.phase = phase_;
  last.failure = failure_;
  last.audience = snapshot.audience;
  last.revision = snapshot.revision;
  last.saved_revision = snapshot.saved_revision;
  last.scenes = snapshot.scenes;
  last.layers = snapshot.layers;
  last.transitions = snapshot.transitions;
  last.monitor = snapshot.monitor;
  keep_lengths(last.stingers, snapshot.stingers);
  last.macros = snapshot.macros;
  last.mixer = snapshot.mixer;
  last.show_name = snapshot.show_name;
  last.show_path = snapshot.show_path;
  last.program.scene = snapshot.program.scene;
  last.program.preview = snapshot.program.preview;
  last.program.studio_mode = snapshot.program.studio_mode;
  last.program.transition_name = snapshot.program.transition_name;
  last.program.transition_length = snapshot.program.transition_length;
  last.program.transition.reset();
  last.program.black = 0;
  last.program.to_black = false;
  return last;
}

FramePtr StudioCore::picture() const {
  const auto air = on_air();
  return air ? air->picture() : nullptr;
}

FramePtr StudioCore::multiview_picture(const std::string& source) const {
  const auto air = on_air();
  return air ? air->multiview_picture(source) : nullptr;
}

FramePtr StudioCore::source_picture(const std::string& source) const {
  const auto air = on_air();
  return air ? air->source_picture(source) : nullptr;
}

FramePtr StudioCore::preview_picture() const {
  const auto air = on_air();
  return air ? air->preview_picture() : nullptr;
}

std::shared_ptr<package::Shelf> StudioCore::shelf() const {
  if (const auto air = on_air()) return air->shelf();
  std::lock_guard lock(mutex_);
  return last_shelf_;
}

std::string StudioCore::report() const {
  return report_json(snapshot(), events_.errors(), process_usage());
}

}  // namespace mainstay
