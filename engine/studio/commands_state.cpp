// What can be looked at: the state, events, the report, and the declarations themselves.
#include "engine/studio/commands.h"
#include "engine/studio/event_json.h"
#include "engine/studio/event_types.h"
#include "engine/studio/registry_json.h"
#include "engine/studio/state_json.h"

namespace mainstay {

namespace {

struct Pointer {
  std::string path;
};
struct After {
  std::int64_t after = 0;
  int limit = 100;
};
struct Named {
  std::string name;
};

CommandRegistry::Spec reads(std::string name, std::string help, show::FieldInfo result) {
  return {
      .name = std::move(name), .help = std::move(help), .role = Role::view, .reads = true, .result = std::move(result)};
}

}  // namespace

show::FieldInfo returns(show::FieldKind kind, std::string help, show::FieldShape shape) {
  show::FieldInfo info;
  info.kind = kind;
  info.shape = shape;
  info.help = std::move(help);
  return info;
}

void add_state_commands(CommandRegistry& registry, StudioCore& core) {
  using show::FieldKind;
  registry.add(reads("state.get", "What runs, and how: program, sources, encoders, legs, recorder, hls.",
                     returns(FieldKind::any, "The state, or the part of it at the path.")),
               show::Section<Pointer>("state.get", "")
                   .field("path", &Pointer::path, {.help = "JSON pointer: /legs/platform/main. Empty: all of it."}),
               [&core](const Pointer& p, const Caller&, const Reply& reply) {
                 const Json state = to_json(core.snapshot());
                 const Json* const found = show::find_at(state, p.path);
                 if (found == nullptr) {
                   return reply(CallResult::failure(CallErrc::not_found,
                                                    fmt::format("the state has nothing at \"{}\"", p.path)));
                 }
                 reply({*found, std::nullopt});
               });
  registry.add(reads("state.report", "The report of the running show, or of the last one.",
                     returns(FieldKind::object, "As `mainstay run --report` writes it.")),
               show::Section<NoParams>("state.report", ""),
               [&core](const NoParams&, const Caller&, const Reply& reply) {
                 reply({Json::parse(core.report()), std::nullopt});
               });
  registry.add(
      reads("event.list", "What happened, oldest first.",
            returns(FieldKind::object, "{number, at, level, type, subject, message, data}", show::FieldShape::list)),
      show::Section<After>("event.list", "")
          .field("after", &After::after, {.min = 0, .max = 1e15, .help = "Only those with higher numbers."})
          .field("limit", &After::limit, {.min = 1, .max = 2000, .help = "At most so many."}),
      [&core](const After& p, const Caller&, const Reply& reply) {
        Json list = Json::array();
        for (const Event& event : core.events().after(p.after, static_cast<std::size_t>(p.limit)))
          list.push_back(to_json(event));
        reply({std::move(list), std::nullopt});
      });
  registry.add(reads("event.types", "The kinds of event there are.",
                     returns(FieldKind::object, "{name, subject, help, data}", show::FieldShape::list)),
               show::Section<NoParams>("event.types", ""), [](const NoParams&, const Caller&, const Reply& reply) {
                 Json list = Json::array();
                 for (const EventType& type : event_types()) list.push_back(to_json(type));
                 reply({std::move(list), std::nullopt});
               });
  registry.add(reads("command.list", "The commands there are.",
                     returns(FieldKind::object, "{name, help, role, when, params, result}", show::FieldShape::list)),
               show::Section<NoParams>("command.list", ""),
               [&registry](const NoParams&, const Caller&, const Reply& reply) {
                 Json list = Json::array();
                 for (const CommandInfo* info : registry.commands()) list.push_back(to_json(*info));
                 reply({std::move(list), std::nullopt});
               });
  registry.add(
      reads("command.help", "One command: its parameters and what it gives back.",
            returns(FieldKind::object, "{name, help, role, when, params, result}")),
      show::Section<Named>("command.help", "").field("name", &Named::name, {.help = "The command.", .required = true}),
      [&registry](const Named& p, const Caller&, const Reply& reply) {
        const CommandInfo* const info = registry.find(p.name);
        if (info == nullptr) {
          return reply(CallResult::failure(CallErrc::not_found, fmt::format("there is no command '{}'", p.name)));
        }
        reply({to_json(*info), std::nullopt});
      });
}

}  // namespace mainstay
