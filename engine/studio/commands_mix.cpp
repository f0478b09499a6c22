// What is on air: cut, transitions and the T-bar, fade to black. What comes next: commands_preview.cpp.
#include <algorithm>

#include "engine/show/layers.h"
#include "engine/studio/commands.h"

namespace mainstay {

namespace {

struct Cut {
  std::string scene;
};
struct Auto {
  std::string scene;
  std::string transition;
  std::optional<Millis> duration;
};
struct Bar {
  double position = 0;
  std::string transition;
};
struct FadeToBlack {
  std::string state = "toggle";
  Millis duration{1000};
};

show::FieldInfo revision() {
  return returns(show::FieldKind::object, "{revision}: the number of the show's revision.");
}

/// What a take starts from.
struct Stand {
  OpenShowPtr open;
  std::shared_ptr<OnAir> air;  // null: off air
  std::string on_air;          // the scene
  bool in_transition = false;
};

Stand stand_of(const StudioCore& core) {
  Stand stand{core.open_show(), core.air(), {}, false};
  if (stand.open) stand.on_air = scene_name_on_air(stand.open->show);
  stand.in_transition = stand.air && stand.air->in_transition();
  return stand;
}

CallResult unchanged(const Stand& stand) {
  return {{{"revision", stand.open->revision}}, std::nullopt};
}

CallResult not_found(const char* what, const std::string& name) {
  return CallResult::failure(CallErrc::not_found, fmt::format("no {} is called '{}'", what, name));
}

/// The scene that is meant: the one named, else the one in preview. An answer instead when there is none.
std::optional<CallResult> find_scene(const Stand& stand, std::string& scene) {
  if (!stand.open) return CallResult::failure(CallErrc::wrong_state, "no show is open");
  const show::Show& show = stand.open->show;
  if (!scene.empty()) {
    if (!show.scenes.contains(scene)) return not_found("scene", scene);
    return std::nullopt;
  }
  if (!show.studio_mode)
    return CallResult::failure(CallErrc::wrong_state, "studio mode is off, so nothing is in preview: name the scene");
  if (show.preview.empty())
    return CallResult::failure(CallErrc::wrong_state, "nothing is in preview: name the scene, or preview.set one");
  scene = show.preview;
  return std::nullopt;
}

/// The scene goes on air; what was there goes to preview when the scene came from preview.
Change change_to(const Stand& stand, const std::string& scene, std::string message, TakeOrder take,
                 const Caller& caller) {
  const bool swaps = stand.open->show.studio_mode && stand.open->show.preview == scene;
  return {.edit =
              [scene, swaps, was = stand.on_air](show::Json& document) {
                if (swaps) document["preview"] = was;
                document["on_air"] = scene;
                return Status{};
              },
          .kind = RevisionKind::live,
          .message = std::move(message),
          .caller = caller,
          .take = std::move(take)};
}

void cut(StudioCore& core, const Cut& p, const Caller& caller, const Reply& reply) {
  const Stand stand = stand_of(core);
  if (p.scene.empty() && stand.in_transition) {  // what runs is done with
    stand.air->finish_transition();
    return reply(unchanged(stand));
  }
  std::string scene = p.scene;
  if (auto none = find_scene(stand, scene)) return reply(*std::move(none));
  if (scene == stand.on_air && stand.in_transition) stand.air->finish_transition();
  core.change(change_to(stand, scene, "cut to " + scene, {}, caller), reply);
}

/// The transition to `scene`, with what a call asks for instead.
std::optional<show::NamedTransition> transition_for(const show::Show& show, const std::string& scene,
                                                    const std::string& name, std::optional<Millis> duration) {
  show::NamedTransition out = show::transition_to(show, scene);
  if (!name.empty()) {
    const auto found = show::find_transition(show, name);
    if (!found) return std::nullopt;
    out = {name, *found};
  }
  if (duration) show::set_duration(out.transition, *duration);
  return out;
}

TakeOrder order_of(const show::NamedTransition& transition) {
  // A cut, or a transition without a length, is a cut and is told as one. A stinger's length is its film's.
  if (!std::holds_alternative<show::StingerTransition>(transition.transition) &&
      show::duration_of(transition.transition) == Millis{0})
    return {};
  return {.name = transition.name, .how = transition.transition};
}

void take(StudioCore& core, const Auto& p, const Caller& caller, const Reply& reply) {
  const Stand stand = stand_of(core);
  const bool goes_on = stand.in_transition && (p.scene.empty() || p.scene == stand.on_air);
  if (goes_on) {
    stand.air->go_on_with_transition();
    return reply(unchanged(stand));
  }
  std::string scene = p.scene;
  if (auto none = find_scene(stand, scene)) return reply(*std::move(none));
  const auto transition = transition_for(stand.open->show, scene, p.transition, p.duration);
  if (!transition) return reply(not_found("transition", p.transition));
  TakeOrder order = order_of(*transition);
  order.turns_back = stand.in_transition && scene == stand.air->leaving();
  std::string message = order.name.empty() ? "cut to " + scene : fmt::format("{} to {}", order.name, scene);
  core.change(change_to(stand, scene, std::move(message), std::move(order), caller), reply);
}

void move_bar(StudioCore& core, const Bar& p, const Caller& caller, const Reply& reply) {
  const Stand stand = stand_of(core);
  if (stand.in_transition && p.position > 0) {
    stand.air->hold_transition_at(p.position);
    return reply(unchanged(stand));
  }
  if (stand.in_transition) {  // back where it came from
    const std::string scene = stand.air->leaving();
    TakeOrder order{.turns_back = true, .finished = true};
    return core.change(change_to(stand, scene, "back to " + scene, std::move(order), caller), reply);
  }
  if (p.position <= 0) return reply(unchanged(stand));
  std::string scene;
  if (auto none = find_scene(stand, scene)) return reply(*std::move(none));
  if (scene == stand.on_air) return reply(unchanged(stand));
  const auto transition = transition_for(stand.open->show, scene, p.transition, std::nullopt);
  if (!transition) return reply(not_found("transition", p.transition));
  TakeOrder order{.name = transition->name, .how = transition->transition, .position = p.position};
  core.change(change_to(stand, scene, fmt::format("{} by hand to {}", order.name, scene), std::move(order), caller),
              reply);
}

void add_takes(CommandRegistry& registry, StudioCore& core) {
  registry.add({.name = "program.cut",
                .help = "Takes a scene: the next frame shows it. Without a scene the one in preview, which changes "
                        "places with the one on air; during a transition, its end. Off air it is the scene that the "
                        "show begins with.",
                .changes_show = true,
                .result = revision()},
               show::Section<Cut>("program.cut", "")
                   .field("scene", &Cut::scene, {.help = "The scene; absent: the one in preview."}),
               [&core](const Cut& p, const Caller& caller, const Reply& reply) { cut(core, p, caller, reply); });
  registry.add(
      {.name = "program.auto",
       .help = "Takes a scene by its transition. During a transition: without a scene it goes on (also from where a "
               "T-bar left it), to the scene it came from it turns back, to any other it goes from what is seen.",
       .changes_show = true,
       .result = revision()},
      show::Section<Auto>("program.auto", "")
          .field("scene", &Auto::scene, {.help = "The scene; absent: the one in preview."})
          .field("transition", &Auto::transition, {.help = "By which; absent: the scene's, else the show's."})
          .field("duration_ms", &Auto::duration,
                 {.min = 0, .max = 60'000, .help = "How long it takes; absent: as the transition says."}),
      [&core](const Auto& p, const Caller& caller, const Reply& reply) { take(core, p, caller, reply); });
  registry.add({.name = "program.transition",
                .help = "The T-bar: how far the scene in preview has come on air. 1 is there, 0 back again.",
                .when = When::on_air,
                .changes_show = true,
                .result = revision()},
               show::Section<Bar>("program.transition", "")
                   .field("position", &Bar::position,
                          {.min = 0, .max = 1, .help = "0: what was on air, 1: what comes.", .required = true})
                   .field("transition", &Bar::transition, {.help = "By which it begins; absent: as program.auto."}),
               [&core](const Bar& p, const Caller& caller, const Reply& reply) { move_bar(core, p, caller, reply); });
  registry.add({.name = "program.fade_to_black",
                .help = "Fades picture and sound of the program to black and silence, or out of it again.",
                .when = When::on_air},
               show::Section<FadeToBlack>("program.fade_to_black", "")
                   .field("state", &FadeToBlack::state, {.words = {"toggle", "on", "off"}, .help = "on: to black."})
                   .field("duration_ms", &FadeToBlack::duration,
                          {.min = 0, .max = 60'000, .help = "How long the whole way takes; 0: at once."}),
               [&core](const FadeToBlack& p, const Caller&, const Reply& reply) {
                 reply(core.with_air([&](OnAir& air) {
                   air.fade_to_black(p.state == "toggle" ? !air.is_black() : p.state == "on", p.duration);
                   return Status{};
                 }));
               });
}

}  // namespace

void add_mix_commands(CommandRegistry& registry, StudioCore& core) {
  add_takes(registry, core);
}

}  // namespace mainstay
