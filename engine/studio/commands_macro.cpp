// Macros: scripts of the show, under their names.
#include <algorithm>

#include "engine/studio/commands.h"

namespace mainstay {

namespace {

struct Named {
  std::string name;
};

show::Section<Named> macro_named(const std::string& command) {
  return show::Section<Named>(command, "").field("name", &Named::name, {.help = "The macro.", .required = true});
}

CallResult with_macro(StudioCore& core, const std::string& name, const std::function<Status(MacroHost&)>& act) {
  const OpenShowPtr open = core.open_show();
  if (!open) return CallResult::failure(CallErrc::wrong_state, "no show is open");
  if (!open->show.macros.contains(name))
    return CallResult::failure(CallErrc::not_found, fmt::format("no macro is called '{}'", name));
  return core.with_macros(act);
}

}  // namespace

void add_macro_commands(CommandRegistry& registry, StudioCore& core) {
  registry.add({.name = "macro.list",
                .help = "The macros of the show, and which run.",
                .role = Role::view,
                .reads = true,
                .result = returns(show::FieldKind::object, "{name, enabled, key, on, subject, at, running}",
                                  show::FieldShape::list)},
               show::Section<NoParams>("macro.list", ""), [&core](const NoParams&, const Caller&, const Reply& reply) {
                 const OpenShowPtr open = core.open_show();
                 if (!open) return reply(CallResult::failure(CallErrc::wrong_state, "no show is open"));
                 const std::vector<std::string> running = core.running_macros();
                 Json list = Json::array();
                 for (const auto& [name, m] : open->show.macros) {
                   const bool runs = std::find(running.begin(), running.end(), name) != running.end();
                   list.push_back({{"name", name},
                                   {"enabled", m.enabled},
                                   {"key", m.key},
                                   {"on", m.on},
                                   {"subject", m.subject},
                                   {"at", m.at},
                                   {"running", runs}});
                 }
                 reply({std::move(list), std::nullopt});
               });
  registry.add({.name = "macro.run", .help = "Starts a macro; events say how it goes."}, macro_named("macro.run"),
               [&core](const Named& p, const Caller&, const Reply& reply) {
                 reply(with_macro(core, p.name, [&](MacroHost& host) { return host.run(p.name); }));
               });
  registry.add({.name = "macro.stop", .help = "Interrupts a macro that runs."}, macro_named("macro.stop"),
               [&core](const Named& p, const Caller&, const Reply& reply) {
                 reply(with_macro(core, p.name, [&](MacroHost& host) { return host.stop(p.name); }));
               });
}

}  // namespace mainstay
