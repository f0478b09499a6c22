// Sources while the show is on air.
#include "engine/studio/commands.h"
#include "engine/studio/device_query.h"

namespace mainstay {

namespace {

struct Named {
  std::string name;
};

struct Seek {
  std::string name;
  Millis position{0};
};

show::FieldSpec source_name() {
  return {.help = "The source.", .required = true};
}

struct Devices {
  std::string kind;
  std::string display;
};

void add_devices(CommandRegistry& registry, StudioCore& core) {
  registry.add(
      {.name = "source.devices",
       .help = "What this machine has to offer sources of a kind; the answer may take seconds.",
       .role = Role::view,
       .reads = true,
       .result =
           returns(show::FieldKind::object,
                   "audio: {name, system, channels, sample_rate, default}; camera: {device, name, place, modes: "
                   "[{format, width, height, rates}]}; screen: {display, width, height, windows: [{window, title, "
                   "x, y, width, height}]}.",
                   show::FieldShape::list)},
      show::Section<Devices>("source.devices", "")
          .field("kind", &Devices::kind,
                 {.words = {"audio", "camera", "screen"}, .help = "The type of source.", .required = true})
          .field("display", &Devices::display, {.help = "screen: X11's display; empty: the one of the environment."}),
      [query = std::make_shared<DeviceQuery>(core.clock())](const Devices& p, const Caller&, Reply reply) {
        DeviceQuery::List list;
        if (p.kind == "audio")
          list = list_audio_devices;
        else if (p.kind == "camera")
          list = list_camera_devices;
        else
          list = [display = p.display] { return list_screen_devices(display); };
        query->ask(p.kind, std::move(list), std::move(reply));
      });
}

void act(StudioCore& core, const std::string& name, const SourceOrder& order, const Reply& reply) {
  const OpenShowPtr open = core.open_show();
  if (open && !open->show.sources.contains(name))
    return reply(CallResult::failure(CallErrc::not_found, fmt::format("no source is called '{}'", name)));
  reply(core.with_air([&](OnAir& air) { return air.act_on_source(name, order); }));
}

}  // namespace

void add_source_commands(CommandRegistry& registry, StudioCore& core) {
  add_devices(registry, core);
  const auto add = [&](const std::string& command, SourceOrder::What what, const std::string& help) {
    registry.add({.name = command, .help = help, .when = When::on_air},
                 show::Section<Named>(command, "").field("name", &Named::name, source_name()),
                 [&core, what](const Named& p, const Caller&, const Reply& reply) {
                   act(core, p.name, {what, Millis{0}}, reply);
                 });
  };
  using enum SourceOrder::What;
  add("source.next", next, "A playlist or slideshow goes on to its next item.");
  add("source.pause", pause, "A file or playlist holds its picture and is silent.");
  add("source.play", play, "A file or playlist that is paused goes on.");
  add("source.previous", previous, "A playlist goes back to the item before, from that one's beginning.");
  add("source.restart", restart, "A file, playlist, slideshow, ticker or countdown of a length begins anew.");
  registry.add({.name = "source.seek",
                .help = "A file, or the item that a playlist plays, goes on from another place.",
                .when = When::on_air},
               show::Section<Seek>("source.seek", "")
                   .field("name", &Seek::name, source_name())
                   .field("position_ms", &Seek::position,
                          {.min = 0, .help = "From the in point on; beyond the end: the end.", .required = true}),
               [&core](const Seek& p, const Caller&, const Reply& reply) {
                 act(core, p.name, {seek, p.position}, reply);
               });
}

}  // namespace mainstay
