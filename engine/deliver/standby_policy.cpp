#include "engine/deliver/standby_policy.h"

namespace mainstay {

void StandbyPolicy::main_is(Instant now, LegState state) {
  if (state == LegState::live && main_ != LegState::live) live_since_ = now;
  if (state != LegState::live) live_since_ = kNever;
  main_ = state;
  if (state == LegState::backoff) backup_wanted_ = true;
  if (state == LegState::stopped) backup_wanted_ = false;
  tick(now);
}

void StandbyPolicy::tick(Instant now) {
  if (now >= next()) backup_wanted_ = false;
}

Instant StandbyPolicy::next() const {
  if (!backup_wanted_ || mode_ == show::ReturnMode::manual || live_since_ == kNever) return kNever;
  return live_since_ + hold_;
}

Status StandbyPolicy::take_main() {
  if (!backup_wanted_) return make_error(Errc::invalid, "main is taken already: the backup is not in use");
  if (!on_air(main_)) {
    return make_error(Errc::invalid, "main is not on air ({}): the backup stays until it is", to_string(main_));
  }
  backup_wanted_ = false;
  return {};
}

}  // namespace mainstay
