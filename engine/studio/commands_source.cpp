// Sources while the show is on air.
#include "engine/studio/commands.h"

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

void act(StudioCore& core, const std::string& name, const SourceOrder& order, const Reply& reply) {
  const OpenShowPtr open = core.open_show();
  if (open && !open->show.sources.contains(name))
    return reply(CallResult::failure(CallErrc::not_found, fmt::format("no source is called '{}'", name)));
  reply(core.with_air([&](OnAir& air) { return air.act_on_source(name, order); }));
}

}  // namespace

void add_source_commands(CommandRegistry& registry, StudioCore& core) {
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
