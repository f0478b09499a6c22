// Filters of inputs, which are those of their layers (filter_view.h).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "engine/remote/obs/filter_view.h"
#include "engine/remote/obs/lookup.h"
#include "engine/show/layer_filters.h"
#include "engine/show/suggest.h"

namespace mainstay::obs {

namespace {

/// A command with its parameters.
struct Step {
  std::string name;
  Json params;
};

/// One after the other; the first that fails is the answer.
void run(const CallPtr& call, std::shared_ptr<std::vector<Step>> steps, std::size_t at = 0) {
  if (at == steps->size()) return call->succeed();
  Step& step = (*steps)[at];
  command_value(call, step.name, std::move(step.params), [call, steps, at](const Json&) { run(call, steps, at + 1); });
}

/// The filter that `filterName` names, as the input has it.
struct NamedFilter {
  FilterView filter;
  std::size_t index = 0;
};

void with_filter(const CallPtr& call,
                 std::function<void(const ShowView&, const SourceName&, const NamedFilter&)> then) {
  with_source(call, [call, then = std::move(then)](const ShowView& view, const SourceName& source) {
    const std::string name = call->text("filterName");
    for (const FilterPlace& place : filter_places(view, source.is_scene ? std::string() : source.name)) {
      for (std::size_t i = 0; i < place.filters.size(); ++i) {
        if (place.filters[i].name == name) return then(view, source, {place.filters[i], i});
      }
    }
    call->fail(RequestStatus::resource_not_found,
               fmt::format("{} has no filter called {}.", show::in_quotes(source.name), show::in_quotes(name)));
  });
}

/// A command for the filter of each layer that has it; `params` besides scene, layer and filter.
void for_all(const CallPtr& call, const ShowView& view, const std::string& input, const char* command_name,
             const Json& params) {
  const std::string name = call->text("filterName");
  auto steps = std::make_shared<std::vector<Step>>();
  for (const FilterPlace& place : filter_places(view, input)) {
    const bool has = std::any_of(place.filters.begin(), place.filters.end(),
                                 [&](const FilterView& filter) { return filter.name == name; });
    if (!has) continue;
    Json all{{"scene", place.scene}, {"layer", place.layer}, {"filter", name}};
    all.update(params);
    steps->push_back({command_name, std::move(all)});
  }
  run(call, std::move(steps));
}

void get_list(const CallPtr& call) {
  with_source(call, [call](const ShowView& view, const SourceName& source) {
    Json list = Json::array();
    if (!source.is_scene) {
      for (const FilterView& filter : input_filters(view, source.name))
        list.push_back(filter_entry(filter, list.size()));
    }
    call->succeed({{"filters", std::move(list)}});
  });
}

void get_default_settings(const CallPtr& call) {
  const std::string kind = call->text("filterKind");
  const auto defaults = filter_defaults(kind);
  if (!defaults) {
    return call->fail(RequestStatus::invalid_filter_kind,
                      fmt::format("There is no kind of filter called {}.", show::in_quotes(kind)));
  }
  call->succeed({{"defaultFilterSettings", *defaults}});
}

void get_filter(const CallPtr& call) {
  with_filter(call, [call](const ShowView&, const SourceName&, const NamedFilter& found) {
    Json entry = filter_entry(found.filter, found.index);
    entry.erase("filterName");
    call->succeed(std::move(entry));
  });
}

void create_filter(const CallPtr& call) {
  with_source(call, [call](const ShowView& view, const SourceName& source) {
    const std::string kind = call->text("filterKind");
    const std::string name = call->text("filterName");
    if (show::filter_info(kind) == nullptr) {
      return call->fail(RequestStatus::invalid_filter_kind,
                        fmt::format("There is no kind of filter called {}.", show::in_quotes(kind)));
    }
    if (source.is_scene) {
      return call->fail(RequestStatus::invalid_resource_type, "Filters are those of a scene's inputs here.");
    }
    const std::vector<FilterPlace> places = filter_places(view, source.name);
    if (places.empty()) {
      return call->fail(RequestStatus::invalid_resource_state,
                        "No scene shows this input, and filters belong to what scenes show.");
    }
    Json values = call->given("filterSettings") ? call->data["filterSettings"] : Json::object();
    for (const char* key : {"type", "name", "enabled"}) values.erase(key);
    auto steps = std::make_shared<std::vector<Step>>();
    for (const FilterPlace& place : places) {
      for (const FilterView& filter : place.filters) {
        if (filter.name == name) {
          return call->fail(RequestStatus::resource_exists,
                            fmt::format("A filter is called {} already.", show::in_quotes(name)));
        }
      }
      steps->push_back(
          {"filter.add",
           {{"scene", place.scene}, {"layer", place.layer}, {"type", kind}, {"name", name}, {"values", values}}});
    }
    run(call, std::move(steps));
  });
}

void rename_filter(const CallPtr& call) {
  with_filter(call, [call](const ShowView& view, const SourceName& source, const NamedFilter&) {
    const std::string name = call->text("newFilterName");
    for (const FilterView& filter : input_filters(view, source.name)) {
      if (filter.name == name) {
        return call->fail(RequestStatus::resource_exists,
                          fmt::format("A filter is called {} already.", show::in_quotes(name)));
      }
    }
    for_all(call, view, source.name, "filter.set", {{"values", {{"name", name}}}});
  });
}

/// `overlay` false: what is not given goes back to its default.
void set_settings(const CallPtr& call) {
  with_filter(call, [call](const ShowView& view, const SourceName& source, const NamedFilter& found) {
    Json values = call->data["filterSettings"];
    for (const char* key : {"type", "name", "enabled"}) values.erase(key);
    const bool overlay = !call->given("overlay") || call->data["overlay"].get<bool>();
    for (const auto& [key, value] : found.filter.settings.items()) {
      if (!overlay && !values.contains(key)) values[key] = nullptr;
    }
    if (values.empty()) return call->succeed();
    for_all(call, view, source.name, "filter.set", {{"values", std::move(values)}});
  });
}

}  // namespace

void add_filter_requests(RequestTable& table) {
  const auto fields = [](std::vector<RequestField> more) {
    more.insert(more.begin(), required("filterName"));
    return name_or_uuid("source", std::move(more));
  };
  table.add({"GetSourceFilterKindList", Role::view, {}, [](const CallPtr& call) {
               call->succeed({{"sourceFilterKinds", show::filter_kinds()}});
             }});
  table.add({"GetSourceFilterDefaultSettings", Role::view, {required("filterKind")}, get_default_settings});
  table.add({"GetSourceFilterList", Role::view, name_or_uuid("source"), get_list});
  table.add({"GetSourceFilter", Role::view, fields({}), get_filter});
  table.add({"CreateSourceFilter", Role::operate,
             fields({required("filterKind"), optional_field("filterSettings", FieldType::object)}), create_filter});
  table.add({"RemoveSourceFilter", Role::operate, fields({}), [](const CallPtr& call) {
               with_filter(call, [call](const ShowView& view, const SourceName& source, const NamedFilter&) {
                 for_all(call, view, source.name, "filter.remove", Json::object());
               });
             }});
  table.add({"SetSourceFilterName", Role::operate, fields({required("newFilterName")}), rename_filter});
  table.add({"SetSourceFilterIndex", Role::operate,
             fields({{.name = "filterIndex",
                      .type = FieldType::number,
                      .required = true,
                      .min = 0,
                      .max = static_cast<double>(show::kMostFilters) - 1}}),
             [](const CallPtr& call) {
               with_filter(call, [call](const ShowView& view, const SourceName& source, const NamedFilter&) {
                 const auto index = std::llround(call->data["filterIndex"].get<double>());
                 for_all(call, view, source.name, "filter.move", {{"position", index}});
               });
             }});
  table.add({"SetSourceFilterSettings", Role::operate,
             fields({required("filterSettings", FieldType::object), optional_field("overlay", FieldType::boolean)}),
             set_settings});
  table.add(
      {"SetSourceFilterEnabled", Role::operate, fields({required("filterEnabled", FieldType::boolean)}),
       [](const CallPtr& call) {
         with_filter(call, [call](const ShowView& view, const SourceName& source, const NamedFilter&) {
           for_all(call, view, source.name, "filter.enable", {{"enabled", call->data["filterEnabled"].get<bool>()}});
         });
       }});
}

}  // namespace mainstay::obs
