#include "engine/program/program.h"

#include <algorithm>
#include <numeric>

namespace mainstay {

namespace {

constexpr Nanos kPrerollLimit = Seconds(3);
constexpr Nanos kPrerollLook = Millis(2);
constexpr Nanos kLongestCatchUp = Seconds(2);
constexpr std::uint8_t kSlateLuma = 40;  // dark grey: visibly not black, so that nobody takes it for a dead line

FramePtr grey(int width, int height) {
  WritableFrame frame = WritableFrame::make(width, height);
  frame.fill(kSlateLuma, 128, 128);
  return std::move(frame).freeze();
}

}  // namespace

FrameIndex aligned_start(Rate rate, FrameIndex wanted) {
  const std::int64_t period = rate.num / std::gcd(std::int64_t{kProgramSampleRate} * rate.den, std::int64_t{rate.num});
  return mul_div(wanted, 1, period, Rounding::up) * period;
}

Program::Program(Clock& clock, Log& log, Options options, Ended ended)
    : clock_(clock),
      log_(log),
      options_(std::move(options)),
      ended_(std::move(ended)),
      compositor_(options_.format.width, options_.format.height) {
  use(*options_.plan, 0);
}

Program::~Program() {
  stop();
}

void Program::start() {
  thread_ = NamedThread("program", [this](std::stop_token stop) { run(std::move(stop)); });
}

void Program::stop() {
  thread_.stop();
}

void Program::set_plan(PlanPtr plan) {
  std::lock_guard lock(plan_mutex_);
  next_plan_ = std::move(plan);
}

void Program::take_plan(FrameIndex local) {
  PlanPtr plan;
  {
    std::lock_guard lock(plan_mutex_);
    plan = std::move(next_plan_);
    next_plan_.reset();
  }
  if (!plan) return;
  use(*plan, local);
  if (options_.taken) options_.taken(plan->number, options_.first_frame + local);
}

void Program::use(const Plan& plan, FrameIndex local) {
  std::vector<Slot> slots;
  slots.reserve(plan.inputs.size());
  for (const Input& input : plan.inputs) {
    const auto known =
        std::find_if(slots_.begin(), slots_.end(), [&](const Slot& slot) { return slot.input.source == input.source; });
    slots.push_back(known != slots_.end() ? std::move(*known) : Slot{.input = input, .asked = local});
    slots.back().input.name = input.name;
  }
  slots_ = std::move(slots);
  const auto index_of = [&](const std::string& name) -> int {
    const auto it =
        std::find_if(slots_.begin(), slots_.end(), [&](const Slot& slot) { return slot.input.name == name; });
    return it == slots_.end() ? -1 : static_cast<int>(it - slots_.begin());
  };
  layers_.clear();
  heard_.clear();
  for (const show::Layer& layer : plan.scene.layers) {
    const int index = index_of(layer.source);
    if (index < 0) continue;  // refused by the check of the show
    if (layer.visible) layers_.push_back({layer, index});
    if (std::find(heard_.begin(), heard_.end(), index) == heard_.end()) heard_.push_back(index);
  }
  std::vector<std::string> names;
  for (const Slot& slot : slots_) names.push_back(slot.input.name);
  mixer_.use(plan.mixer, names, plan.buses);
  slate_slot_ = plan.slate.empty() ? -1 : index_of(plan.slate);
}

ProgramStatus Program::status() const {
  const std::int64_t rendered = rendered_.load();
  return {rendered, late_.load(), repeated_.load(), options_.format.rate.begin(rendered)};
}

FramePtr Program::picture() const {
  std::lock_guard lock(picture_mutex_);
  return picture_;
}

void Program::run(std::stop_token stop) {
  const bool ended = play(stop);
  give_sound(mixer_.flush());  // so that there is as much sound as picture
  if (ended && ended_) ended_();
}

bool Program::play(const std::stop_token& stop) {
  preroll(stop);
  anchor_ = clock_.now();
  for (FrameIndex local = 0; options_.frames == 0 || local < options_.frames; ++local) {
    const Instant due = anchor_ + options_.format.rate.begin(local);
    if (!clock_.pace_until(due, stop)) return false;
    catch_up(local);
    tick(local, stop);
    if (stop.stop_requested()) return false;  // a tick cut short is not part of the program
    rendered_ = local + 1;
    if (options_.frames == 0 && all_ended()) break;
  }
  return true;
}

void Program::preroll(const std::stop_token& stop) {
  const Instant limit = clock_.offline() ? kNever : clock_.now() + kPrerollLimit;
  const auto ready = [&] {
    return std::all_of(heard_.begin(), heard_.end(), [&](int i) { return slots_[i].input.source->ready(); });
  };
  // Offline the clock stands still here, and pull() waits for each source by itself.
  if (clock_.offline()) return;
  while (!ready() && clock_.now() < limit) {
    if (!clock_.wait_until(clock_.now() + kPrerollLook, stop)) return;
  }
  if (!ready()) log_.warning("program", "a source was not ready after 3 s; on air with the slate until it is");
}

void Program::catch_up(FrameIndex local) {
  const Nanos behind = clock_.now() - (anchor_ + options_.format.rate.begin(local));
  if (behind <= options_.format.rate.begin(1)) return;
  ++late_;
  if (behind <= kLongestCatchUp) return;
  log_.warning("program", "the machine stood still for {:.1f} s; the program goes on from there, put off by as much",
               seconds(behind));
  anchor_ += behind;
}

void Program::tick(FrameIndex local, const std::stop_token& stop) {
  const FrameIndex n = options_.first_frame + local;
  take_plan(local);
  for (Slot& slot : slots_) pull(slot, local, stop);
  if (stop.stop_requested()) return;
  if (std::any_of(heard_.begin(), heard_.end(), [&](int i) { return slots_[i].output.repeated; })) ++repeated_;

  FramePtr picture = compose();
  {
    std::lock_guard lock(picture_mutex_);
    picture_ = picture;
  }
  for (ProgramSink* sink : options_.sinks) sink->on_video(picture, n);
  mix(n);
}

void Program::pull(Slot& slot, FrameIndex local, const std::stop_token& stop) {
  if (!slot.joined) {
    // Before the first tick all were waited for; later ones come in when they can, so that nothing of them is missed.
    const bool waited = local == 0 || options_.format.rate.begin(local - slot.asked) >= kPrerollLimit;
    if (!waited && !clock_.offline() && !slot.input.source->ready()) return;
    slot.joined = local;
    if (aligned_start(options_.format.rate, local) != local) slot.reblock.emplace();
  }
  const FrameIndex own = local - *slot.joined;
  slot.output = slot.input.source->pull(own, stop);
  if (!slot.reblock || stop.stop_requested()) return;
  slot.output.audio = slot.reblock->take(slot.output.audio, options_.format.rate.samples(own),
                                         options_.format.rate.samples(options_.first_frame + local));
}

FramePtr Program::compose() {
  pictures_.clear();
  bool missing = false;
  for (const ShownLayer& shown : layers_) {
    if (const FramePtr& frame = slots_[shown.slot].output.video) {
      pictures_.push_back({frame, shown.layer});
    } else {
      missing = true;
    }
  }
  if (pictures_.empty() && missing) {
    // Nothing of the scene is there: the slate, which is a source's picture, or plain grey.
    const FramePtr own = slate_slot_ >= 0 ? slots_[slate_slot_].output.video : nullptr;
    if (!own && !slate_) slate_ = grey(options_.format.width, options_.format.height);
    if (!own) return slate_;
    pictures_.push_back({own, show::Layer{}});
  }
  return compositor_.compose(pictures_);
}

// What is in the scene is heard, hidden layers too; whatever else the mixer says about it.
void Program::mix(FrameIndex n) {
  sounds_.assign(slots_.size(), {});
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    sounds_[i].block = slots_[i].output.audio;
    sounds_[i].level.value = std::find(heard_.begin(), heard_.end(), static_cast<int>(i)) != heard_.end() ? 1 : 0;
  }
  const Mixer::Sound sound = mixer_.mix(sounds_, options_.format.rate.samples(n));
  const std::int64_t first_sample = options_.format.rate.first_sample(n);
  if (!next_sample_) next_sample_ = first_sample;
  give_sound(sound[static_cast<int>(show::AudioBus::program)]);
  for (int bus = 1; bus < show::kAudioBuses; ++bus) {
    if (!sound[bus]) continue;
    for (ProgramSink* sink : options_.sinks) sink->on_bus(static_cast<show::AudioBus>(bus), sound[bus], first_sample);
  }
}

void Program::give_sound(const AudioBlockPtr& block) {
  if (!block || !next_sample_) return;
  for (ProgramSink* sink : options_.sinks) sink->on_audio(block, *next_sample_);
  *next_sample_ += block->samples;
}

bool Program::all_ended() const {
  return !heard_.empty() && std::all_of(heard_.begin(), heard_.end(), [&](int i) {
    const SourceStatus status = slots_[i].input.source->status();
    return status.state == SourceState::ended || (status.state == SourceState::failed && !status.retries);
  });
}

}  // namespace mainstay
