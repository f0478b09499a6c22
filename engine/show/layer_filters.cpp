#include "engine/show/layer_filters.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/show/show_schema.h"

namespace mainstay::show {

namespace {

template <class... T>
std::vector<const ObjectInfo*> infos_of(const std::variant<T...>*) {
  return {&section_of<T>().info()...};
}

const std::vector<const ObjectInfo*>& infos() {
  static const std::vector<const ObjectInfo*> all = infos_of(static_cast<const Filter*>(nullptr));
  return all;
}

}  // namespace

std::string_view kind_of(const Filter& filter) {
  return infos()[filter.index()]->name;
}

const std::vector<std::string>& filter_kinds() {
  static const std::vector<std::string> kinds = [] {
    std::vector<std::string> names;
    for (const ObjectInfo* info : infos()) names.push_back(info->name);
    return names;
  }();
  return kinds;
}

const ObjectInfo* filter_info(std::string_view kind) {
  for (const ObjectInfo* info : infos()) {
    if (info->name == kind) return info;
  }
  return nullptr;
}

bool is_enabled(const Filter& filter) {
  return std::visit([](const auto& one) { return one.enabled; }, filter);
}

Json values_of(const Filter& filter) {
  Json values = std::visit(
      [](const auto& one) { return section_of<std::decay_t<decltype(one)>>().write(one, {.defaults = true}); }, filter);
  for (const char* key : {"type", "name", "enabled"}) values.erase(key);
  return values;
}

const std::string& own_name(const Filter& filter) {
  return std::visit([](const auto& one) -> const std::string& { return one.name; }, filter);
}

std::vector<std::string> filter_names(const std::vector<Filter>& filters) {
  std::set<std::string, std::less<>> taken;
  for (const Filter& filter : filters) {
    if (!own_name(filter).empty()) taken.insert(own_name(filter));
  }
  std::vector<std::string> names;
  for (const Filter& filter : filters) {
    std::string name = own_name(filter);
    if (name.empty()) {
      name = kind_of(filter);
      for (int n = 2; taken.contains(name); ++n) name = fmt::format("{} {}", kind_of(filter), n);
      taken.insert(name);
    }
    names.push_back(std::move(name));
  }
  return names;
}

std::string file_of(const Filter& filter) {
  return std::visit(
      [](const auto& one) -> std::string {
        if constexpr (requires { one.path; })
          return one.path;
        else
          return {};
      },
      filter);
}

}  // namespace mainstay::show
