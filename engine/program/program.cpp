#include "engine/program/program.h"

#include <algorithm>
#include <numeric>

#include "engine/program/mix_desk.h"

namespace mainstay {

namespace {

constexpr Nanos kPrerollLimit = Seconds(3);
constexpr Nanos kPrerollLook = Millis(2);
constexpr Nanos kLongestCatchUp = Seconds(2);

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
      pictures_(options_.format.width, options_.format.height),
      film_(options_.format.width, options_.format.height),
      desk_(std::make_unique<Desk>(options_.format)) {
  // What it begins with is simply there.
  take_ = options_.plan->take;
  black_order_ = options_.plan->black.order;
  use(options_.plan, 0);
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
  use(plan, local);
  tell(ProgramNews::Kind::plan, plan->number, options_.first_frame + local);
}

ProgramStatus Program::status() const {
  std::unique_lock lock(picture_mutex_);
  ProgramStatus status = mix_status_;
  lock.unlock();
  status.rendered = rendered_.load();
  status.late = late_.load();
  status.repeated = repeated_.load();
  status.elapsed = options_.format.rate.begin(status.rendered);
  return status;
}

void Program::run(std::stop_token stop) {
  const bool ended = play(stop);
  give_sound(desk_->mixer.flush());  // so that there is as much sound as picture
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
    if (options_.filter_files != nullptr && !options_.filter_files->ready()) return false;
    return std::all_of(on_air_->heard().begin(), on_air_->heard().end(),
                       [&](int i) { return may_rest(slots_[i]) || slots_[i].input.source->ready(); });
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
  on_time_ = behind <= options_.format.rate.begin(1);
  if (on_time_) return;
  ++late_;
  if (behind <= kLongestCatchUp) return;
  log_.warning("program", "the machine stood still for {:.1f} s; the program goes on from there, put off by as much",
               seconds(behind));
  anchor_ += behind;
}

void Program::tick(FrameIndex local, const std::stop_token& stop) {
  const FrameIndex n = options_.first_frame + local;
  tick_ = local;
  take_plan(local);
  for (Slot& slot : slots_) pull(slot, local, stop);
  if (stop.stop_requested()) return;
  if (std::any_of(on_air_->heard().begin(), on_air_->heard().end(), [&](int i) { return slots_[i].output.repeated; }))
    ++repeated_;

  const bool ran = run_.running();
  const TransitionRun::Point point = run_.next();
  if (ran && !point.mixed) end_transition(n, point.backwards ? "reversed" : "completed");
  pull_stinger(point, stop);
  if (stop.stop_requested()) return;
  const double black_before = black_.level();
  black_.next();
  if (black_.level() != black_before && (black_.level() == 0 || black_.level() == 1))
    tell(ProgramNews::Kind::black, black_.on() ? 1 : 0, n);

  FramePtr picture = compose(point);
  shown_picture_ = picture;
  publish(picture, point);
  for (ProgramSink* sink : options_.sinks) sink->on_video(picture, n);
  mix(n, point, ran, black_before);
  give_tick(n, picture);
  render_preview();
  render_multiviews();
}

void Program::pull(Slot& slot, FrameIndex local, const std::stop_token& stop) {
  if (slot.input.composed) return;
  if (may_rest(slot)) return rest(slot);
  if (slot.resting) {
    slot.resting = false;
    slot.waking = true;
    slot.asked = local;
    slot.input.source->hide(false);
  }
  if (!slot.joined || slot.waking) {
    // Before the first tick all were waited for; later ones come in when they can, so that nothing of them is missed.
    const bool waited = local == 0 || options_.format.rate.begin(local - slot.asked) >= kPrerollLimit;
    if (!waited && !clock_.offline() && !slot.input.source->ready()) {
      if (slot.joined) ++slot.rested;
      return;
    }
    join(slot, local);
  }
  const FrameIndex own = local - *slot.joined - slot.rested;
  slot.output = slot.input.source->pull(own, stop);
  if (!slot.reblock || stop.stop_requested()) return;
  slot.output.audio = slot.reblock->take(slot.output.audio, options_.format.rate.samples(own),
                                         options_.format.rate.samples(options_.first_frame + local));
}

/// It comes in, or goes on after a rest: where its frames and samples lie in the program's is settled by that.
void Program::join(Slot& slot, FrameIndex local) {
  if (!slot.joined) slot.joined = local;
  slot.waking = false;
  const FrameIndex begin = *slot.joined + slot.rested;
  slot.reblock.reset();
  if (aligned_start(options_.format.rate, begin) != begin) slot.reblock.emplace();
}

/// Its last picture stands, for those who look at it without showing it; it is silent.
void Program::rest(Slot& slot) {
  if (!slot.resting) {
    slot.resting = true;
    slot.input.source->hide(true);
    slot.output.audio = nullptr;
    slot.output.repeated = false;
  }
  if (slot.joined) ++slot.rested;
}

bool Program::may_rest(const Slot& slot) const {
  if (!slot.input.rests) return false;
  const int i = static_cast<int>(&slot - slots_.data());
  const auto seen = [&](const std::unique_ptr<Canvas>& canvas) { return canvas && canvas->sees(i); };
  return !seen(on_air_) && !seen(leaving_) && !seen(preview_) && slot.input.name != plan_->slate;
}

bool Program::all_ended() const {
  const auto plays = [&](int i) { return !may_rest(slots_[static_cast<std::size_t>(i)]); };
  const std::vector<int>& heard = on_air_->heard();
  return std::any_of(heard.begin(), heard.end(), plays) && std::all_of(heard.begin(), heard.end(), [&](int i) {
           if (!plays(i)) return true;
           const SourceStatus status = slots_[i].input.source->status();
           return status.state == SourceState::ended || (status.state == SourceState::failed && !status.retries);
         });
}

}  // namespace mainstay
