#include "engine/remote/obs/filter_view.h"

#include <fmt/format.h>

#include <set>

#include "engine/show/layer_filters.h"

namespace mainstay::obs {

namespace {

bool is_setting(std::string_view key) {
  return key != "type" && key != "name" && key != "enabled";
}

std::vector<FilterView> filters_of(const Json& written) {
  std::vector<FilterView> out;
  std::set<std::string, std::less<>> taken;
  for (const Json& one : written) {
    if (one.is_object() && one.contains("name")) taken.insert(one.value("name", std::string()));
  }
  for (const Json& one : written) {
    if (!one.is_object()) continue;
    FilterView filter;
    filter.kind = one.value("type", std::string());
    filter.name = one.value("name", std::string());
    if (filter.name.empty()) {
      filter.name = filter.kind;
      for (int n = 2; taken.contains(filter.name); ++n) filter.name = fmt::format("{} {}", filter.kind, n);
      taken.insert(filter.name);
    }
    filter.enabled = one.value("enabled", true);
    filter.settings = Json::object();
    for (const auto& [key, value] : one.items()) {
      if (is_setting(key)) filter.settings[key] = value;
    }
    out.push_back(std::move(filter));
  }
  return out;
}

}  // namespace

std::vector<FilterPlace> filter_places(const ShowView& view, std::string_view input) {
  std::vector<FilterPlace> out;
  for (const std::string& scene : view.scenes()) {
    for (const ItemView& item : view.items(scene)) {
      if (item.source != input) continue;
      FilterPlace place{scene, item.name, Json::array(), {}};
      if (item.layer.is_object() && item.layer.contains("filters") && item.layer["filters"].is_array())
        place.written = item.layer["filters"];
      place.filters = filters_of(place.written);
      out.push_back(std::move(place));
    }
  }
  return out;
}

std::vector<FilterView> input_filters(const ShowView& view, std::string_view input) {
  for (FilterPlace& place : filter_places(view, input)) {
    if (!place.filters.empty()) return std::move(place.filters);
  }
  return {};
}

Json written_filters(const ShowView& view, std::string_view input) {
  for (FilterPlace& place : filter_places(view, input)) {
    if (!place.filters.empty()) return std::move(place.written);
  }
  return Json::array();
}

Json filter_entry(const FilterView& filter, std::size_t index) {
  return {{"filterName", filter.name},
          {"filterKind", filter.kind},
          {"filterIndex", index},
          {"filterEnabled", filter.enabled},
          {"filterSettings", filter.settings}};
}

std::optional<Json> filter_defaults(std::string_view kind) {
  const show::ObjectInfo* const info = show::filter_info(kind);
  if (info == nullptr) return std::nullopt;
  Json defaults = Json::object();
  for (const show::FieldInfo& field : info->fields) {
    if (is_setting(field.key) && !field.default_json.empty()) defaults[field.key] = Json::parse(field.default_json);
  }
  return defaults;
}

}  // namespace mainstay::obs
