// Sources while the show is on air.
#include "engine/studio/commands.h"

namespace mainstay {

namespace {

struct Named {
  std::string name;
};

show::Section<Named> source_named(const std::string& command) {
  return show::Section<Named>(command, "").field("name", &Named::name, {.help = "The source.", .required = true});
}

auto acts(StudioCore& core, SourceAction action) {
  return [&core, action](const Named& p, const Caller&, const Reply& reply) {
    const OpenShowPtr open = core.open_show();
    if (open && !open->show.sources.contains(p.name))
      return reply(CallResult::failure(CallErrc::not_found, fmt::format("no source is called '{}'", p.name)));
    reply(core.with_air([&](OnAir& air) { return air.act_on_source(p.name, action); }));
  };
}

}  // namespace

void add_source_commands(CommandRegistry& registry, StudioCore& core) {
  registry.add(
      {.name = "source.next", .help = "A playlist or slideshow goes on to its next item.", .when = When::on_air},
      source_named("source.next"), acts(core, SourceAction::next));
  registry.add({.name = "source.restart",
                .help = "A playlist, slideshow, ticker or countdown of a length begins anew.",
                .when = When::on_air},
               source_named("source.restart"), acts(core, SourceAction::restart));
}

}  // namespace mainstay
