// The mixer: faders, mutes, sends, filters and the master limiter, live.
#include "engine/studio/commands.h"
#include "engine/studio/device_query.h"

namespace mainstay {

namespace {

struct Set {
  std::string strip;
  std::optional<double> gain_db;
  std::optional<bool> mute;
  std::optional<bool> solo;
  std::optional<double> pan;
  std::optional<bool> mono;
  std::optional<double> delay_ms;
  std::optional<bool> follow_video;
  std::optional<bool> program;
};
struct SetBus {
  std::string bus;
  std::optional<double> gain_db;
  std::optional<bool> mute;
};
struct SetSend {
  std::string strip;
  std::string bus;
  std::optional<double> gain_db;
  std::optional<bool> pre_fader;
  bool on = true;
};
struct SetFilter {
  std::string strip;
  std::string filter;
  Json settings;
};
struct SetLimiter {
  std::optional<bool> enabled;
  std::optional<double> ceiling_db;
  std::optional<double> release_ms;
};
struct OfBus {
  std::string bus = "program";
};
struct SetMonitor {
  std::optional<bool> enabled;
  std::optional<std::string> device;
  std::optional<std::string> bus;
  std::optional<double> gain_db;
  std::optional<bool> mute;
};

const std::vector<std::string> kBusWords(show::kAudioBusNames.begin(), show::kAudioBusNames.end());

show::FieldInfo revision() {
  return returns(show::FieldKind::object,
                 "{revision}: the number of the show's revision. Of changes that follow each "
                 "other closely, as a fader's do, the first and the last are revisions.");
}

/// The answer when there is no such strip.
std::optional<CallResult> missing(const StudioCore& core, const std::string& strip) {
  const OpenShowPtr open = core.open_show();
  if (!open || open->show.sources.contains(strip)) return std::nullopt;
  return CallResult::failure(CallErrc::not_found, fmt::format("no source is called '{}'", strip));
}

template <class T>
void put(Json& values, const char* key, const std::optional<T>& value) {
  if (value) values[key] = *value;
}

// Each of the values at the pointer, with what is there already.
Change change_of(const std::string& pointer, Json values, std::string message, const Caller& caller) {
  std::string gesture = pointer;
  for (const auto& [key, value] : values.items()) gesture += " " + key;
  return {.edit = [pointer, values = std::move(values)](Json& document) -> Status {
            for (const auto& [key, value] : values.items())
              MAINSTAY_CHECK(show::set_at(document, show::pointer_to(pointer, key), value));
            return Status{};
          },
          .message = std::move(message),
          .caller = caller,
          .gesture = std::move(gesture)};
}

std::string text_of(const Json& values) {
  std::string text;
  for (const auto& [key, value] : values.items()) text += fmt::format(" {} {}", key, value.dump());
  return text;
}

void add_strips(CommandRegistry& registry, StudioCore& core) {
  registry.add(
      {.name = "mixer.set",
       .help =
           "Sets a strip: the fader, mute, solo and so on; what is not named stays. Heard at once, without a click.",
       .changes_show = true,
       .result = revision()},
      show::Section<Set>("mixer.set", "")
          .field("strip", &Set::strip, {.help = "Name of the source.", .required = true})
          .field("gain_db", &Set::gain_db, {.min = show::kSilenceDb, .max = 26, .unit = "dB", .help = "The fader."})
          .field("mute", &Set::mute, {.help = "Not heard on program."})
          .field("solo", &Set::solo, {.help = "The monitor bus carries it alone."})
          .field("pan", &Set::pan, {.min = -1, .max = 1, .help = "-1: left, 0: both sides as they are, +1: right."})
          .field("mono", &Set::mono, {.help = "Both sides carry their mean."})
          .field("delay_ms", &Set::delay_ms, {.min = 0, .max = 5000, .unit = "ms", .help = "Delays the sound."})
          .field("follow_video", &Set::follow_video, {.help = "false: heard whatever scene is on air."})
          .field("program", &Set::program, {.help = "Whether it goes to the program bus."}),
      [&core](const Set& p, const Caller& caller, const Reply& reply) {
        if (auto none = missing(core, p.strip)) return reply(*std::move(none));
        Json values = Json::object();
        put(values, "gain_db", p.gain_db);
        put(values, "mute", p.mute);
        put(values, "solo", p.solo);
        put(values, "pan", p.pan);
        put(values, "mono", p.mono);
        put(values, "delay_ms", p.delay_ms);
        put(values, "follow_video", p.follow_video);
        put(values, "program", p.program);
        std::string message = fmt::format("strip {}:{}", p.strip, text_of(values));
        core.change(
            change_of(show::pointer_to("/mixer/strips", p.strip), std::move(values), std::move(message), caller),
            reply);
      });
  registry.add(
      {.name = "mixer.send",
       .help = "Sends a strip to an aux bus, or no longer.",
       .changes_show = true,
       .result = revision()},
      show::Section<SetSend>("mixer.send", "")
          .field("strip", &SetSend::strip, {.help = "Name of the source.", .required = true})
          .field("bus", &SetSend::bus,
                 {.words = {"aux1", "aux2", "aux3", "aux4"}, .help = "Where to.", .required = true})
          .field("gain_db", &SetSend::gain_db, {.min = show::kSilenceDb, .max = 20, .unit = "dB", .help = "How much."})
          .field("pre_fader", &SetSend::pre_fader, {.help = "true: not touched by fader, mute, pan and scene."})
          .field("on", &SetSend::on, {.help = "false: no longer."}),
      [&core](const SetSend& p, const Caller& caller, const Reply& reply) {
        if (auto none = missing(core, p.strip)) return reply(*std::move(none));
        const std::string pointer = show::pointer_to(show::pointer_to("/mixer/strips", p.strip) + "/sends", p.bus);
        Json values = Json::object();
        put(values, "gain_db", p.gain_db);
        put(values, "pre_fader", p.pre_fader);
        std::string message = fmt::format("send {} to {}:{}", p.strip, p.bus, p.on ? text_of(values) : " off");
        if (p.on && show::find_at(core.open_show() ? core.open_show()->value : Json(), pointer) != nullptr)
          return core.change(change_of(pointer, std::move(values), std::move(message), caller), reply);
        core.change({.edit =
                         [&](Json& document) {
                           if (p.on) return show::set_at(document, pointer, values);
                           return show::find_at(document, pointer) == nullptr ? Status{}
                                                                              : show::remove_at(document, pointer);
                         },
                     .message = std::move(message),
                     .caller = caller},
                    reply);
      });
  registry.add(
      {.name = "mixer.filter",
       .help = "Sets a strip's filter, or takes it away; what is not named in the settings stays.",
       .changes_show = true,
       .result = revision()},
      show::Section<SetFilter>("mixer.filter", "")
          .field("strip", &SetFilter::strip, {.help = "Name of the source.", .required = true})
          .field(
              "filter", &SetFilter::filter,
              {.words = {"denoise", "gate", "eq", "compressor", "limiter", "duck"}, .help = "Which.", .required = true})
          .field("settings", &SetFilter::settings,
                 {.help = "Its keys in the show (docs/show.md); of eq the list of its bands; absent: take it away."}),
      [&core](const SetFilter& p, const Caller& caller, const Reply& reply) {
        if (auto none = missing(core, p.strip)) return reply(*std::move(none));
        const std::string pointer = show::pointer_to(show::pointer_to("/mixer/strips", p.strip), p.filter);
        std::string message = fmt::format("{} of {}: {}", p.filter, p.strip, p.settings.dump());
        if (p.settings.is_object() && p.filter != "eq" && core.open_show() &&
            show::find_at(core.open_show()->value, pointer) != nullptr)
          return core.change(change_of(pointer, p.settings, std::move(message), caller), reply);
        core.change({.edit =
                         [&](Json& document) {
                           if (!p.settings.is_null()) return show::set_at(document, pointer, p.settings);
                           return show::find_at(document, pointer) == nullptr ? Status{}
                                                                              : show::remove_at(document, pointer);
                         },
                     .message = std::move(message),
                     .caller = caller,
                     .gesture = p.settings.is_null() ? std::string() : pointer},
                    reply);
      });
}

void add_buses(CommandRegistry& registry, StudioCore& core) {
  registry.add(
      {.name = "mixer.bus", .help = "Sets a bus: its fader and mute.", .changes_show = true, .result = revision()},
      show::Section<SetBus>("mixer.bus", "")
          .field("bus", &SetBus::bus, {.words = kBusWords, .help = "Which.", .required = true})
          .field("gain_db", &SetBus::gain_db, {.min = show::kSilenceDb, .max = 20, .unit = "dB", .help = "Its fader."})
          .field("mute", &SetBus::mute, {.help = "Silent."}),
      [&core](const SetBus& p, const Caller& caller, const Reply& reply) {
        Json values = Json::object();
        put(values, "gain_db", p.gain_db);
        put(values, "mute", p.mute);
        std::string message = fmt::format("bus {}:{}", p.bus, text_of(values));
        core.change(change_of("/mixer/buses/" + p.bus, std::move(values), std::move(message), caller), reply);
      });
  registry.add(
      {.name = "mixer.limiter", .help = "Sets the master limiter.", .changes_show = true, .result = revision()},
      show::Section<SetLimiter>("mixer.limiter", "")
          .field("enabled", &SetLimiter::enabled, {.help = "false: nothing is held down."})
          .field("ceiling_db", &SetLimiter::ceiling_db,
                 {.min = -20, .max = 0, .unit = "dBTP", .help = "Highest true peak."})
          .field("release_ms", &SetLimiter::release_ms,
                 {.min = 5, .max = 2000, .unit = "ms", .help = "Time constant of coming back."}),
      [&core](const SetLimiter& p, const Caller& caller, const Reply& reply) {
        Json values = Json::object();
        put(values, "enabled", p.enabled);
        put(values, "ceiling_db", p.ceiling_db);
        put(values, "release_ms", p.release_ms);
        std::string message = "master limiter:" + text_of(values);
        core.change(change_of("/mixer/limiter", std::move(values), std::move(message), caller), reply);
      });
  registry.add({.name = "mixer.reset_loudness",
                .help = "Integrated loudness and loudness range of a bus start anew.",
                .when = When::on_air},
               show::Section<OfBus>("mixer.reset_loudness", "")
                   .field("bus", &OfBus::bus, {.words = kBusWords, .help = "Which."}),
               [&core](const OfBus& p, const Caller&, const Reply& reply) {
                 const auto bus = std::find(kBusWords.begin(), kBusWords.end(), p.bus) - kBusWords.begin();
                 reply(core.with_air([&](OnAir& air) {
                   air.reset_loudness(static_cast<show::AudioBus>(bus));
                   return Status{};
                 }));
               });
}

void add_monitor(CommandRegistry& registry, StudioCore& core) {
  registry.add(
      {.name = "monitor.set",
       .help = "Sets the sound that is heard at this machine; what is not named stays.",
       .changes_show = true,
       .result = revision()},
      show::Section<SetMonitor>("monitor.set", "")
          .field("enabled", &SetMonitor::enabled, {.help = "false: nothing is heard."})
          .field("device", &SetMonitor::device, {.help = "Name of the device, or a part of it; empty: the default."})
          .field("bus", &SetMonitor::bus, {.words = kBusWords, .help = "Bus that is heard."})
          .field("gain_db", &SetMonitor::gain_db,
                 {.min = show::kSilenceDb, .max = 20, .unit = "dB", .help = "-100: silence."})
          .field("mute", &SetMonitor::mute, {.help = "Silent, while the device stays open."}),
      [&core](const SetMonitor& p, const Caller& caller, const Reply& reply) {
        Json values = Json::object();
        put(values, "enabled", p.enabled);
        put(values, "device", p.device);
        put(values, "bus", p.bus);
        put(values, "gain_db", p.gain_db);
        put(values, "mute", p.mute);
        std::string message = "monitor:" + text_of(values);
        core.change(change_of("/monitor", std::move(values), std::move(message), caller), reply);
      });
  registry.add({.name = "monitor.devices",
                .help = "Devices of this machine that the monitor can be heard through; the answer may take seconds.",
                .role = Role::view,
                .reads = true,
                .result = returns(show::FieldKind::object, "{name, system, channels, sample_rate, default}",
                                  show::FieldShape::list)},
               show::Section<NoParams>("monitor.devices", ""),
               [query = std::make_shared<DeviceQuery>(core.clock())](const NoParams&, const Caller&, Reply reply) {
                 query->ask("output", list_output_devices, std::move(reply));
               });
}

}  // namespace

void add_mixer_commands(CommandRegistry& registry, StudioCore& core) {
  add_strips(registry, core);
  add_buses(registry, core);
  add_monitor(registry, core);
}

}  // namespace mainstay
