// The fields of the mixer. Each key is declared here and nowhere else.
#include "engine/show/show_schema.h"

namespace mainstay::show {

namespace {

constexpr double kMostDelay = 5000;  // ms

FieldSpec milliseconds(double min, double max, const char* help) {
  return {.min = min, .max = max, .unit = "ms", .help = help};
}

FieldSpec level(double min, double max, const char* help) {
  return {.min = min, .max = max, .unit = "dB", .help = help};
}

}  // namespace

template <>
const Section<Denoise>& section_of<Denoise>() {
  static const auto section =
      Section<Denoise>("denoise",
                       "Takes steady noise (hum of fans, hiss) away; FFmpeg's afftdn. What it gives out is 37.5 ms "
                       "late, which counts as part of the strip's delay_ms; the rest is told as latency_ms.")
          .field("enabled", &Denoise::enabled, {.help = "false: lets everything through."})
          .field("reduction_db", &Denoise::reduction_db, level(0.01, 97, "How much quieter the noise gets."))
          .field("floor_db", &Denoise::floor_db, level(-80, -20, "How loud the noise is; dBFS."));
  return section;
}

template <>
const Section<Gate>& section_of<Gate>() {
  static const auto section =
      Section<Gate>("gate", "Closes a strip while nothing is said.")
          .field("enabled", &Gate::enabled, {.help = "false: lets everything through."})
          .field("threshold_db", &Gate::threshold_db, level(-100, 0, "Peaks above this open it; dBFS."))
          .field("range_db", &Gate::range_db, level(-100, 0, "How far down a closed gate takes the level."))
          .field("hysteresis_db", &Gate::hysteresis_db, level(0, 24, "It closes that far below the threshold."))
          .field("attack_ms", &Gate::attack_ms, milliseconds(0.1, 500, "Time constant of opening."))
          .field("hold_ms", &Gate::hold_ms, milliseconds(0, 5000, "How long it stays open after the last loud peak."))
          .field("release_ms", &Gate::release_ms, milliseconds(1, 5000, "Time constant of closing."));
  return section;
}

template <>
const Section<EqBand>& section_of<EqBand>() {
  static const auto section =
      Section<EqBand>("eq band", "One band of a strip's equaliser: a second-order section.")
          .field("enabled", &EqBand::enabled, {.help = "false: flat."})
          .field("shape", &EqBand::shape, {.help = "peak, low_shelf, high_shelf, high_pass or low_pass."})
          .field("hz", &EqBand::hz,
                 {.min = 10, .max = 20000, .unit = "Hz", .help = "Its centre, corner or middle of the slope."})
          .field("gain_db", &EqBand::gain_db, level(-30, 30, "Of peak and shelves."))
          .field("q", &EqBand::q, {.min = 0.1, .max = 30, .help = "Narrowness; 0.7071: no resonance."});
  return section;
}

template <>
const Section<Compressor>& section_of<Compressor>() {
  static const auto section =
      Section<Compressor>("compressor", "Makes what is loud quieter.")
          .field("enabled", &Compressor::enabled, {.help = "false: lets everything through."})
          .field("threshold_db", &Compressor::threshold_db, level(-60, 0, "Peaks above this are made quieter; dBFS."))
          .field("ratio", &Compressor::ratio,
                 {.min = 1, .max = 50, .help = "So many dB above the threshold become one."})
          .field("knee_db", &Compressor::knee_db, level(0, 24, "Width of the bend around the threshold."))
          .field("attack_ms", &Compressor::attack_ms, milliseconds(0.1, 500, "Time constant of getting quieter."))
          .field("release_ms", &Compressor::release_ms, milliseconds(1, 5000, "Time constant of coming back."))
          .field("makeup_db", &Compressor::makeup_db, level(-20, 30, "Gain after it."));
  return section;
}

template <>
const Section<StripLimiter>& section_of<StripLimiter>() {
  static const auto section =
      Section<StripLimiter>("strip limiter", "No sample of the strip is above the ceiling; without delay.")
          .field("enabled", &StripLimiter::enabled, {.help = "false: lets everything through."})
          .field("ceiling_db", &StripLimiter::ceiling_db, level(-40, 0, "Highest sample; dBFS."))
          .field("release_ms", &StripLimiter::release_ms, milliseconds(1, 5000, "Time constant of coming back."));
  return section;
}

template <>
const Section<Duck>& section_of<Duck>() {
  static const auto section =
      Section<Duck>("duck", "Makes a strip quieter while another one is heard on the program.")
          .field("enabled", &Duck::enabled, {.help = "false: nothing makes it quieter."})
          .field("by", &Duck::by, {.help = "Name of the source that is to be heard.", .required = true})
          .field("threshold_db", &Duck::threshold_db, level(-100, 0, "Peaks of the other above this count; dBFS."))
          .field("amount_db", &Duck::amount_db, level(0, 60, "How much quieter this strip gets."))
          .field("attack_ms", &Duck::attack_ms, milliseconds(1, 2000, "Time constant of getting quieter."))
          .field("hold_ms", &Duck::hold_ms, milliseconds(0, 10000, "How long it stays so after the last loud peak."))
          .field("release_ms", &Duck::release_ms, milliseconds(1, 10000, "Time constant of coming back."));
  return section;
}

template <>
const Section<Send>& section_of<Send>() {
  static const auto section =
      Section<Send>("send", "What of a strip goes to an aux bus.")
          .field("gain_db", &Send::gain_db, level(kSilenceDb, 20, "-100: silence."))
          .field("pre_fader", &Send::pre_fader,
                 {.help = "true: not touched by the strip's fader, mute and pan and by what the scene shows."});
  return section;
}

template <>
const Section<Sends>& section_of<Sends>() {
  static const auto section = Section<Sends>("sends", "What of a strip goes to the aux buses; absent: nothing.")
                                  .field("aux1", &Sends::aux1, {.help = "To aux1."})
                                  .field("aux2", &Sends::aux2, {.help = "To aux2."})
                                  .field("aux3", &Sends::aux3, {.help = "To aux3."})
                                  .field("aux4", &Sends::aux4, {.help = "To aux4."});
  return section;
}

template <>
const Section<Strip>& section_of<Strip>() {
  static const auto section =
      Section<Strip>(
          "strip",
          "What is done to one source's sound, in this order: denoise, gate, eq, compressor, limiter, delay, mono, "
          "duck, fader and pan.")
          .field("gain_db", &Strip::gain_db, level(kSilenceDb, 26, "The fader; -100: silence."))
          .field("mute", &Strip::mute, {.help = "Not heard on program, nor on aux after the fader."})
          .field("solo", &Strip::solo,
                 {.help = "The monitor bus carries the strips in solo alone, before their faders; program does not."})
          .field("pan", &Strip::pan,
                 {.min = -1,
                  .max = 1,
                  .help = "Balance: 0 leaves both sides as they are, towards -1 the right side and towards +1 the left "
                          "one fades out in proportion."})
          .field("mono", &Strip::mono, {.help = "Both sides carry the mean of left and right."})
          .field("delay_ms", &Strip::delay_ms, milliseconds(0, kMostDelay, "Delays the sound, to the sample."))
          .field("follow_video", &Strip::follow_video,
                 {.help = "Heard while the scene on air has the source; false: heard whatever is on air."})
          .field("program", &Strip::program, {.help = "Whether it goes to the program bus."})
          .field("sends", &Strip::sends, {.help = "What goes to the aux buses."})
          .field("denoise", &Strip::denoise, {.help = "Absent: none."})
          .field("gate", &Strip::gate, {.help = "Absent: none."})
          .field("eq", &Strip::eq, {.max_items = 8, .help = "Bands of the equaliser."})
          .field("compressor", &Strip::compressor, {.help = "Absent: none."})
          .field("limiter", &Strip::limiter, {.help = "Absent: none."})
          .field("duck", &Strip::duck, {.help = "Absent: no other strip makes it quieter."});
  return section;
}

template <>
const Section<BusSettings>& section_of<BusSettings>() {
  static const auto section =
      Section<BusSettings>("bus", "Where strips are added up.")
          .field("gain_db", &BusSettings::gain_db, level(kSilenceDb, 20, "Its fader; -100: silence."))
          .field("mute", &BusSettings::mute, {.help = "Silent."});
  return section;
}

template <>
const Section<Buses>& section_of<Buses>() {
  static const auto section = Section<Buses>("buses", "Where strips are added up.")
                                  .field("program", &Buses::program, {.help = "What goes on air."})
                                  .field("monitor", &Buses::monitor, {.help = "The program, or the strips in solo."})
                                  .field("aux1", &Buses::aux1, {.help = "What strips send there."})
                                  .field("aux2", &Buses::aux2, {.help = "What strips send there."})
                                  .field("aux3", &Buses::aux3, {.help = "What strips send there."})
                                  .field("aux4", &Buses::aux4, {.help = "What strips send there."});
  return section;
}

template <>
const Section<MasterLimiter>& section_of<MasterLimiter>() {
  static const auto section =
      Section<MasterLimiter>("master limiter",
                             "Keeps the true peaks of the program (BS.1770-4) under a ceiling; what "
                             "is below it passes unchanged.")
          .field("enabled", &MasterLimiter::enabled, {.help = "false: nothing is held down."})
          .field("ceiling_db", &MasterLimiter::ceiling_db,
                 {.min = -20, .max = 0, .unit = "dBTP", .help = "Highest true peak."})
          .field("release_ms", &MasterLimiter::release_ms, milliseconds(5, 2000, "Time constant of coming back."));
  return section;
}

template <>
const Section<LoudnessTarget>& section_of<LoudnessTarget>() {
  static const auto section =
      Section<LoudnessTarget>("loudness target", "What the program's integrated loudness (BS.1770-4) shall come to.")
          .field("target_lufs", &LoudnessTarget::target_lufs,
                 {.min = -40, .max = -5, .unit = "LUFS", .help = "-23: EBU R 128; -14: most platforms."})
          .field("tolerance_lu", &LoudnessTarget::tolerance_lu,
                 {.min = 0.1, .max = 10, .unit = "LU", .help = "Farther off it is told (event mixer.loudness)."});
  return section;
}

template <>
const Section<Mixer>& section_of<Mixer>() {
  static const auto section =
      Section<Mixer>("mixer", "Sound: a strip for each source, buses, and the master limiter.")
          .field("strips", &Mixer::strips,
                 {.max_items = 256, .help = "By source; a source that is not here has the defaults."})
          .field("buses", &Mixer::buses, {.help = "Where strips are added up."})
          .field("limiter", &Mixer::limiter, {.help = "Of the program bus."})
          .field("loudness", &Mixer::loudness, {.help = "Loudness that the program shall have; absent: none is told."});
  return section;
}

}  // namespace mainstay::show
