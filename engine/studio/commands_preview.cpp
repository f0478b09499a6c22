// What comes next: preview, studio mode, and the transition that is chosen.
#include "engine/show/layers.h"
#include "engine/studio/commands.h"

namespace mainstay {

namespace {

struct SceneNamed {
  std::string scene;
};
struct Switch {
  bool on = true;
};
struct TransitionSet {
  std::string name;
  Json values;
};
struct Choice {
  std::string name;
  std::optional<Millis> duration;
};

show::FieldInfo revision() {
  return returns(show::FieldKind::object, "{revision}: the number of the show's revision.");
}

CallResult not_found(const char* what, const std::string& name) {
  return CallResult::failure(CallErrc::not_found, fmt::format("no {} is called '{}'", what, name));
}

void set_preview(StudioCore& core, const std::string& scene, const Caller& caller, const Reply& reply) {
  const OpenShowPtr open = core.open_show();
  if (open && !open->show.studio_mode)
    return reply(CallResult::failure(CallErrc::wrong_state, "studio mode is off: preview.studio_mode first"));
  if (open && !scene.empty() && !open->show.scenes.contains(scene)) return reply(not_found("scene", scene));
  core.change({.edit = [&](show::Json& document) { return show::set_at(document, "/preview", scene); },
               .kind = RevisionKind::live,
               .message = scene.empty() ? "nothing in preview" : "preview " + scene,
               .caller = caller},
              reply);
}

/// A built-in one is declared by being changed.
Json& declared(show::Json& document, const show::Show& show, const std::string& name) {
  Json& entry = document["transitions"][name];
  if (!entry.is_object()) {
    entry = Json::object();
    if (const auto built_in = show::find_transition(show, name)) entry["type"] = std::string(show::kind_of(*built_in));
  }
  return entry;
}

void set_transition(StudioCore& core, const TransitionSet& p, const Caller& caller, const Reply& reply) {
  const OpenShowPtr open = core.open_show();
  if (!open) return reply(CallResult::failure(CallErrc::wrong_state, "no show is open"));
  if (!p.values.is_object())
    return reply(CallResult::failure(CallErrc::invalid_params, "values: an object of keys and values is wanted"));
  const auto edit = [&](show::Json& document) {
    Json& entry = declared(document, open->show, p.name);
    for (const auto& [key, value] : p.values.items()) {
      if (value.is_null())
        entry.erase(key);
      else
        entry[key] = value;
    }
    return Status{};
  };
  core.change({.edit = edit, .message = "transition " + p.name, .caller = caller}, reply);
}

void choose(StudioCore& core, const Choice& p, const Caller& caller, const Reply& reply) {
  const OpenShowPtr open = core.open_show();
  if (!open) return reply(CallResult::failure(CallErrc::wrong_state, "no show is open"));
  const auto found = show::find_transition(open->show, p.name);
  if (!found) return reply(not_found("transition", p.name));
  if (p.duration && std::holds_alternative<show::StingerTransition>(*found)) {
    return reply(CallResult::failure(CallErrc::invalid_params,
                                     fmt::format("{} is a stinger: it takes as long as its film", p.name)));
  }
  const auto edit = [&](show::Json& document) {
    document["transition"] = p.name;
    if (p.duration) declared(document, open->show, p.name)["duration_ms"] = p.duration->count();
    return Status{};
  };
  core.change({.edit = edit, .message = "transition " + p.name, .caller = caller}, reply);
}

}  // namespace

void add_preview_commands(CommandRegistry& registry, StudioCore& core) {
  registry.add(
      {.name = "preview.set", .help = "Puts a scene into preview.", .changes_show = true, .result = revision()},
      show::Section<SceneNamed>("preview.set", "")
          .field("scene", &SceneNamed::scene, {.help = "The scene; empty: none.", .required = true}),
      [&core](const SceneNamed& p, const Caller& caller, const Reply& reply) {
        set_preview(core, p.scene, caller, reply);
      });
  registry.add({.name = "preview.studio_mode",
                .help = "Switches studio mode, in which a scene is looked at in preview before it is taken.",
                .changes_show = true,
                .result = revision()},
               show::Section<Switch>("preview.studio_mode", "")
                   .field("on", &Switch::on, {.help = "true: on.", .required = true}),
               [&core](const Switch& p, const Caller& caller, const Reply& reply) {
                 core.change(
                     {.edit = [&](show::Json& document) { return show::set_at(document, "/studio_mode", p.on); },
                      .message = p.on ? "studio mode on" : "studio mode off",
                      .caller = caller},
                     reply);
               });
  registry.add({.name = "transition.set",
                .help = "Changes a transition of the show, or declares one.",
                .changes_show = true,
                .result = revision()},
               show::Section<TransitionSet>("transition.set", "")
                   .field("name", &TransitionSet::name, {.help = "Its name.", .required = true})
                   .field("values", &TransitionSet::values,
                          {.help = "Keys of a transition as in the show: {\"type\": \"wipe\", \"shape\": \"circle\"}; "
                                   "null takes a key back to its default.",
                           .required = true}),
               [&core](const TransitionSet& p, const Caller& caller, const Reply& reply) {
                 set_transition(core, p, caller, reply);
               });
  registry.add(
      {.name = "transition.choose",
       .help = "The transition by which scenes that name no other are taken, and how long it takes.",
       .changes_show = true,
       .result = revision()},
      show::Section<Choice>("transition.choose", "")
          .field("name", &Choice::name,
                 {.help = "One of the show's transitions, or cut, fade, dip, wipe, slide, push.", .required = true})
          .field("duration_ms", &Choice::duration,
                 {.min = 0, .max = 60'000, .help = "How long it takes from now on; absent: as it is."}),
      [&core](const Choice& p, const Caller& caller, const Reply& reply) { choose(core, p, caller, reply); });
}

}  // namespace mainstay
