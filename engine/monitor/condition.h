// Something that is wrong or right from moment to moment, told only when it lasts: raised when it has been wrong for
// long enough, cleared when it has been right for long enough.
// Owned by a subject's watch.
// Thread-safety: one thread at a time.
#pragma once

#include <optional>

#include "engine/core/time.h"

namespace mainstay {

class Condition {
 public:
  enum class Change { none, raised, cleared };

  /// At `at`, later than the last time. `wrong_from`: since when it is wrong, as far as is known; null: it is right.
  Change see(Nanos at, std::optional<Nanos> wrong_from, Nanos after, Nanos clear);
  /// It is not looked at any more.
  Change forget();

  bool is_raised() const { return raised_; }
  /// When what was raised began.
  Nanos since() const { return wrong_since_.value_or(Nanos{0}); }

 private:
  bool raised_ = false;
  std::optional<Nanos> wrong_since_;
  std::optional<Nanos> right_since_;
};

}  // namespace mainstay
