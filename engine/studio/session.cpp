#include "engine/studio/session.h"

#include <fmt/core.h>

namespace mainstay {

Recovery recovery(const SessionStart& start) {
  if (!start.crashed_before) return {};
  const std::string what = start.crashes_in_row > 1
                               ? fmt::format("The last {} runs of this show ended in a crash", start.crashes_in_row)
                               : "The last run of this show ended in a crash";
  if (start.crashes_in_row >= kCrashesUntilTagged && start.last_tagged != 0)
    return {start.last_tagged,
            fmt::format("{}: going back to revision {}, tagged \"{}\". Later revisions are in the history.", what,
                        start.last_tagged, start.last_tag)};
  if (start.last_good != 0) {
    const char* untagged = start.crashes_in_row >= kCrashesUntilTagged ? " (no revision has a tag)" : "";
    return {start.last_good,
            fmt::format(
                "{}: going back to revision {}, the last that was on air without trouble{}. Later revisions are in the "
                "history.",
                what, start.last_good, untagged)};
  }
  return {0, fmt::format("{}: no revision is known to be good, so the show starts as its file has it.", what)};
}

}  // namespace mainstay
