#include "engine/monitor/condition.h"

#include <algorithm>

namespace mainstay {

Condition::Change Condition::see(Nanos at, std::optional<Nanos> wrong_from, Nanos after, Nanos clear) {
  if (wrong_from) {
    right_since_.reset();
    wrong_since_ = std::min(wrong_since_.value_or(*wrong_from), *wrong_from);
    if (raised_ || at - *wrong_since_ < after) return Change::none;
    raised_ = true;
    return Change::raised;
  }
  if (!raised_) {
    wrong_since_.reset();
    return Change::none;
  }
  if (!right_since_) right_since_ = at;
  return at - *right_since_ >= clear ? forget() : Change::none;
}

Condition::Change Condition::forget() {
  const bool was = raised_;
  *this = {};
  return was ? Change::cleared : Change::none;
}

}  // namespace mainstay
