#include "tests/engine/remote/obs/shapes.h"

#include <set>

namespace mainstay::obs {

namespace {

bool is(const Json& value, const std::string& type) {
  if (type == "any") return true;
  if (type == "string") return value.is_string();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  return false;
}

// The bracketed part that begins at `at`, without its brackets; moves `at` past it.
std::string bracketed(const std::string& text, std::size_t& at) {
  int depth = 0;
  const std::size_t begin = at + 1;
  for (; at < text.size(); ++at) {
    if (text[at] == '[' || text[at] == '{') ++depth;
    if ((text[at] == ']' || text[at] == '}') && --depth == 0) break;
  }
  return text.substr(begin, at++ - begin);
}

}  // namespace

std::vector<std::string> breaches(const Json& value, const std::string& shape, const std::string& where) {
  std::vector<std::string> out;
  const auto say = [&out, &where](const std::string& what) { out.push_back(where + ": " + what); };
  const auto inner = [&out](std::vector<std::string> more) { out.insert(out.end(), more.begin(), more.end()); };
  if (!value.is_object()) return {where + ": is no object"};
  std::set<std::string> known;
  std::size_t at = 0;
  while (at < shape.size()) {
    if (shape[at] == ' ') {
      ++at;
      continue;
    }
    const std::size_t colon = shape.find(':', at);
    const std::string name = shape.substr(at, colon - at);
    at = colon + 1;
    known.insert(name);
    const Json found = value.contains(name) ? value[name] : Json("(absent)");
    if (!value.contains(name)) say(name + " is absent");
    if (shape[at] == '[' || shape[at] == '{') {
      const bool list = shape[at] == '[';
      const std::string fields = bracketed(shape, at);
      if (!list) {
        inner(breaches(found, fields, where + "/" + name));
      } else if (!found.is_array()) {
        say(name + " is no array");
      } else {
        for (const Json& entry : found) inner(breaches(entry, fields, where + "/" + name));
      }
      continue;
    }
    const std::size_t end = std::min(shape.find(' ', at), shape.size());
    std::string type = shape.substr(at, end - at);
    at = end;
    const bool nullable = type.back() == '?';
    if (nullable) type.pop_back();
    if (!is(found, type) && !(nullable && found.is_null())) say(name + " is no " + type + ": " + found.dump());
  }
  for (const auto& [name, entry] : value.items()) {
    if (!known.contains(name)) say(name + " is not documented");
  }
  return out;
}

}  // namespace mainstay::obs
