// What is on air by which transition, the T-bar, and the fade to black.
#include <algorithm>

#include "engine/studio/on_air.h"

namespace mainstay {

/// The show has changed; a take, when another scene is on air by it. Under mutex_.
void OnAir::take(const show::Show& before, const TakeOrder& order) {
  const std::string from = scene_name_on_air(before);
  if (from == scene_name_on_air(show_)) return;
  const Millis duration = show::duration_of(order.how);
  ProgramTake next;
  next.number = take_.number + 1;
  next.how = order.how;
  if (duration > Millis{0}) next.frames = std::max<FrameIndex>(1, show_.program.rate.frames_in(duration));
  if (order.turns_back) {
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

FramePtr OnAir::preview_picture() const {
  return program_->preview_picture();
}

}  // namespace mainstay
