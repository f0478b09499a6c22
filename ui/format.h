// Numbers and states as words for the window: pure functions, so that what an operator reads can be tested.
// Plain values.
// Thread-safety: any thread.
#pragma once

#include <QString>

#include "engine/studio/snapshot.h"

namespace mainstay::ui {

/// How a thing should feel. Red is not among these: it means on air and nothing else.
enum class Tone {
  quiet,    ///< off, idle, over: grey
  calm,     ///< doing what it should: blue-white
  warning,  ///< somebody should look: amber
  error,    ///< does not work: amber, filled
};
const char* to_string(Tone tone);

/// "00:12:34"; from 100 hours on "5d 04:12:34".
QString elapsed_text(Nanos elapsed);
/// "1 234 567" with narrow spaces.
QString count_text(std::int64_t value);
/// Kilobits a second, whole: "5 998".
QString kbps_text(double kbps);
/// Milliseconds, whole; "–" when not known.
QString millis_text(Nanos value);
/// "1:02.5 / 3:40.0", from an hour on "1:00:02.5 / …"; without a duration the position alone.
QString media_time_text(std::int64_t position_ms, std::optional<std::int64_t> duration_ms);
/// Seconds with one decimal: "3.2".
QString seconds_text(Nanos value);
/// "1.4 GB".
QString bytes_text(std::int64_t bytes);
/// "30 fps", "29.97 fps".
QString rate_text(const Rate& rate);

QString phase_word(Phase phase);
QString leg_word(LegState state);
/// Amber for trouble, and for a connect that takes more than two seconds or follows a failed one.
Tone leg_tone(const LegSnapshot& leg);
Tone source_tone(const SourceSnapshot& source);
Tone encoder_tone(const EncoderSnapshot& encoder);
Tone recorder_tone(const RecorderSnapshot& recorder);

/// Counters of faults never go down, but a warning that never ends teaches people to look away: a count is news for ten
/// seconds after it rose.
class Rising {
 public:
  /// The tone of `value`, asked once a look (ten a second).
  Tone tone(std::int64_t value);

 private:
  std::int64_t last_ = -1;  ///< -1: nothing seen yet; what was there before us is no news
  int news_for_ = 0;
};

struct Line {
  QString text;
  Tone tone = Tone::quiet;
};

/// Whether the program reaches anybody, in one line: "2 of 2 legs live".
Line delivery_line(const Snapshot& snapshot);
/// What the watchers have raised, the program's first: "Program silent  ·  clip frozen"; empty: nothing.
Line watch_line(const Snapshot& snapshot);

}  // namespace mainstay::ui
