// What happened to the runs before this one, and which revision to start with because of it.
// Plain values and a function without state; History keeps the books.
// Thread-safety: as any value.
#pragma once

#include <cstdint>
#include <string>

namespace mainstay {

/// At the beginning of a session (a run with this show open).
struct SessionStart {
  bool crashed_before = false;   ///< the session before did not end by itself
  int crashes_in_row = 0;        ///< since the last session that ended cleanly or went steady
  std::int64_t last_good = 0;    ///< newest revision that was on air without trouble; 0: none
  std::int64_t last_tagged = 0;  ///< revision that was given a tag last; 0: none
  std::string last_tag;          ///< that tag
};

struct Recovery {
  std::int64_t revision = 0;  ///< the document to start with; 0: the file as it is
  std::string sentence;       ///< for the operator; empty when nothing happened
};

/// From this many crashes in a row on, the last good revision is not trusted any more.
inline constexpr int kCrashesUntilTagged = 3;

Recovery recovery(const SessionStart& start);

}  // namespace mainstay
