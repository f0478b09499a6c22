// The fields of what is noticed: watchers, and the monitoring output. Each key is declared here and nowhere else.
#include "engine/show/show_schema.h"

namespace mainstay::show {

namespace {

constexpr double kHour = 3'600'000;  // in ms

FieldSpec time_until(double max, const char* help) {
  return {.min = 0, .max = max, .help = help};
}

}  // namespace

template <>
const Section<FreezeWatch>& section_of<FreezeWatch>() {
  static const auto section =
      Section<FreezeWatch>("freeze watch", "Raised when the picture does not change.")
          .field("enabled", &FreezeWatch::enabled, {.help = "false: not looked for."})
          .field("after_ms", &FreezeWatch::after, time_until(kHour, "For how long."))
          .field("noise_db", &FreezeWatch::noise_db,
                 {.min = -90,
                  .max = 0,
                  .unit = "dB",
                  .help = "Mean difference of brightness, against full scale, that does not count as a change."});
  return section;
}

template <>
const Section<BlackWatch>& section_of<BlackWatch>() {
  static const auto section =
      Section<BlackWatch>("black watch", "Raised when the picture is black.")
          .field("enabled", &BlackWatch::enabled, {.help = "false: not looked for."})
          .field("after_ms", &BlackWatch::after, time_until(kHour, "For how long."))
          .field("level", &BlackWatch::level,
                 {.min = 0, .max = 1, .help = "Brightest luma that is black, from 0 (black) to 1 (white)."})
          .field("share", &BlackWatch::share,
                 {.min = 0.5, .max = 1, .help = "Share of the picture that has to be black."});
  return section;
}

template <>
const Section<SilenceWatch>& section_of<SilenceWatch>() {
  static const auto section =
      Section<SilenceWatch>("silence watch", "Raised when nothing is heard.")
          .field("enabled", &SilenceWatch::enabled, {.help = "false: not looked for."})
          .field("after_ms", &SilenceWatch::after, time_until(kHour, "For how long."))
          .field("level_db", &SilenceWatch::level_db,
                 {.min = kSilenceDb, .max = -1, .unit = "dBFS", .help = "Peaks below this are silence."});
  return section;
}

template <>
const Section<ClippingWatch>& section_of<ClippingWatch>() {
  static const auto section =
      Section<ClippingWatch>("clipping watch", "Raised when samples stand at full scale.")
          .field("enabled", &ClippingWatch::enabled, {.help = "false: not looked for."})
          .field("count", &ClippingWatch::count,
                 {.min = 1, .max = 48000, .unit = "samples", .help = "So many within a second."})
          .field("level_db", &ClippingWatch::level_db,
                 {.min = -20, .max = 20, .unit = "dBFS", .help = "From this level on a sample counts."});
  return section;
}

template <>
const Section<AvSyncWatch>& section_of<AvSyncWatch>() {
  static const auto section =
      Section<AvSyncWatch>("av sync watch", "Raised when sound and picture of one moment are not shown together.")
          .field("enabled", &AvSyncWatch::enabled, {.help = "false: not looked for."})
          .field("limit_ms", &AvSyncWatch::limit,
                 {.min = 5, .max = 10000, .help = "How far they may be apart, either way."})
          .field("after_ms", &AvSyncWatch::after, time_until(kHour, "For how long."));
  return section;
}

template <>
const Section<WatchSet>& section_of<WatchSet>() {
  static const auto section = Section<WatchSet>("watch set", "What is looked for in the program or a source.")
                                  .field("enabled", &WatchSet::enabled, {.help = "false: not watched at all."})
                                  .field("freeze", &WatchSet::freeze, {.help = "A picture that stands still."})
                                  .field("black", &WatchSet::black, {.help = "A black picture."})
                                  .field("silence", &WatchSet::silence, {.help = "No sound."})
                                  .field("clipping", &WatchSet::clipping, {.help = "Sound at full scale."})
                                  .field("av_sync", &WatchSet::av_sync, {.help = "Sound and picture apart."});
  return section;
}

template <>
const Section<Watchers>& section_of<Watchers>() {
  static const auto section =
      Section<Watchers>("watchers",
                        "What is told (watch.raised, watch.cleared) when program or sources are not as they should be.")
          .field("program", &Watchers::program, {.help = "Of the program, as it goes out."})
          .field("sources", &Watchers::sources,
                 {.help = "Of each source that by_source does not name. Pictures that are meant to stand still (image, "
                          "color, text, svg, …) are not watched for that, and kinds without sound not for silence."})
          .field("by_source", &Watchers::by_source,
                 {.max_items = 256, .help = "By source, instead of sources; then all that it says is looked for."})
          .field("scope", &Watchers::scope, {.help = "on_air: sources of the scene on air; all: whatever runs."})
          .field("clear_ms", &Watchers::clear,
                 time_until(kHour, "For how long all must be well again before it is cleared."));
  return section;
}

template <>
const Section<Monitor>& section_of<Monitor>() {
  static const auto section =
      Section<Monitor>("monitor", "Sound that is heard at this machine, through PortAudio.")
          .field("enabled", &Monitor::enabled, {.help = "false: nothing is heard."})
          .field("device", &Monitor::device,
                 {.help = "Name of the output device, or a part of it; empty: the system's default."})
          .field("bus", &Monitor::bus, {.help = "Bus that is heard: program, monitor or aux1 to aux4."})
          .field("gain_db", &Monitor::gain_db, {.min = kSilenceDb, .max = 20, .unit = "dB", .help = "-100: silence."})
          .field(
              "layout", &Monitor::layout,
              {.help = "What the device is given, mixed down by ITU-R BS.775 where that is less than the program has; "
                       "a device with fewer than six outputs plays 5.1 in stereo."})
          .field("mute", &Monitor::mute, {.help = "Silent, while the device stays open."})
          .field("buffer_ms", &Monitor::buffer,
                 {.min = 20, .max = 1000, .help = "How far the device is behind the program: takes up uneven pace."});
  return section;
}

}  // namespace mainstay::show
