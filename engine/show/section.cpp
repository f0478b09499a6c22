#include "engine/show/section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/show/references.h"
#include "engine/show/suggest.h"
#include "engine/show/url.h"

namespace mainstay::show {

namespace {

constexpr std::size_t kMostErrors = 500;
constexpr std::size_t kLongestName = 128;
constexpr double kLargestExact = 9007199254740992.0;  // 2^53: beyond, a JSON number may stand for a neighbour

bool has_control_character(std::string_view text, bool lines = false) {
  return std::any_of(text.begin(), text.end(), [lines](char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (lines && (c == '\n' || c == '\t')) return false;
    return byte < 0x20 || byte == 0x7F;
  });
}

std::string found_text(const Json& json, const FieldInfo& field) {
  switch (json.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::boolean:
      return json.get<bool>() ? "true" : "false";
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "a list";
    case Json::value_t::string: {
      if (field.secret || field.url) return "a text (not shown, as it may be secret)";
      const std::string& text = json.get_ref<const std::string&>();
      return text.empty() ? "an empty text" : "the text " + in_quotes(text);
    }
    default:
      return field.secret ? "a number (not shown, as it may be secret)" : json.dump();
  }
}

std::string range_text(const FieldInfo& field) {
  if (field.min && field.max) return fmt::format(" from {} to {}", *field.min, *field.max);
  if (field.min) return fmt::format(" of at least {}", *field.min);
  if (field.max) return fmt::format(" of at most {}", *field.max);
  return "";
}

std::string one_value(const FieldInfo& field) {
  const std::string unit = field.unit.empty() ? "" : " " + field.unit;
  switch (field.kind) {
    case FieldKind::boolean:
      return "true or false";
    case FieldKind::integer:
      if (!field.numbers.empty()) return fmt::format("one of {}{}", fmt::join(field.numbers, ", "), unit);
      if (field.multiple_of == 2) return "an even number" + range_text(field) + unit;
      if (field.multiple_of > 1) return fmt::format("a multiple of {}{}{}", field.multiple_of, range_text(field), unit);
      return "a whole number" + range_text(field) + unit;
    case FieldKind::number:
      return "a number" + range_text(field) + unit;
    case FieldKind::text:
      return field.format.empty() ? "a text" : field.format;
    case FieldKind::word:
      return "one of " + listed(field.words);
    case FieldKind::rate:
      return "a frame rate as \"30/1\", \"30000/1001\", 30 or 29.97";
    case FieldKind::any:
      return "any JSON value";
    case FieldKind::object:
      break;
  }
  if (field.objects.size() > 1) return "an object with a \"type\"";
  if (!field.objects.empty() && !field.objects[0]->shorthand.empty())
    return fmt::format("an object, or its \"{}\" as a text", field.objects[0]->shorthand);
  return "an object";
}

// One message for a number outside its range, whole or not.
bool in_range(double value, const FieldInfo& field) {
  return !(field.min && value < *field.min) && !(field.max && value > *field.max);
}

}  // namespace

std::string expectation(const FieldInfo& field) {
  if (field.shape == FieldShape::list) return "a list, each entry " + one_value(field);
  if (field.shape == FieldShape::map) return "an object of names, each with " + one_value(field);
  return one_value(field);
}

std::string pointer_to(std::string_view parent, std::string_view token) {
  std::string out(parent);
  out += '/';
  for (const char c : token) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));  // errors are one line each
    } else {
      out += c;
    }
  }
  return out;
}

Reader::Step::Step(Reader& reader, std::string_view token) : reader_(reader), length_(reader.pointer_.size()) {
  reader_.pointer_ = pointer_to(reader_.pointer_, token.substr(0, kLongestName));
}

void Reader::fail(std::string message) {
  if (errors_.size() < kMostErrors) {
    errors_.push_back({pointer_, std::move(message)});
  } else {
    ++hidden_;
  }
}

void Reader::fail_expected(const FieldInfo& field, const Json& found) {
  fail(fmt::format("expected {}, found {}", expectation(field), found_text(found, field)));
}

FieldInfo entry_of(const FieldInfo& field) {
  FieldInfo entry = field;
  entry.shape = FieldShape::single;
  return entry;
}

std::vector<ShowError> Reader::take() && {
  if (hidden_ > 0) errors_.push_back({"", fmt::format("{} further errors are not listed", hidden_)});
  return std::move(errors_);
}

