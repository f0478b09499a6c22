// Scenes and their layers: each command a small edit of the document, checked as every other.
#include <algorithm>
#include <functional>
#include <utility>

#include "engine/show/layers.h"
#include "engine/studio/commands.h"
#include "engine/studio/layer_edits.h"

namespace mainstay {

namespace {

struct SceneAdd {
  std::string name;
  std::string copy_of;
};
struct SceneNamed {
  std::string name;
};
struct SceneRename {
  std::string name;
  std::string to;
};
struct SceneSet {
  std::string name;
  Json values;
};
struct LayerAdd {
  std::string scene;
  std::string source;
  std::string nested;
  std::string name;
  int position = -1;
  Json values;
};
struct LayerNamed {
  std::string scene;
  std::string layer;
};
struct LayerSet {
  std::string scene;
  std::string layer;
  Json values;
};
struct LayerMove {
  std::string scene;
  std::string layer;
  int position = 0;
};

constexpr double kMostLayers = 64;

void edit(StudioCore& core, std::function<Status(Json&)> change, std::string message, const Caller& caller,
          const Reply& reply) {
  core.change({.edit = std::move(change), .message = std::move(message), .caller = caller}, reply);
}

/// Calls `see` with each source of that type.
void each_source(Json& document, const char* type, const std::function<void(const std::string&, Json&)>& see) {
  if (!document.contains("sources")) return;
  for (const auto& [name, source] : document["sources"].items()) {
    if (source.is_object() && source.value("type", std::string()) == type) see(name, source);
  }
}

/// What shows the scene in others shows it by its new name.
void rename_nested(Json& document, const std::string& from, const std::string& to) {
  each_source(document, "scene", [&](const std::string&, Json& source) {
    if (source.value("scene", std::string()) == from) source["scene"] = to;
  });
  each_source(document, "multiview", [&](const std::string&, Json& source) {
    if (!source.contains("cells")) return;
    for (Json& cell : source["cells"]) {
      if (!cell.is_object() || cell.value("shows", std::string()) != "scene") continue;
      if (cell.value("name", std::string()) == from) cell["name"] = to;
    }
  });
}

/// The sources that showed the scene in others, once no layer shows them any more.
void remove_unused_nested(const show::Show& show, Json& document, const std::string& scene) {
  for (const auto& [name, source] : show.sources) {
    const auto* nested = std::get_if<show::SceneSource>(&source);
    if (nested == nullptr || nested->scene != scene) continue;
    const bool used = std::any_of(show.scenes.begin(), show.scenes.end(), [&, &of = name](const auto& in) {
      return in.first != scene && show::shows(in.second, of);
    });
    if (!used) document["sources"].erase(name);
  }
}

/// The source by which a scene lies in others: the one that there is, else the name of one to be made.
std::pair<std::string, bool> nested_source(const show::Show& show, const std::string& scene) {
  for (const auto& [name, source] : show.sources) {
    const auto* nested = std::get_if<show::SceneSource>(&source);
    if (nested != nullptr && nested->scene == scene) return {name, false};
  }
  std::string name = scene;
  for (int n = 2; show.sources.contains(name); ++n) name = fmt::format("{} {}", scene, n);
  return {name, true};
}

void add_scene(StudioCore& core, const SceneAdd& p, const Caller& caller, const Reply& reply) {
  const OpenShowPtr open = core.open_show();
  if (!open) return reply(nothing_open());
  if (open->show.scenes.contains(p.name)) {
    return reply(CallResult::failure(CallErrc::invalid_params, fmt::format("a scene is called '{}' already", p.name)));
  }
  if (!p.copy_of.empty() && !open->show.scenes.contains(p.copy_of)) return reply(no_scene(p.copy_of));
  edit(
      core,
      [&](Json& document) {
        Json scene = p.copy_of.empty() ? Json::object() : document["scenes"][p.copy_of];
        return show::set_at(document, show::pointer_to("/scenes", p.name), std::move(scene));
      },
      "add scene " + p.name, caller, reply);
}

void remove_scene(StudioCore& core, const SceneNamed& p, const Caller& caller, const Reply& reply) {
  const OpenShowPtr open = core.open_show();
  if (!open) return reply(nothing_open());
  if (!open->show.scenes.contains(p.name)) return reply(no_scene(p.name));
  if (core.is_on_air() && scene_name_on_air(open->show) == p.name) {
    return reply(CallResult::failure(CallErrc::wrong_state,
                                     fmt::format("scene '{}' is on air: take another one first", p.name)));
  }
  edit(
      core,
      [&](Json& document) {
        for (const char* key : {"on_air", "preview"}) {
          if (document.value(key, std::string()) == p.name) document.erase(key);
        }
        remove_unused_nested(open->show, document, p.name);
        return show::remove_at(document, show::pointer_to("/scenes", p.name));
      },
      "remove scene " + p.name, caller, reply);
}

void rename_scene(StudioCore& core, const SceneRename& p, const Caller& caller, const Reply& reply) {
  const OpenShowPtr open = core.open_show();
  if (!open) return reply(nothing_open());
  if (!open->show.scenes.contains(p.name)) return reply(no_scene(p.name));
  if (p.to != p.name && open->show.scenes.contains(p.to)) {
    return reply(CallResult::failure(CallErrc::invalid_params, fmt::format("a scene is called '{}' already", p.to)));
  }
  edit(
      core,
      [&](Json& document) {
        Json scene = document["scenes"][p.name];
        document["scenes"].erase(p.name);
        for (const char* key : {"on_air", "preview"}) {
          if (document.value(key, std::string()) == p.name) document[key] = p.to;
        }
        rename_nested(document, p.name, p.to);
        return show::set_at(document, show::pointer_to("/scenes", p.to), std::move(scene));
      },
      fmt::format("rename scene {} to {}", p.name, p.to), caller, reply);
}

void set_scene(StudioCore& core, const SceneSet& p, const Caller& caller, const Reply& reply) {
  const OpenShowPtr open = core.open_show();
  if (open && !open->show.scenes.contains(p.name)) return reply(no_scene(p.name));
  edit(
      core, [&](Json& document) { return merge_at(document, show::pointer_to("/scenes", p.name), p.values); },
      "change scene " + p.name, caller, reply);
}

void add_layer(StudioCore& core, const LayerAdd& p, const Caller& caller, const Reply& reply) {
  const OpenShowPtr open = core.open_show();
  if (!open) return reply(nothing_open());
  const auto in = open->show.scenes.find(p.scene);
  if (in == open->show.scenes.end()) return reply(no_scene(p.scene));
  if (p.source.empty() == p.nested.empty())
    return reply(CallResult::failure(CallErrc::invalid_params, "give either a \"source\" or a scene to be \"nested\""));
  if (!p.nested.empty() && !open->show.scenes.contains(p.nested)) return reply(no_scene(p.nested));
  const auto [source, made] = p.nested.empty() ? std::pair{p.source, false} : nested_source(open->show, p.nested);
  if (!made && !open->show.sources.contains(source)) {
    return reply(CallResult::failure(CallErrc::not_found, fmt::format("no source is called '{}'", source)));
  }
  Json layer{{"source", source}};
  if (!merge(layer, p.values)) {
    return reply(CallResult::failure(CallErrc::invalid_params, "values: an object of keys and values is wanted"));
  }
  // A name of its own where the source's is taken, so that it stays the same when others come and go.
  std::string name = p.name;
  const std::vector<std::string> names = show::layer_names(in->second);
  const auto is_taken = [&](const std::string& n) { return std::find(names.begin(), names.end(), n) != names.end(); };
  if (name.empty() && is_taken(source)) {
    for (int n = 2; name.empty() || is_taken(name); ++n) name = fmt::format("{} {}", source, n);
  }
  if (!name.empty()) layer["name"] = name;
  const auto count = static_cast<int>(in->second.layers.size());
  const int position = p.position < 0 ? count : std::min(p.position, count);
  edit(
      core,
      [&, &source = source, &made = made](Json& document) {
        if (made) document["sources"][source] = {{"type", "scene"}, {"scene", p.nested}};
        Json& layers = document["scenes"][p.scene]["layers"];
        if (!layers.is_array()) layers = Json::array();
        layers.insert(layers.begin() + position, layer);
        return Status{};
      },
      fmt::format("add layer {} to {}", name.empty() ? source : name, p.scene), caller, reply);
}

void remove_layer(StudioCore& core, const LayerNamed& p, const Caller& caller, const Reply& reply) {
  FoundLayer found;
  const OpenShowPtr open = core.open_show();
  if (auto none = find_layer(open, p.scene, p.layer, found)) return reply(*std::move(none));
  if (auto no = locked(found, p.layer)) return reply(*std::move(no));
  edit(
      core, [&](Json& document) { return show::remove_at(document, found.pointer); },
      fmt::format("remove layer {} of {}", p.layer, p.scene), caller, reply);
}

void set_layer(StudioCore& core, const LayerSet& p, const Caller& caller, const Reply& reply) {
  FoundLayer found;
  const OpenShowPtr open = core.open_show();
  if (auto none = find_layer(open, p.scene, p.layer, found)) return reply(*std::move(none));
  // What a locked layer still does: be shown, be hidden, be unlocked (and changed by the same call).
  const bool unlocks = p.values.is_object() && p.values.contains("locked");
  const bool shows_only = p.values.is_object() && p.values.size() == 1 && p.values.contains("visible");
  if (!unlocks && !shows_only) {
    if (auto no = locked(found, p.layer)) return reply(*std::move(no));
  }
  // Dragged about, it is a gesture: the first place and the last one are revisions.
  std::string gesture = "layer.set " + found.pointer;
  if (p.values.is_object()) {
    for (const auto& [key, value] : p.values.items()) gesture += ' ' + key;
  }
  core.change({.edit = [&](Json& document) { return merge_at(document, found.pointer, p.values); },
               .message = fmt::format("change layer {} of {}", p.layer, p.scene),
               .caller = caller,
               .gesture = std::move(gesture)},
              reply);
}

void move_layer(StudioCore& core, const LayerMove& p, const Caller& caller, const Reply& reply) {
  FoundLayer found;
  const OpenShowPtr open = core.open_show();
  if (auto none = find_layer(open, p.scene, p.layer, found)) return reply(*std::move(none));
  if (auto no = locked(found, p.layer)) return reply(*std::move(no));
  edit(
      core,
      [&](Json& document) {
        Json& layers = document["scenes"][p.scene]["layers"];
        const Json layer = layers[static_cast<std::size_t>(found.index)];
        layers.erase(static_cast<std::size_t>(found.index));
        layers.insert(layers.begin() + std::min(p.position, static_cast<int>(layers.size())), layer);
        return Status{};
      },
      fmt::format("move layer {} of {}", p.layer, p.scene), caller, reply);
}

/// A command that changes the show.
template <class P>
void add(CommandRegistry& registry, StudioCore& core, std::string name, std::string help, show::Section<P> section,
         void (*run)(StudioCore&, const P&, const Caller&, const Reply&)) {
  registry.add({.name = std::move(name), .help = std::move(help), .changes_show = true, .result = revision_result()},
               std::move(section),
               [&core, run](const P& p, const Caller& caller, const Reply& reply) { run(core, p, caller, reply); });
}

void add_layer_commands(CommandRegistry& registry, StudioCore& core) {
  add(registry, core, "layer.add", "Puts a source, or another scene, into a scene, on top of the others.",
      show::Section<LayerAdd>("layer.add", "")
          .field("scene", &LayerAdd::scene, scene_spec())
          .field("source", &LayerAdd::source, {.help = "The source."})
          .field("nested", &LayerAdd::nested,
                 {.help = "A scene in place of a source: it lies in this one. The source of kind scene that this takes "
                          "is made where there is none."})
          .field("name", &LayerAdd::name,
                 {.help = "The layer's name; empty: the source's, with a number where that is taken."})
          .field("position", &LayerAdd::position,
                 {.min = -1, .max = kMostLayers, .help = "0: at the bottom, -1: on top."})
          .field("values", &LayerAdd::values,
                 {.help = "Keys of a layer as in the show: {\"x\": 100, \"opacity\": 0.5}."}),
      add_layer);
  add(registry, core, "layer.remove", "Takes a layer out of its scene.",
      show::Section<LayerNamed>("layer.remove", "")
          .field("scene", &LayerNamed::scene, scene_spec())
          .field("layer", &LayerNamed::layer, layer_spec()),
      remove_layer);
  add(registry, core, "layer.set",
      "Changes what a layer says of itself. A locked one can only be shown, hidden or unlocked.",
      show::Section<LayerSet>("layer.set", "")
          .field("scene", &LayerSet::scene, scene_spec())
          .field("layer", &LayerSet::layer, layer_spec())
          .field("values", &LayerSet::values,
                 {.help = "Keys of a layer as in the show: {\"x\": 100, \"visible\": false}; null takes a key back to "
                          "its default.",
                  .required = true}),
      set_layer);
  add(registry, core, "layer.move", "Moves a layer above or below others of its scene.",
      show::Section<LayerMove>("layer.move", "")
          .field("scene", &LayerMove::scene, scene_spec())
          .field("layer", &LayerMove::layer, layer_spec())
          .field("position", &LayerMove::position,
                 {.min = 0, .max = kMostLayers, .help = "Where it is then; 0: at the bottom.", .required = true}),
      move_layer);
}

}  // namespace

void add_scene_commands(CommandRegistry& registry, StudioCore& core) {
  add(registry, core, "scene.add", "Makes a scene, empty or as another one is.",
      show::Section<SceneAdd>("scene.add", "")
          .field("name", &SceneAdd::name, {.help = "Its name.", .required = true})
          .field("copy_of", &SceneAdd::copy_of, {.help = "The scene to begin with; empty: none."}),
      add_scene);
  add(registry, core, "scene.remove", "Takes a scene out of the show; not the one on air.",
      show::Section<SceneNamed>("scene.remove", "").field("name", &SceneNamed::name, scene_spec()), remove_scene);
  add(registry, core, "scene.rename", "Gives a scene another name; what is on air or in preview stays there.",
      show::Section<SceneRename>("scene.rename", "")
          .field("name", &SceneRename::name, scene_spec())
          .field("to", &SceneRename::to, {.help = "Its new name.", .required = true}),
      rename_scene);
  add(registry, core, "scene.set", "Changes what a scene says of itself.",
      show::Section<SceneSet>("scene.set", "")
          .field("name", &SceneSet::name, scene_spec())
          .field("values", &SceneSet::values,
                 {.help = "Keys of a scene as in the show: {\"transition\": \"wipe\", \"transition_ms\": 800}; null "
                          "takes a key back to its default.",
                  .required = true}),
      set_scene);
  add_layer_commands(registry, core);
}

}  // namespace mainstay
