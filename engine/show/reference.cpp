#include "engine/show/reference.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "engine/show/caps.h"
#include "engine/show/field_info.h"
#include "engine/show/parse.h"
#include "resources/resources.h"

namespace mainstay::show {

namespace {

constexpr const char* kIntroduction =
    R"(# The show document

A show is one JSON file (UTF-8, at most {} MiB): what is shown, how it is encoded and where it is sent. `mainstay check
SHOW` says everything that is wrong with one; a show with an error is never used, not even in part. Every section but
`program` and `sources` is optional.

- A key's unit is the end of its name: `_ms` milliseconds, `_s` seconds, `_kbps` (or `kbps`) 1000 bits a second, `_hz`,
  `_db` (dBFS).
- Relative paths are relative to the show file.
- `${{secret:NAME}}` and `${{env:NAME}}` in keys marked *reference* are replaced when they are used: NAME from
  `~/.config/mainstay/secrets.json` (a JSON object of names and texts that only its owner can read: `chmod 600`), or from
  the environment. Keys marked *secret* are shown as `***` everywhere.

This page is generated from the declarations in `engine/show/show_schema*.cpp`: `mainstay reference show > docs/show.md`.

## Example

```json
{}```
)";

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string anchor(const std::string& title) {
  std::string out;
  for (const char c : title) out += c == ' ' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::string title_of(const ObjectInfo& object) {
  return object.alternative ? object.family + " " + object.name : object.name;
}

std::string link_to(const ObjectInfo& object) {
  return fmt::format("[{}](#{})", title_of(object), anchor(title_of(object)));
}

std::string one_type(const FieldInfo& field) {
  switch (field.kind) {
    case FieldKind::boolean:
      return "true or false";
    case FieldKind::integer:
      return "integer";
    case FieldKind::number:
      return "number";
    case FieldKind::text:
    case FieldKind::word:
      return "text";
    case FieldKind::rate:
      return "rate";
    case FieldKind::any:
      return "any JSON value";
    case FieldKind::object:
      break;
  }
  std::string types;
  for (const ObjectInfo* object : field.objects) types += (types.empty() ? "" : ", ") + link_to(*object);
  return types;
}

std::string type_of(const FieldInfo& field) {
  std::string type = one_type(field);
  if (field.shape == FieldShape::list) type = "list of " + type;
  if (field.shape == FieldShape::map) type = "names → " + type;
  if (field.secret) type += ", *secret*";
  if (field.references) type += ", *reference*";
  return type;
}

std::string default_of(const FieldInfo& field) {
  if (field.required) return "**required**";
  if (field.optional || field.default_json.empty() || field.kind == FieldKind::object) return "–";
  return "`" + escaped(field.default_json) + "`";
}

std::string range_of(const FieldInfo& field) {
  const std::string unit = field.unit.empty() ? "" : " " + field.unit;
  if (field.kind == FieldKind::word || !field.words.empty()) {
    std::string words;
    for (const std::string& word : field.words) words += (words.empty() ? "`" : ", `") + word + "`";
    return words;
  }
  if (!field.numbers.empty()) {
    std::string numbers;
    for (const auto number : field.numbers) numbers += (numbers.empty() ? "" : ", ") + std::to_string(number);
    return numbers + unit;
  }
  if (!field.format.empty()) return escaped(field.format);
  if (field.shape != FieldShape::single && field.kind != FieldKind::integer)
    return fmt::format("at most {}", field.max_items);
  if (!field.min || !field.max) return unit.empty() ? "" : unit.substr(1);
  return fmt::format("{} … {}{}{}", *field.min, *field.max, unit, field.multiple_of == 2 ? ", even" : "");
}

void add_object(const ObjectInfo& object, std::string& out) {
  out += fmt::format("\n## {}\n\n{}\n", title_of(object), object.help);
  if (object.alternative) out += fmt::format("Told by `\"type\": \"{}\"`.\n", object.name);
  if (!object.shorthand.empty())
    out += fmt::format("A plain text in place of the object stands for its `{}`.\n", object.shorthand);
  out += "\n| key | type | default | range | what it is |\n|---|---|---|---|---|\n";
  for (const FieldInfo& field : object.fields) {
    const std::string since = field.since > 1 ? fmt::format(" (since version {} of the document)", field.since) : "";
    out += fmt::format("| `{}` | {} | {} | {} | {}{} |\n", field.key, type_of(field), default_of(field),
                       range_of(field), escaped(field.help), since);
  }
}

// Each object once, children after their parents.
void collect(const ObjectInfo& object, std::vector<const ObjectInfo*>& found) {
  if (std::find(found.begin(), found.end(), &object) != found.end()) return;
  found.push_back(&object);
  for (const FieldInfo& field : object.fields) {
    for (const ObjectInfo* child : field.objects) collect(*child, found);
  }
}

template <class T>
std::string cell(const std::optional<T>& value) {
  if constexpr (std::is_same_v<T, Rate>) {
    return value ? value->str() : "";
  } else {
    return value ? fmt::format("{}", *value) : "";
  }
}

void add_presets(std::string& out) {
  out +=
      "\n## Caps presets\n\nNames for `caps`. They are what the named page says, taken down at the date given; a "
      "platform may have changed them\nsince.\n\n"
      "| preset | video kb/s | audio kb/s | channels | height | rate | key frames ≤ s | B-frames | profile | level |\n"
      "|---|---|---|---|---|---|---|---|---|---|\n";
  for (const CapsPreset& preset : caps_presets()) {
    const Caps& c = preset.caps;
    out += fmt::format("| `{}` | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", preset.name, cell(c.max_video_kbps),
                       cell(c.max_audio_kbps), cell(c.max_audio_channels), cell(c.max_height), cell(c.max_rate),
                       cell(c.max_keyint_s), cell(c.max_bframes), cell(c.max_profile), cell(c.max_level));
  }
  out += '\n';
  for (const CapsPreset& preset : caps_presets())
    out += fmt::format("- `{}`: {} Source: {}.\n", preset.name, preset.description, preset.source);
}

}  // namespace

std::string reference_markdown() {
  std::string out = fmt::format(kIntroduction, kMaxShowBytes >> 20, resource("presets/example_show.json"));
  std::vector<const ObjectInfo*> objects;
  collect(show_info(), objects);
  for (const ObjectInfo* object : objects) add_object(*object, out);
  add_presets(out);
  return out;
}

}  // namespace mainstay::show
