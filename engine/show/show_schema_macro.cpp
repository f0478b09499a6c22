// The fields of a macro. Each key is declared here and nowhere else.
#include "engine/show/key_text.h"
#include "engine/show/show_schema.h"

namespace mainstay::show {

namespace {

// "HH:MM" or "HH:MM:SS"
bool is_time_of_day(std::string_view text) {
  const auto number = [&](std::size_t at, int most) {
    if (text[at] < '0' || text[at] > '9' || text[at + 1] < '0' || text[at + 1] > '9') return false;
    return (text[at] - '0') * 10 + (text[at + 1] - '0') <= most;
  };
  if (text.empty()) return true;
  if (text.size() != 5 && text.size() != 8) return false;
  if (text[2] != ':' || (text.size() == 8 && text[5] != ':')) return false;
  return number(0, 23) && number(3, 59) && (text.size() == 5 || number(6, 59));
}

}  // namespace

template <>
const Section<Macro>& section_of<Macro>() {
  static const auto section =
      Section<Macro>("macro", "A script under a name: run by macro.run, a key, an event or the time of day.")
          .field("enabled", &Macro::enabled, {.help = "false: only macro.run starts it."})
          .field("code", &Macro::code, {.help = "JavaScript in one line; longer ones stand in a file."})
          .field("script", &Macro::script,
                 {.help = "The file it stands in, instead of code; a relative path is relative to the show file.",
                  .references = true})
          .field(
              "key", &Macro::key,
              {.accepts = is_key_or_empty,
               .format = "a key as \"F6\", \"Ctrl+1\" or \"Ctrl+Shift+PgDown\"",
               .help = "A key of the window that starts it, as Ctrl+1: F1 to F24, and with Ctrl, Alt or Meta A to Z, 0 "
                       "to 9, Space, Return, Ins, Del, Home, End, PgUp, PgDown and the arrows (Up…); Shift may be "
                       "held too. Keys of the window itself stay the window's."})
          .field("on", &Macro::on, {.help = "Type of the event that starts it (docs/events.md): leg.state."})
          .field("subject", &Macro::subject, {.help = "With on: only events about this, as platform/main; empty: any."})
          .field("at", &Macro::at,
                 {.accepts = is_time_of_day,
                  .format = "a time of day in UTC as \"18:00\" or \"18:00:30\"",
                  .help = "Time of day, in UTC, at which it starts every day."})
          .field("time_limit_ms", &Macro::time_limit,
                 {.min = 100, .max = 24 * 3'600'000.0, .help = "It is ended after that long."});
  return section;
}

}  // namespace mainstay::show
