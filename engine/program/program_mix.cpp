// What the program makes of its plan: scenes and takes, pictures and sound.
#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/program/mix_desk.h"
#include "engine/program/program.h"

namespace mainstay {

namespace {

const std::string kFilmStrip = "transition/stinger";  // no source can be called so
constexpr Nanos kSoftCut = Millis(200);
constexpr std::uint8_t kSlateLuma = 40;  // dark grey: visibly not black, so that nobody takes it for a dead line

FramePtr grey(int width, int height) {
  WritableFrame frame = WritableFrame::make(width, height);
  frame.fill(kSlateLuma, 128, 128);
  return std::move(frame).freeze();
}

/// The block times a level that runs from `begin` to `end`.
AudioBlockPtr faded(const AudioBlockPtr& block, double begin, double end) {
  if (!block || (begin == 1 && end == 1)) return block;
  auto out = std::make_shared<AudioBlock>(*block);
  const double step = (end - begin) / std::max(1, out->samples);
  for (int c = 0; c < out->channels; ++c) {
    const auto plane = out->plane(c);
    for (int i = 0; i < out->samples; ++i) plane[i] *= static_cast<float>(begin + step * (i + 1));
  }
  return out;
}

/// Power runs in a straight line, not the level: what goes and what comes are different sounds as a rule, whose powers
/// add up. Level in a straight line would be 3 dB too quiet half-way.
double level_on_the_way(double from, double to, double done) {
  return std::sqrt(from * from + (to * to - from * from) * done);
}

}  // namespace

void Program::tell(ProgramNews::Kind kind, std::int64_t number, FrameIndex n, const char* how) {
  if (options_.news) options_.news({kind, number, n, how});
}

void Program::use(const PlanPtr& plan, FrameIndex local) {
  const bool first = !plan_;
  plan_ = plan;
  use_inputs(local);
  if (first) {
    use_scenes();
    return;
  }
  use_take(options_.first_frame + local);
  use_scenes();
  if (plan->black.order == black_order_) return;
  black_order_ = plan->black.order;
  black_.go(plan->black.on, plan->black.frames);
}

void Program::use_inputs(FrameIndex local) {
  std::vector<Slot> slots;
  slots.reserve(plan_->inputs.size());
  for (const Input& input : plan_->inputs) {
    const auto known =
        std::find_if(slots_.begin(), slots_.end(), [&](const Slot& slot) { return slot.input.source == input.source; });
    slots.push_back(known != slots_.end() ? std::move(*known) : Slot{.input = input, .asked = local});
    slots.back().input = input;
  }
  slots_ = std::move(slots);
  std::vector<std::string> names;
  for (const Slot& slot : slots_) names.push_back(slot.input.name);
  has_film_strip_ = plan_->take.stinger != nullptr;
  if (has_film_strip_) names.push_back(kFilmStrip);
  desk_->mixer.use(plan_->mixer, names, plan_->buses);
}

Canvas::Filters Program::layer_filters() const {
  return {options_.format.rate, options_.filter_files};
}

int Program::index_of(const std::string& input) const {
  const auto it =
      std::find_if(slots_.begin(), slots_.end(), [&](const Slot& slot) { return slot.input.name == input; });
  return it == slots_.end() ? -1 : static_cast<int>(it - slots_.begin());
}

/// The canvas that shows the scene already, whatever it did so far; else one that is not needed, else a new one.
std::unique_ptr<Canvas> Program::take_canvas(const std::string& scene,
                                             std::vector<std::unique_ptr<Canvas>>& spare) const {
  auto found = std::find_if(spare.begin(), spare.end(), [&](const auto& one) { return one->name() == scene; });
  if (found == spare.end()) return nullptr;
  std::unique_ptr<Canvas> canvas = std::move(*found);
  spare.erase(found);
  return canvas;
}

void Program::use_scenes() {
  std::vector<std::unique_ptr<Canvas>> spare = std::move(unused_);
  for (std::unique_ptr<Canvas>* held : {&on_air_, &leaving_, &preview_}) {
    if (*held) spare.push_back(std::move(*held));
  }
  const bool leaves = run_.running() && !left_picture_ && plan_->leaving;
  struct Wanted {
    std::unique_ptr<Canvas>* canvas;
    const std::string* name;
    const show::Scene* scene;
  };
  std::vector<Wanted> wanted{{&on_air_, &plan_->scene_name, &plan_->scene}};
  if (leaves) wanted.push_back({&leaving_, &take_.from, &*plan_->leaving});
  if (plan_->preview) wanted.push_back({&preview_, &plan_->preview_name, &*plan_->preview});
  for (const Wanted& each : wanted) *each.canvas = take_canvas(*each.name, spare);
  const auto find = [this](const std::string& input) { return find_input(input); };
  for (const Wanted& each : wanted) {
    if (!*each.canvas && !spare.empty()) {
      *each.canvas = std::move(spare.back());
      spare.pop_back();
    }
    if (!*each.canvas)
      *each.canvas = std::make_unique<Canvas>(options_.format.width, options_.format.height, layer_filters());
    (*each.canvas)->show(*each.name, *each.scene, find);
  }
  unused_ = std::move(spare);
  use_nested();
  use_multiviews();
}

void Program::end_transition(FrameIndex n, const char* how) {
  run_.finish();
  left_picture_ = nullptr;
  if (leaving_) unused_.push_back(std::move(leaving_));
  take_.stinger = nullptr;  // the studio ends it
  film_output_ = {};
  tell(ProgramNews::Kind::transition_ended, started_take_, n, how);
}

void Program::use_take(FrameIndex n) {
  const ProgramTake& next = plan_->take;
  const bool running = run_.running();
  bool turns = false;
  if (next.number != take_.number) {
    turns = running && next.turns_back == take_.number && !left_picture_ && !take_.stinger;
    if (turns) {
      run_.turn_back();
    } else {
      // Turning back what was never seen: what was on air is there still.
      const bool unseen = next.turns_back != 0 && !running && next.turns_back != take_.number;
      const std::int64_t frames = unseen ? 0 : next.frames;
      if (running) end_transition(n, frames == 0 ? "cut" : "interrupted");
      left_picture_ = running && frames > 0 ? last_picture_ : nullptr;
      if (frames > 0) run_.begin(frames);
      film_frame_ = 0;
    }
    const show::Transition how = turns ? take_.how : next.how;
    take_ = next;
    take_.how = how;
    for (Slot& slot : slots_) slot.base = slot.level;
    if (run_.running() && !turns) {
      started_take_ = next.number;
      tell(ProgramNews::Kind::transition_started, next.number, n);
    }
    take_.order = -1;  // its first order is to be followed too
  }
  if (run_.running() && !left_picture_ && !plan_->leaving) end_transition(n, "cut");  // the scene it comes from is gone
  if (!run_.running() || next.order == take_.order) return;
  take_.order = next.order;
  if (next.drive == ProgramTake::Drive::finished) {
    end_transition(n, turns ? "reversed" : "cut");
  } else if (take_.stinger) {  // a film runs by itself
  } else if (next.drive == ProgramTake::Drive::by_hand) {
    run_.hold_at(next.position);
  } else {
    run_.go_on();
  }
}

LayerPicture Program::slate() {
  // A source's picture, or plain grey.
  const int slot = plan_->slate.empty() ? -1 : index_of(plan_->slate);
  const FramePtr own = slot >= 0 ? frames_[static_cast<std::size_t>(slot)] : nullptr;
  if (own) return {own, show::Layer{}};
  if (!slate_) slate_ = grey(options_.format.width, options_.format.height);
  return {slate_, show::Layer{}};
}

FramePtr Program::compose(const TransitionRun::Point& point) {
  frames_.clear();
  for (Slot& slot : slots_) {
    frames_.push_back(slot.output.video);
    slot.made = false;
  }
  FramePtr picture;
  if (!stings(point)) {
    picture = mixed(compose(*on_air_), point);
  } else {
    const bool cut = film_frame_ > take_.cut;  // the frame of this tick is the one before
    picture = cut ? compose(*on_air_) : left_picture_ ? left_picture_ : compose(*leaving_);
    if (film_output_.video) {
      const LayerPicture layers[] = {{picture, show::Layer{}},
                                     {film_output_.video, show::Layer{.fit = show::Fit::cover}}};
      picture = film_.compose(layers);
    }
  }
  last_picture_ = picture;
  return black_.level() > 0 ? pictures_.towards_black(picture, black_.level()) : picture;
}

FramePtr Program::mixed(FramePtr picture, const TransitionRun::Point& point) {
  if (!point.mixed) return picture;
  const FramePtr other = left_picture_ ? left_picture_ : compose(*leaving_);
  return point.backwards ? pictures_.mix(picture, other, take_.how, point.position)
                         : pictures_.mix(other, picture, take_.how, point.position);
}

void Program::pull_stinger(const TransitionRun::Point& point, const std::stop_token& stop) {
  film_output_ = {};
  if (stings(point)) film_output_ = take_.stinger->pull(film_frame_++, stop);
}

bool Program::hears_film() const {
  const auto* stinger = std::get_if<show::StingerTransition>(&take_.how);
  return stinger != nullptr && stinger->audio;
}

/// How far the sound has gone from scene to scene. Under a film it goes along with the picture, but softly.
double Program::heard_share(const TransitionRun::Point& point) const {
  if (!stings(point)) return point.done;
  const auto soft = std::max<FrameIndex>(1, options_.format.rate.frames_in(kSoftCut));
  return std::clamp(static_cast<double>(film_frame_ - take_.cut) / static_cast<double>(soft), 0.0, 1.0);
}

// What is in the scene is heard, hidden layers too; whatever else the mixer says about it. Through a transition each
// source goes from where it was to where it shall be.
void Program::mix(FrameIndex n, const TransitionRun::Point& point, bool glides, double black_before) {
  std::vector<Mixer::Input>& sounds = desk_->sounds;
  sounds.assign(slots_.size(), {});
  const double share = heard_share(point);
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    const double goal = on_air_->hears(static_cast<int>(i)) ? 1 : 0;
    slot.level = point.mixed ? level_on_the_way(slot.base, goal, share) : goal;
    sounds[i] = {slot.output.audio, {static_cast<float>(slot.level), glides}};
  }
  if (has_film_strip_) sounds.push_back({hears_film() ? film_output_.audio : nullptr, {1, false}});
  const Mixer::Sound sound = desk_->mixer.mix(sounds, options_.format.rate.samples(n));
  const std::int64_t first_sample = options_.format.rate.first_sample(n);
  if (!next_sample_) next_sample_ = first_sample;
  give_sound(faded(sound[static_cast<int>(show::AudioBus::program)], 1 - black_before, 1 - black_.level()));
  for (int bus = 1; bus < show::kAudioBuses; ++bus) {
    if (!sound[bus]) continue;
    for (ProgramSink* sink : options_.sinks) sink->on_bus(static_cast<show::AudioBus>(bus), sound[bus], first_sample);
  }
}

