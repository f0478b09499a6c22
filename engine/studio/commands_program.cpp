// What a producer does during a show: on air and off, destinations, the recording. What is shown: commands_mix.cpp.
#include "engine/studio/commands.h"

namespace mainstay {

namespace {

struct Start {
  std::int64_t frames = 0;
};
struct Named {
  std::string name;
};
struct LegNamed {
  std::string name;
  std::string role = "both";
};

show::Section<Named> destination_named(const std::string& command) {
  return show::Section<Named>(command, "").field("name", &Named::name, {.help = "The destination.", .required = true});
}

show::FieldInfo revision() {
  return returns(show::FieldKind::object, "{revision}: the number of the show's revision.");
}

void enable(StudioCore& core, const std::string& pointer, bool on, std::string message, const Caller& caller,
            const Reply& reply) {
  const auto edit = [=](show::Json& document) {
    if (show::find_at(document, pointer) == nullptr)
      return Status(make_error(Errc::invalid, "the show has no {}", pointer.substr(1)));
    return show::set_at(document, pointer + "/enabled", on);
  };
  core.change({.edit = edit, .message = std::move(message), .caller = caller}, reply);
}

/// The answer when the open show has no such destination.
std::optional<CallResult> missing(const StudioCore& core, const std::string& destination) {
  const OpenShowPtr open = core.open_show();
  if (!open || open->show.destinations.contains(destination)) return std::nullopt;
  return CallResult::failure(CallErrc::not_found, fmt::format("no destination is called '{}'", destination));
}

void add_destination_commands(CommandRegistry& registry, StudioCore& core) {
  const auto enables = [&core](bool on) {
    return [&core, on](const Named& p, const Caller& caller, const Reply& reply) {
      if (auto none = missing(core, p.name)) return reply(*std::move(none));
      enable(core, show::pointer_to("/destinations", p.name), on,
             fmt::format("{} destination {}", on ? "start" : "stop", p.name), caller, reply);
    };
  };
  registry.add({.name = "destination.start",
                .help = "Switches a destination on: its legs send while the show is on air.",
                .changes_show = true,
                .result = revision()},
               destination_named("destination.start"), enables(true));
  registry.add({.name = "destination.stop",
                .help = "Switches a destination off; the others do not notice.",
                .changes_show = true,
                .result = revision()},
               destination_named("destination.stop"), enables(false));
  registry.add(
      {.name = "destination.retry", .help = "Cuts a leg's back-off short: it connects now.", .when = When::on_air},
      show::Section<LegNamed>("destination.retry", "")
          .field("name", &LegNamed::name, {.help = "The destination.", .required = true})
          .field("role", &LegNamed::role, {.words = {"both", "main", "backup"}, .help = "Which of its legs."}),
      [&core](const LegNamed& p, const Caller&, const Reply& reply) {
        if (auto none = missing(core, p.name)) return reply(*std::move(none));
        reply(core.with_air([&](OnAir& air) { return air.retry_now(p.name, p.role == "both" ? "" : p.role); }));
      });
  registry.add({.name = "destination.take_main",
                .help = "Standby with return: manual: back to the main leg.",
                .when = When::on_air},
               destination_named("destination.take_main"), [&core](const Named& p, const Caller&, const Reply& reply) {
                 if (auto none = missing(core, p.name)) return reply(*std::move(none));
                 reply(core.with_air([&](OnAir& air) { return air.take_main(p.name); }));
               });
}

void add_record_commands(CommandRegistry& registry, StudioCore& core) {
  const auto enables = [&core](bool on) {
    return [&core, on](const NoParams&, const Caller& caller, const Reply& reply) {
      enable(core, "/record", on, on ? "start the recording" : "stop the recording", caller, reply);
    };
  };
  registry.add({.name = "record.start",
                .help = "Switches the recording on: it runs while the show is on air.",
                .changes_show = true,
                .result = revision()},
               show::Section<NoParams>("record.start", ""), enables(true));
  registry.add({.name = "record.stop",
                .help = "Ends the recording with its trailer.",
                .changes_show = true,
                .result = revision()},
               show::Section<NoParams>("record.stop", ""), enables(false));
}

}  // namespace

void add_program_commands(CommandRegistry& registry, StudioCore& core) {
  registry.add({.name = "program.start", .help = "Goes on air with the open show.", .when = When::off_air},
               show::Section<Start>("program.start", "")
                   .field("frames", &Start::frames,
                          {.min = 0, .max = 1e12, .unit = "frames", .help = "End after exactly that many; 0: run on."}),
               [&core](const Start& p, const Caller&, const Reply& reply) { core.start(p.frames, reply); });
  registry.add({.name = "program.stop",
                .help = "Ends the show in good order (trailers, unpublish), within 3 s.",
                .when = When::on_air},
               show::Section<NoParams>("program.stop", ""),
               [&core](const NoParams&, const Caller&, const Reply& reply) { core.stop(reply); });
  add_destination_commands(registry, core);
  add_record_commands(registry, core);
}

}  // namespace mainstay
