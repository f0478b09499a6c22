// What is on air by which transition, the T-bar, and the fade to black.
#include <algorithm>
#include <cmath>

#include "engine/studio/on_air.h"

namespace mainstay {

/// The program is done with the film: it is ended elsewhere, once the program has let go of it too.
void OnAir::drop_stinger() {
  if (!take_.stinger || !program_ || in_transition()) return;
  {
    std::lock_guard lock(mutex_);
    reaper_.take(std::move(take_.stinger));
    take_.stinger = nullptr;
  }
  if (!stopped_) give_plan();
}

/// A film that is ready; a cut otherwise. It cannot be led by hand or turned back: there it is a fade and a cut.
void OnAir::take_stinger(ProgramTake& next, const TakeOrder& order) {
  if (order.position) {
    next.how = show::FadeTransition{};
    next.frames = std::max<FrameIndex>(1, show_.program.rate.frames_in(show::FadeTransition{}.duration));
    return;
  }
  next.how = show::CutTransition{};
  next.frames = 0;
  auto film = stingers_.take(order.name);
  if (!film) {
    services_.events.add(LogLevel::warning, "program.stinger", order.name,
                         fmt::format("it is a cut: {}", film.error().describe()), {{"why", film.error().describe()}});
    return;
  }
  next.how = order.how;
  next.frames = film->length;
  next.stinger = std::move(film->source);
  next.cut = std::clamp<FrameIndex>(
      show_.program.rate.frames_in(std::get<show::StingerTransition>(order.how).cut_point), 0, film->length);
}

/// The show has changed; a take, when another scene is on air by it. Under mutex_.
void OnAir::take(const show::Show& before, const TakeOrder& order) {
  const std::string from = scene_name_on_air(before);
  if (from == scene_name_on_air(show_)) return;
  const Millis duration = show::duration_of(order.how);
  ProgramTake next;
  next.number = take_.number + 1;
  next.how = order.how;
  if (duration > Millis{0}) next.frames = std::max<FrameIndex>(1, show_.program.rate.frames_in(duration));
  const bool stings = std::holds_alternative<show::StingerTransition>(order.how);
  if (order.turns_back && take_.stinger) {  // what it came from is there again at once
    next.how = show::CutTransition{};
    next.frames = 0;
  } else if (stings && !order.turns_back) {
    take_stinger(next, order);
  } else if (order.turns_back) {
    next.frames = take_.frames;
    next.turns_back = take_.number;
  } else if (order.position) {
    next.frames = std::max<std::int64_t>(1, next.frames);
  }
  next.from = from;
  if (order.finished) next.drive = ProgramTake::Drive::finished;
  if (order.position) {
    next.drive = ProgramTake::Drive::by_hand;
    next.position = *order.position;
  }
  reaper_.take(std::move(take_.stinger));
  take_ = std::move(next);
  take_name_ = order.name;
}

bool OnAir::in_transition(const ProgramStatus& status) const {
  if (take_.frames == 0 || take_.drive == ProgramTake::Drive::finished) return false;
  return status.take < take_.number || status.in_transition;
}

bool OnAir::in_transition() const {
  return in_transition(program_->status());
}

void OnAir::hold_transition_at(double position) {
  {
    std::lock_guard lock(mutex_);
    ++take_.order;
    take_.drive = ProgramTake::Drive::by_hand;
    take_.position = position;
  }
  give_plan();
  tell_bar();
}

void OnAir::tell_bar() {
  constexpr Nanos kPause = Millis(50);
  if (take_.drive != ProgramTake::Drive::by_hand || take_.position == told_bar_ || !in_transition()) return;
  const Instant now = services_.clock.now();
  if (now - told_bar_at_ < kPause) return;
  told_bar_at_ = now;
  told_bar_ = take_.position;
  const double position = std::round(told_bar_ * 1000) / 1000;
  services_.events.add(LogLevel::debug, "program.bar", scene_name_on_air(show_),
                       fmt::format("{} at {:.0f} %", take_name_, position * 100),
                       {{"from", take_.from}, {"transition", take_name_}, {"position", position}});
}

void OnAir::go_on_with_transition() {
  {
    std::lock_guard lock(mutex_);
    ++take_.order;
    take_.drive = ProgramTake::Drive::by_itself;
  }
  give_plan();
}

void OnAir::finish_transition() {
  {
    std::lock_guard lock(mutex_);
    ++take_.order;
    take_.drive = ProgramTake::Drive::finished;
  }
  give_plan();
}

void OnAir::fade_to_black(bool on, Millis duration) {
  {
    std::lock_guard lock(mutex_);
    ++black_.order;
    black_.on = on;
    black_.frames = duration > Millis{0} ? show_.program.rate.frames_in(duration) : 0;
  }
  give_plan();
}

FramePtr OnAir::multiview_picture(const std::string& source) {
  if (source.empty()) sources_.want_multiview();
  return program_->multiview_picture(source);
}

FramePtr OnAir::preview_picture() const {
  return program_->preview_picture();
}

}  // namespace mainstay