void Program::give_sound(const AudioBlockPtr& block) {
  given_sound_ = block;
  if (!block || !next_sample_) return;
  for (ProgramSink* sink : options_.sinks) sink->on_audio(block, *next_sample_);
  *next_sample_ += block->samples;
}

/// References only: nothing is copied for who looks.
void Program::give_tick(FrameIndex n, const FramePtr& picture) {
  for (ProgramSink* sink : options_.sinks) {
    if (!sink->wants_ticks()) continue;
    ProgramTick tick{n, picture, given_sound_, plan_, {}};
    tick.inputs.reserve(slots_.size());
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      const Slot& slot = slots_[i];
      const int number = static_cast<int>(i);
      const bool on_air = on_air_->hears(number) || (leaving_ && leaving_->hears(number));
      tick.inputs.push_back({slot.output, slot.joined.has_value() && !slot.resting, on_air});
    }
    sink->on_tick(std::move(tick));
  }
}

void Program::publish(FramePtr picture, const TransitionRun::Point& point) {
  std::lock_guard lock(picture_mutex_);
  picture_ = std::move(picture);
  mix_status_.take = take_.number;
  mix_status_.in_transition = point.mixed;
  mix_status_.position = point.mixed ? (point.backwards ? 1 - point.position : point.position) : 1;
  mix_status_.black = black_.level();
}

MixerReadings Program::mixer_readings() const {
  return desk_->mixer.readings();
}

void Program::reset_loudness(show::AudioBus bus) {
  desk_->mixer.reset_loudness(bus);
}

FramePtr Program::picture() const {
  std::lock_guard lock(picture_mutex_);
  return picture_;
}

FramePtr Program::preview_picture() const {
  preview_asked_ = rendered_.load();
  std::lock_guard lock(picture_mutex_);
  return preview_picture_;
}

/// Gives way to the program: a tick that is late makes none.
void Program::render_preview() {
  const std::int64_t asked = preview_asked_.load();
  const bool watched = asked >= 0 && rendered_.load() - asked <= options_.format.rate.frames_in(Seconds(1));
  const bool makes = watched && preview_ && on_time_;
  if (preview_ && !makes) preview_->keep_up(frames_, tick_);
  if (watched && preview_ && !on_time_) return;
  FramePtr picture;
  if (makes) picture = compose(*preview_);
  std::lock_guard lock(picture_mutex_);
  preview_picture_ = std::move(picture);
}

}  // namespace mainstay
