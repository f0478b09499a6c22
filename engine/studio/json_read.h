// Reads what may be in a JSON that comes from elsewhere (a newer or older program): what is missing, or is something
// else, leaves the value as it was.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <optional>
#include <string>
#include <type_traits>

#include "engine/show/section.h"

namespace mainstay::json_read {

using show::Json;

/// Null when there is none.
inline const Json& at(const Json& json, const char* key) {
  static const Json none;
  if (!json.is_object()) return none;
  const auto found = json.find(key);
  return found == json.end() ? none : *found;
}

/// Its members, by name; of what is no object none.
inline const Json& object_at(const Json& json, const char* key) {
  static const Json none = Json::object();
  const Json& value = at(json, key);
  return value.is_object() ? value : none;
}

/// Its entries; of what is no list none.
inline const Json& list_at(const Json& json, const char* key) {
  static const Json none = Json::array();
  const Json& value = at(json, key);
  return value.is_array() ? value : none;
}

inline void read(const Json& json, const char* key, std::string& out) {
  if (const Json& value = at(json, key); value.is_string()) out = value.get<std::string>();
}
inline void read(const Json& json, const char* key, bool& out) {
  if (const Json& value = at(json, key); value.is_boolean()) out = value.get<bool>();
}
template <class Number>
requires std::is_arithmetic_v<Number>
void read(const Json& json, const char* key, Number& out) {
  const Json& value = at(json, key);
  if (std::is_integral_v<Number> ? value.is_number_integer() : value.is_number()) out = value.get<Number>();
}
inline void read(const Json& json, const char* key, std::optional<double>& out) {
  if (const Json& value = at(json, key); value.is_number()) out = value.get<double>();
}

}  // namespace mainstay::json_read
