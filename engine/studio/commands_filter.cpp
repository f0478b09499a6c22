// The filters of layers: each command a small edit of the document, checked as every other.
#include <algorithm>

#include "engine/show/layer_filters.h"
#include "engine/studio/commands.h"
#include "engine/studio/layer_edits.h"

namespace mainstay {

namespace {

struct FilterAdd {
  std::string scene;
  std::string layer;
  std::string type;
  std::string name;
  int position = -1;
  Json values;
};
struct FilterNamed {
  std::string scene;
  std::string layer;
  std::string filter;
};
struct FilterSet : FilterNamed {
  Json values;
};
struct FilterMove : FilterNamed {
  int position = 0;
};
struct FilterEnable : FilterNamed {
  bool enabled = true;
};

/// A filter that a command names.
struct FoundFilter {
  FoundLayer in;
  int index = 0;
  std::string pointer;  ///< of the filter
};

/// The answer instead, when there is no such filter.
std::optional<CallResult> find_filter(const OpenShowPtr& open, const FilterNamed& p, FoundFilter& found) {
  if (auto none = find_layer(open, p.scene, p.layer, found.in)) return none;
  const std::vector<std::string> names = show::filter_names(found.in.layer->filters);
  const auto at = std::find(names.begin(), names.end(), p.filter);
  if (at == names.end()) {
    return CallResult::failure(CallErrc::not_found,
                               fmt::format("layer '{}' of '{}' has no filter called '{}'", p.layer, p.scene, p.filter));
  }
  found.index = static_cast<int>(at - names.begin());
  found.pointer = fmt::format("{}/filters/{}", found.in.pointer, found.index);
  return std::nullopt;
}

/// The same for a change that a locked layer does not take.
std::optional<CallResult> find_free_filter(const OpenShowPtr& open, const FilterNamed& p, FoundFilter& found) {
  if (auto none = find_filter(open, p, found)) return none;
  return locked(found.in, p.layer);
}

std::string what(const char* doing, const FilterNamed& p) {
  return fmt::format("{} filter {} of {} in {}", doing, p.filter, p.layer, p.scene);
}

void add_filter(StudioCore& core, const FilterAdd& p, const Caller& caller, const Reply& reply) {
  FoundLayer found;
  const OpenShowPtr open = core.open_show();
  if (auto none = find_layer(open, p.scene, p.layer, found)) return reply(*std::move(none));
  if (auto no = locked(found, p.layer)) return reply(*std::move(no));
  Json filter{{"type", p.type}};
  if (!merge(filter, p.values)) {
    return reply(CallResult::failure(CallErrc::invalid_params, "values: an object of keys and values is wanted"));
  }
  // A name of its own where the type's is taken, so that it stays the same when others come and go.
  std::string name = p.name;
  const std::vector<std::string> names = show::filter_names(found.layer->filters);
  const auto is_taken = [&](const std::string& n) { return std::find(names.begin(), names.end(), n) != names.end(); };
  if (name.empty() && is_taken(p.type)) {
    for (int n = 2; name.empty() || is_taken(name); ++n) name = fmt::format("{} {}", p.type, n);
  }
  if (!name.empty()) filter["name"] = name;
  const auto count = static_cast<int>(found.layer->filters.size());
  const int position = p.position < 0 ? count : std::min(p.position, count);
  core.change({.edit =
                   [&](Json& document) {
                     const Json* const there = show::find_at(document, found.pointer + "/filters");
                     Json filters = there != nullptr && there->is_array() ? *there : Json::array();
                     filters.insert(filters.begin() + position, filter);
                     return show::set_at(document, found.pointer + "/filters", std::move(filters));
                   },
               .message = fmt::format("add filter {} to {} in {}", name.empty() ? p.type : name, p.layer, p.scene),
               .caller = caller},
              reply);
}

void remove_filter(StudioCore& core, const FilterNamed& p, const Caller& caller, const Reply& reply) {
  FoundFilter found;
  const OpenShowPtr open = core.open_show();
  if (auto none = find_free_filter(open, p, found)) return reply(*std::move(none));
  core.change({.edit = [&](Json& document) { return show::remove_at(document, found.pointer); },
               .message = what("remove", p),
               .caller = caller},
              reply);
}

void set_filter(StudioCore& core, const FilterSet& p, const Caller& caller, const Reply& reply) {
  FoundFilter found;
  const OpenShowPtr open = core.open_show();
  if (auto none = find_free_filter(open, p, found)) return reply(*std::move(none));
  // Dragged, it is a gesture: the first value and the last one are revisions.
  std::string gesture = "filter.set " + found.pointer;
  if (p.values.is_object()) {
    for (const auto& [key, value] : p.values.items()) gesture += ' ' + key;
  }
  core.change({.edit = [&](Json& document) { return merge_at(document, found.pointer, p.values); },
               .message = what("change", p),
               .caller = caller,
               .gesture = std::move(gesture)},
              reply);
}

void enable_filter(StudioCore& core, const FilterEnable& p, const Caller& caller, const Reply& reply) {
  FoundFilter found;
  const OpenShowPtr open = core.open_show();
  if (auto none = find_filter(open, p, found)) return reply(*std::move(none));
  core.change({.edit =
                   [&](Json& document) {
                     return merge_at(document, found.pointer, {{"enabled", p.enabled}});
                   },
               .message = what(p.enabled ? "switch on" : "switch off", p),
               .caller = caller},
              reply);
}

void move_filter(StudioCore& core, const FilterMove& p, const Caller& caller, const Reply& reply) {
  FoundFilter found;
  const OpenShowPtr open = core.open_show();
  if (auto none = find_free_filter(open, p, found)) return reply(*std::move(none));
  core.change({.edit =
                   [&](Json& document) {
                     const std::string pointer = found.in.pointer + "/filters";
                     Json filters = *show::find_at(document, pointer);
                     const Json filter = filters[static_cast<std::size_t>(found.index)];
                     filters.erase(static_cast<std::size_t>(found.index));
                     filters.insert(filters.begin() + std::min(p.position, static_cast<int>(filters.size())), filter);
                     return show::set_at(document, pointer, std::move(filters));
                   },
               .message = what("move", p),
               .caller = caller},
              reply);
}

/// Scene, layer and filter, which all but one name.
template <class P>
show::Section<P> named(const char* command) {
  return show::Section<P>(command, "")
      .field("scene", static_cast<std::string P::*>(&P::scene), scene_spec())
      .field("layer", static_cast<std::string P::*>(&P::layer), layer_spec())
      .field("filter", static_cast<std::string P::*>(&P::filter),
             {.help = "The filter's name: its own, else its type.", .required = true});
}

template <class P>
void add(CommandRegistry& registry, StudioCore& core, std::string name, std::string help, show::Section<P> section,
         void (*run)(StudioCore&, const P&, const Caller&, const Reply&)) {
  registry.add({.name = std::move(name), .help = std::move(help), .changes_show = true, .result = revision_result()},
               std::move(section),
               [&core, run](const P& p, const Caller& caller, const Reply& reply) { run(core, p, caller, reply); });
}

}  // namespace

void add_filter_commands(CommandRegistry& registry, StudioCore& core) {
  constexpr double kMost = show::kMostFilters;
  add(registry, core, "filter.add", "Gives a layer a filter, as its last one.",
      show::Section<FilterAdd>("filter.add", "")
          .field("scene", &FilterAdd::scene, scene_spec())
          .field("layer", &FilterAdd::layer, layer_spec())
          .field("type", &FilterAdd::type,
                 {.words = show::filter_kinds(), .help = "What it does: see the show's filters.", .required = true})
          .field("name", &FilterAdd::name, {.help = "Its name; empty: the type's, with a number where that is taken."})
          .field("position", &FilterAdd::position, {.min = -1, .max = kMost, .help = "0: first, -1: last."})
          .field("values", &FilterAdd::values,
                 {.help = "Keys of a filter of that type as in the show: {\"radius\": 12}."}),
      add_filter);
  add(registry, core, "filter.remove", "Takes a filter off a layer.", named<FilterNamed>("filter.remove"),
      remove_filter);
  add(registry, core, "filter.set", "Changes what a filter says of itself.",
      named<FilterSet>("filter.set")
          .field("values", &FilterSet::values,
                 {.help = "Keys of a filter as in the show: {\"similarity\": 0.3}; null takes a key back to its "
                          "default.",
                  .required = true}),
      set_filter);
  add(registry, core, "filter.move", "Moves a filter before or behind others of its layer.",
      named<FilterMove>("filter.move")
          .field("position", &FilterMove::position,
                 {.min = 0, .max = kMost, .help = "Where it is then; 0: first.", .required = true}),
      move_filter);
  add(registry, core, "filter.enable", "Switches a filter on or off; one of a locked layer too.",
      named<FilterEnable>("filter.enable")
          .field("enabled", &FilterEnable::enabled, {.help = "false: the picture passes as it is."}),
      enable_filter);
}

}  // namespace mainstay