std::optional<std::int64_t> read_integer(const Json& json, const FieldInfo& field, Reader& reader) {
  double value = 0;
  if (json.is_number_float()) {
    value = json.get<double>();
    if (value != std::floor(value)) return reader.fail_expected(field, json), std::nullopt;
  } else if (json.is_number()) {
    value = json.is_number_unsigned() ? static_cast<double>(json.get<std::uint64_t>())
                                      : static_cast<double>(json.get<std::int64_t>());
  } else {
    return reader.fail_expected(field, json), std::nullopt;
  }
  const bool listed_value =
      field.numbers.empty() ||
      std::any_of(field.numbers.begin(), field.numbers.end(), [&](auto n) { return static_cast<double>(n) == value; });
  if (!in_range(value, field) || std::abs(value) > kLargestExact || !listed_value)
    return reader.fail_expected(field, json), std::nullopt;
  const auto whole = static_cast<std::int64_t>(value);
  if (whole % field.multiple_of != 0) return reader.fail_expected(field, json), std::nullopt;
  return whole;
}

std::optional<double> read_number(const Json& json, const FieldInfo& field, Reader& reader) {
  if (!json.is_number()) return reader.fail_expected(field, json), std::nullopt;
  const double value = json.get<double>();
  if (!std::isfinite(value) || !in_range(value, field)) return reader.fail_expected(field, json), std::nullopt;
  return value;
}

std::optional<std::string> read_text(const Json& json, const FieldInfo& field, Reader& reader) {
  if (!json.is_string()) return reader.fail_expected(field, json), std::nullopt;
  std::string text = json.get<std::string>();
  if (has_control_character(text, field.lines)) {
    reader.fail(field.lines ? "the text holds a control character: remove it"
                            : "the text holds a control character (a line break, tab or the like): remove it");
    return std::nullopt;
  }
  if (field.kind == FieldKind::word && std::find(field.words.begin(), field.words.end(), text) == field.words.end()) {
    const std::string near = nearest(text, field.words);
    reader.fail(fmt::format("expected {}, found {}{}", one_value(field), found_text(json, field),
                            near.empty() ? "" : fmt::format(": did you mean \"{}\"?", near)));
    return std::nullopt;
  }
  if (field.accepts != nullptr && !field.accepts(text) && !(field.references && has_reference(text)))
    return reader.fail_expected(field, json), std::nullopt;
  return text;
}

std::optional<Rate> read_rate(const Json& json, const FieldInfo& field, Reader& reader) {
  std::string text;
  if (json.is_string()) {
    text = json.get<std::string>();
  } else if (json.is_number_float()) {
    text = fmt::format("{}", json.get<double>());
    if (text.ends_with(".0")) text.resize(text.size() - 2);
  } else if (json.is_number()) {
    text = json.dump();
  } else {
    return reader.fail_expected(field, json), std::nullopt;
  }
  const Result<Rate> rate = Rate::parse(text);
  if (!rate) return reader.fail_expected(field, json), std::nullopt;
  if (!in_range(rate->fps(), field)) {
    reader.fail(fmt::format("expected a frame rate{} frames/s, found {}", range_text(field), text));
    return std::nullopt;
  }
  return *rate;
}

std::string masked(const std::string& text, const FieldInfo& field) {
  if (field.url) return redact_url(text);
  return field.secret && !text.empty() && !is_only_references(text) ? "***" : text;
}

bool check_name(std::string_view name, Reader& reader) {
  if (name.empty()) {
    reader.fail("a name must not be empty");
  } else if (name.size() > kLongestName) {
    reader.fail(fmt::format("a name has at most {} bytes, this one has {}", kLongestName, name.size()));
  } else if (has_control_character(name)) {
    reader.fail("the name holds a control character (a line break, tab or the like)");
  } else {
    return true;
  }
  return false;
}

std::string unknown_key(std::string_view key, const ObjectInfo& object) {
  std::vector<std::string> known;
  for (const FieldInfo& field : object.fields) known.push_back(field.key);
  return fmt::format("unknown key {}{}", in_quotes(key), hint(key, known));
}

std::string unknown_type(const Json& object, const std::vector<const ObjectInfo*>& alternatives) {
  std::vector<std::string> words;
  for (const ObjectInfo* alternative : alternatives) words.push_back(alternative->name);
  const auto type = object.find("type");
  if (type == object.end()) return "\"type\" is missing: one of " + listed(words);
  if (!type->is_string()) return "\"type\" must be one of " + listed(words);
  const std::string& text = type->get_ref<const std::string&>();
  return fmt::format("unknown type {}{}", in_quotes(text), hint(text, words));
}

bool too_many(std::size_t count, const FieldInfo& field, Reader& reader) {
  if (count <= field.max_items) return false;
  reader.fail(fmt::format("{} entries are too many: at most {}", count, field.max_items));
  return true;
}

}  // namespace mainstay::show
