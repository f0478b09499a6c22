#include "engine/monitor/watchers.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/show/picture_delays.h"
#include "engine/sources/media_control.h"

namespace mainstay {

namespace {

constexpr std::size_t kTicksQueued = 4;  // each holds pictures of all sources
constexpr Nanos kPicturePace = Millis(100);

/// Somebody holds it: it stands still and is silent on purpose.
bool is_held(const Source& source) {
  const auto* media = dynamic_cast<const MediaControl*>(&source);
  if (media == nullptr) return false;
  const std::optional<MediaPlace> place = media->place();
  return place && place->paused;
}

/// What is measured of the sender, and what the show adds. A strip's delay alone is a correction by ear of what cannot
/// be measured: it is no fault. What is not heard, or not seen, is not apart.
std::optional<Nanos> offset_of(const std::optional<Nanos>& measured, Nanos picture, Nanos sound, bool both) {
  if (!measured && (picture == Nanos{0} || !both)) return std::nullopt;
  return measured.value_or(Nanos{0}) + picture - sound;
}

}  // namespace

Watchers::Watchers(Clock& clock, Rate rate, FrameIndex first_frame, WatchSettings settings, Tell tell)
    : clock_(clock),
      rate_(rate),
      first_frame_(first_frame),
      picture_pace_(rate.frames_in(kPicturePace)),
      tell_(std::move(tell)),
      program_("program", true),
      next_picture_(first_frame),
      settings_(std::make_shared<const WatchSettings>(std::move(settings))),
      queue_(clock, {.items = kTicksQueued}, Overflow::drop_oldest) {
  if (!clock.offline()) thread_ = NamedThread("watchers", [this](const std::stop_token& stop) { run(stop); });
}

Watchers::~Watchers() {
  queue_.close();
  thread_.stop();
}

void Watchers::use(WatchSettings settings) {
  auto next = std::make_shared<const WatchSettings>(std::move(settings));
  std::lock_guard lock(mutex_);
  settings_ = std::move(next);
}

std::vector<RaisedWatch> Watchers::raised() const {
  std::lock_guard lock(mutex_);
  return raised_;
}

void Watchers::on_tick(ProgramTick&& tick) {
  if (clock_.offline()) return look(tick);
  queue_.push(std::move(tick));
}

void Watchers::run(const std::stop_token& stop) {
  for (;;) {
    const Result<ProgramTick> tick = queue_.pop(stop);
    if (!tick) return;
    look(*tick);
  }
}

void Watchers::look(const ProgramTick& tick) {
  SettingsPtr settings;
  {
    std::lock_guard lock(mutex_);
    settings = settings_;
  }
  const Nanos at = rate_.begin(tick.n - first_frame_);
  const bool pictures = tick.n >= next_picture_;
  if (pictures) next_picture_ = tick.n + picture_pace_;
  look_at_program(tick, at, pictures, *settings);
  look_at_sources(tick, at, pictures, *settings);
  if (pictures) forget_others(tick, at, *settings);
  if (news_.empty() && !pictures) return;

  std::vector<RaisedWatch> raised;
  program_.list_raised(raised);
  for (const auto& [name, watch] : sources_) watch.list_raised(raised);
  std::stable_sort(raised.begin(), raised.end(),
                   [](const RaisedWatch& a, const RaisedWatch& b) { return a.since < b.since; });
  {
    std::lock_guard lock(mutex_);
    raised_ = std::move(raised);
  }
  for (const WatchNews& news : std::exchange(news_, {})) tell_(news);
}

void Watchers::look_at_program(const ProgramTick& tick, Nanos at, bool pictures, const WatchSettings& settings) {
  program_.see({.at = at,
                .looks = pictures,
                .picture = tick.video,
                .sound = tick.audio != nullptr,
                .audio = tick.audio,
                .av_offset = {},
                .meant = tick.plan->black.on},
               settings.program, settings.clear, news_);
}

/// What the show itself moves pictures and sounds by: a sender's offset is heard and seen with that.
void Watchers::use_delays(const std::shared_ptr<const ProgramPlan>& plan) {
  if (plan == plan_.lock()) return;
  plan_ = plan;
  delays_.clear();
  const auto scene_of = [&](const std::string& source) -> const show::Scene* {
    const auto input = std::find_if(plan->inputs.begin(), plan->inputs.end(),
                                    [&](const ProgramInput& one) { return one.name == source; });
    const bool nests = input != plan->inputs.end() && input->composed && !input->composed->multiview;
    return nests ? &input->composed->scene : nullptr;
  };
  for (const auto& [name, delay] : show::picture_delays(plan->scene, rate_, scene_of)) {
    const auto strip = plan->mixer.strips.find(name);
    const show::Strip own = strip != plan->mixer.strips.end() ? strip->second : show::Strip{};
    if (!own.mute) delays_[name] = {delay, Nanos(std::llround(own.delay_ms * 1e6))};
  }
}

void Watchers::look_at_sources(const ProgramTick& tick, Nanos at, bool pictures, const WatchSettings& settings) {
  use_delays(tick.plan);
  for (std::size_t i = 0; i < tick.inputs.size(); ++i) {
    const ProgramInput& input = tick.plan->inputs[i];
    const ProgramTick::Given& given = tick.inputs[i];
    const auto wanted = settings.sources.find(input.name);
    if (wanted == settings.sources.end()) continue;
    const auto known = sources_.find(input.name);
    if (!given.joined || (settings.scope == show::WatchScope::on_air && !given.on_air)) {
      if (known != sources_.end()) known->second.forget(at, news_);
      continue;
    }
    SubjectWatch& watch =
        known != sources_.end() ? known->second : sources_.try_emplace(input.name, input.name, false).first->second;
    const auto delayed = delays_.find(input.name);
    const Delays delays = delayed != delays_.end() ? delayed->second : Delays{};
    std::optional<Nanos> offset;
    if (pictures)
      offset = offset_of(input.source->status().av_offset, delays.picture, delays.sound,
                         given.output.audio != nullptr && given.output.video != nullptr);
    watch.see({.at = at,
               .looks = pictures,
               .picture = given.output.video,
               .sound = true,
               .audio = given.output.audio,
               .av_offset = offset,
               .set = offset ? delays.picture - delays.sound : Nanos{0},
               .meant = is_held(*input.source)},
              wanted->second, settings.clear, news_);
  }
}

/// What has left the show is wrong no more.
void Watchers::forget_others(const ProgramTick& tick, Nanos at, const WatchSettings& settings) {
  const auto there = [&](const std::string& name) {
    return settings.sources.contains(name) &&
           std::any_of(tick.plan->inputs.begin(), tick.plan->inputs.end(),
                       [&](const ProgramInput& input) { return input.name == name; });
  };
  for (auto known = sources_.begin(); known != sources_.end();) {
    if (there(known->first)) {
      ++known;
      continue;
    }
    known->second.forget(at, news_);
    known = sources_.erase(known);
  }
}

}  // namespace mainstay
