// Internal to engine/show: how a struct's fields are declared, and what follows from a declaration: JSON to struct,
// struct to JSON, and a walk over its texts. One declaration, nothing to keep in step by hand.
// Owned by the program image (constant tables).
// Thread-safety: immutable once built, so from any thread.
//
// A new section of the document: a struct with operator== in show.h, MAINSTAY_SECTION(Struct) in show_schema.h,
// section_of<Struct>() in a show_schema*.cpp, and one field() for it in its parent. Sections must not contain
// themselves: parents are built from their children.
#pragma once

#include <functional>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/time.h"
#include "engine/media/rate.h"
#include "engine/show/field_info.h"
#include "engine/show/parse.h"

namespace mainstay::show {

using Json = nlohmann::ordered_json;

/// Where in the document a reader is, and what it found wrong so far.
class Reader {
 public:
  /// Moves one step down for as long as it lives.
  class Step {
   public:
    Step(Reader& reader, std::string_view token);
    ~Step() { reader_.pointer_.resize(length_); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    Reader& reader_;
    std::size_t length_;
  };

  void fail(std::string message);
  /// "expected …, found …".
  void fail_expected(const FieldInfo& field, const Json& found);
  std::vector<ShowError> take() &&;

 private:
  std::string pointer_;
  std::vector<ShowError> errors_;
  std::size_t hidden_ = 0;
};

struct WriteOptions {
  bool defaults = false;  ///< also what holds its default
  bool mask = false;      ///< secrets as "***"
};

/// Sees each text of a section, and may change it.
using TextVisitor = std::function<void(const std::string& pointer, const FieldInfo& field, std::string& text)>;

/// An RFC 6901 pointer one step further.
std::string pointer_to(std::string_view parent, std::string_view token);

std::optional<std::int64_t> read_integer(const Json& json, const FieldInfo& field, Reader& reader);
std::optional<double> read_number(const Json& json, const FieldInfo& field, Reader& reader);
std::optional<std::string> read_text(const Json& json, const FieldInfo& field, Reader& reader);
std::optional<Rate> read_rate(const Json& json, const FieldInfo& field, Reader& reader);
std::string masked(const std::string& text, const FieldInfo& field);
/// False, with the error told, when `name` cannot name a source, scene, …
bool check_name(std::string_view name, Reader& reader);
std::string unknown_key(std::string_view key, const ObjectInfo& object);
/// What to do about an alternative's missing or unknown "type".
std::string unknown_type(const Json& object, const std::vector<const ObjectInfo*>& alternatives);
/// What each entry of a list or map has to be.
FieldInfo entry_of(const FieldInfo& field);
/// True when an object has more keys than `field` allows (the error is told).
bool too_many(std::size_t count, const FieldInfo& field, Reader& reader);

// --- the kinds of value -----------------------------------------------------------------------------------------

/// An enum's words in JSON: specialised in show_schema.h.
template <class E>
struct EnumWords;

/// True for structs with a section: specialised in show_schema.h.
template <class T>
inline constexpr bool kHasSection = false;

template <class T>
class Section;
template <class T>
const Section<T>& section_of();

/// Reads, writes and describes one type of value. No definition: the type cannot stand in a show.
template <class V, class = void>
struct ValueOf;

struct NoTexts {
  template <class V>
  static void visit(V&, const FieldInfo&, const std::string&, const TextVisitor&) {}
};

template <>
struct ValueOf<bool> : NoTexts {
  static void describe(FieldInfo& field) { field.kind = FieldKind::boolean; }
  static void read(const Json& json, bool& out, const FieldInfo& field, Reader& reader) {
    if (!json.is_boolean()) return reader.fail_expected(field, json);
    out = json.get<bool>();
  }
  static Json write(const bool& value, const FieldInfo&, const WriteOptions&) { return value; }
};

template <class V>
struct ValueOf<V, std::enable_if_t<std::is_integral_v<V> && !std::is_same_v<V, bool>>> : NoTexts {
  static void describe(FieldInfo& field) {
    field.kind = FieldKind::integer;
    if (!field.min) field.min = static_cast<double>(std::numeric_limits<std::int32_t>::min());
    if (!field.max) field.max = static_cast<double>(std::numeric_limits<std::int32_t>::max());
  }
  static void read(const Json& json, V& out, const FieldInfo& field, Reader& reader) {
    if (const auto value = read_integer(json, field, reader)) out = static_cast<V>(*value);
  }
  static Json write(const V& value, const FieldInfo&, const WriteOptions&) { return value; }
};

template <>
struct ValueOf<Millis> : NoTexts {
  static void describe(FieldInfo& field) {
    ValueOf<int>::describe(field);
    field.unit = "ms";
  }
  static void read(const Json& json, Millis& out, const FieldInfo& field, Reader& reader) {
    if (const auto value = read_integer(json, field, reader)) out = Millis(*value);
  }
  static Json write(const Millis& value, const FieldInfo&, const WriteOptions&) { return value.count(); }
};

template <>
struct ValueOf<double> : NoTexts {
  static void describe(FieldInfo& field) { field.kind = FieldKind::number; }
  static void read(const Json& json, double& out, const FieldInfo& field, Reader& reader) {
    if (const auto value = read_number(json, field, reader)) out = *value;
  }
  static Json write(const double& value, const FieldInfo&, const WriteOptions&);
};

inline Json ValueOf<double>::write(const double& value, const FieldInfo&, const WriteOptions&) {
  constexpr double kPlain = 1e15;  // up to here every whole number is exact: 4, not 4.0
  if (value > -kPlain && value < kPlain && value == static_cast<double>(static_cast<std::int64_t>(value)))
    return static_cast<std::int64_t>(value);
  return value;
}

template <>
struct ValueOf<Rate> : NoTexts {
  static void describe(FieldInfo& field) {
    field.kind = FieldKind::rate;
    field.unit = "frames/s";
  }
  static void read(const Json& json, Rate& out, const FieldInfo& field, Reader& reader) {
    if (const auto value = read_rate(json, field, reader)) out = *value;
  }
  static Json write(const Rate& value, const FieldInfo&, const WriteOptions&) { return value.str(); }
};

/// JSON as it is: parameters of commands only, never a key of the show.
template <>
struct ValueOf<Json> : NoTexts {
  static void describe(FieldInfo& field) { field.kind = FieldKind::any; }
  static void read(const Json& json, Json& out, const FieldInfo&, Reader&) { out = json; }
  static Json write(const Json& value, const FieldInfo&, const WriteOptions&) { return value; }
};

template <>
struct ValueOf<std::string> {
  static void describe(FieldInfo& field) { field.kind = field.words.empty() ? FieldKind::text : FieldKind::word; }
  static void read(const Json& json, std::string& out, const FieldInfo& field, Reader& reader) {
    if (auto value = read_text(json, field, reader)) out = std::move(*value);
  }
  static Json write(const std::string& value, const FieldInfo& field, const WriteOptions& options) {
    return options.mask ? masked(value, field) : value;
  }
  static void visit(std::string& value, const FieldInfo& field, const std::string& pointer, const TextVisitor& see) {
    see(pointer, field, value);
  }
};

template <class V>
struct ValueOf<V, std::enable_if_t<std::is_enum_v<V>>> : NoTexts {
  static void describe(FieldInfo& field) {
    field.kind = FieldKind::word;
    if (!field.words.empty()) return;
    for (const auto& [word, value] : EnumWords<V>::words) field.words.emplace_back(word);
  }
  static void read(const Json& json, V& out, const FieldInfo& field, Reader& reader) {
    const auto text = read_text(json, field, reader);
    if (!text) return;
    for (const auto& [word, value] : EnumWords<V>::words) {
      if (*text == word) out = value;
    }
  }
  static Json write(const V& value, const FieldInfo&, const WriteOptions&) {
    for (const auto& [word, candidate] : EnumWords<V>::words) {
      if (candidate == value) return std::string(word);
    }
    return nullptr;  // a value that no JSON can name: the reader will say so
  }
};

template <class V>
struct ValueOf<std::optional<V>> {
  static void describe(FieldInfo& field) {
    ValueOf<V>::describe(field);
    field.optional = true;
  }
  static void read(const Json& json, std::optional<V>& out, const FieldInfo& field, Reader& reader) {
    ValueOf<V>::read(json, out.emplace(), field, reader);
  }
  static Json write(const std::optional<V>& value, const FieldInfo& field, const WriteOptions& options) {
    return value ? ValueOf<V>::write(*value, field, options) : Json();
  }
  static void visit(std::optional<V>& value, const FieldInfo& field, const std::string& pointer,
                    const TextVisitor& see) {
    if (value) ValueOf<V>::visit(*value, field, pointer, see);
  }
};

template <class V>
struct ValueOf<std::vector<V>> {
  static void describe(FieldInfo& field) {
    ValueOf<V>::describe(field);
    field.shape = FieldShape::list;
  }
  static void read(const Json& json, std::vector<V>& out, const FieldInfo& field, Reader& reader) {
    if (!json.is_array()) return reader.fail_expected(field, json);
    if (too_many(json.size(), field, reader)) return;
    out.clear();
    const FieldInfo entry = entry_of(field);
    for (std::size_t i = 0; i < json.size(); ++i) {
      const Reader::Step step(reader, std::to_string(i));
      ValueOf<V>::read(json[i], out.emplace_back(), entry, reader);
    }
  }
  static Json write(const std::vector<V>& value, const FieldInfo& field, const WriteOptions& options) {
    Json json = Json::array();
    for (const V& entry : value) json.push_back(ValueOf<V>::write(entry, field, options));
    return json;
  }
  static void visit(std::vector<V>& value, const FieldInfo& field, const std::string& pointer, const TextVisitor& see) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      ValueOf<V>::visit(value[i], field, pointer_to(pointer, std::to_string(i)), see);
    }
  }
};

template <class V>
struct ValueOf<std::map<std::string, V>> {
  static void describe(FieldInfo& field) {
    ValueOf<V>::describe(field);
    field.shape = FieldShape::map;
  }
  static void read(const Json& json, std::map<std::string, V>& out, const FieldInfo& field, Reader& reader) {
    if (!json.is_object()) return reader.fail_expected(field, json);
    if (too_many(json.size(), field, reader)) return;
    out.clear();
    const FieldInfo entry = entry_of(field);
    for (const auto& [name, value] : json.items()) {
      const Reader::Step step(reader, name);
      if (check_name(name, reader)) ValueOf<V>::read(value, out[name], entry, reader);
    }
  }
  static Json write(const std::map<std::string, V>& value, const FieldInfo& field, const WriteOptions& options) {
    Json json = Json::object();
    for (const auto& [name, entry] : value) json[name] = ValueOf<V>::write(entry, field, options);
    return json;
  }
  static void visit(std::map<std::string, V>& value, const FieldInfo& field, const std::string& pointer,
                    const TextVisitor& see) {
    for (auto& [name, entry] : value) ValueOf<V>::visit(entry, field, pointer_to(pointer, name), see);
  }
};

// --- sections ---------------------------------------------------------------------------------------------------

template <class T>
class Section {
 public:
  Section(std::string name, std::string help) {
    info_.name = std::move(name);
    info_.help = std::move(help);
  }

  template <class V>
  Section& field(std::string key, V T::*member, FieldSpec spec) {
    FieldInfo info;
    static_cast<FieldSpec&>(info) = std::move(spec);
    info.key = std::move(key);
    ValueOf<V>::describe(info);
    static const T initial{};
    if (!info.required) {
      const Json json = ValueOf<V>::write(initial.*member, info, {.defaults = true, .mask = false});
      if (!json.is_null()) info.default_json = json.dump();
    }
    info_.fields.push_back(std::move(info));
    accessors_.push_back({
        [member](const Json& json, T& out, const FieldInfo& f, Reader& r) {
          ValueOf<V>::read(json, out.*member, f, r);
        },
        [member](const T& in, const FieldInfo& f, const WriteOptions& o) {
          return ValueOf<V>::write(in.*member, f, o);
        },
        [member](T& in, const FieldInfo& f, const std::string& pointer, const TextVisitor& see) {
          ValueOf<V>::visit(in.*member, f, pointer, see);
        },
        [member](const T& in) { return in.*member == initial.*member; },
    });
    return *this;
  }

  /// A plain text in place of the object stands for this (text) field alone.
  Section& shorthand(std::string key) {
    info_.shorthand = std::move(key);
    return *this;
  }
  /// One of several that the key "type" tells apart.
  Section& alternative(std::string family = "source") {
    info_.alternative = true;
    info_.family = std::move(family);
    return *this;
  }

  const ObjectInfo& info() const { return info_; }

  void read(const Json& json, T& out, const FieldInfo& place, Reader& reader) const {
    if (json.is_string() && !info_.shorthand.empty()) {
      const std::size_t i = index_of(info_.shorthand);
      return accessors_[i].read(json, out, info_.fields[i], reader);
    }
    if (!json.is_object()) return reader.fail_expected(place, json);
    for (const auto& [key, value] : json.items()) {
      if (info_.alternative && key == "type") continue;
      const std::size_t i = index_of(key);
      const Reader::Step step(reader, key);
      if (i < accessors_.size()) {
        accessors_[i].read(value, out, info_.fields[i], reader);
      } else {
        reader.fail(unknown_key(key, info_));
      }
    }
    for (const FieldInfo& field : info_.fields) {
      if (field.required && !json.contains(field.key)) {
        reader.fail("\"" + field.key + "\" is missing: " + expectation(field));
      }
    }
  }

  Json write(const T& in, const WriteOptions& options) const {
    Json json = Json::object();
    if (info_.alternative) json["type"] = info_.name;
    std::size_t written = 0;
    for (std::size_t i = 0; i < accessors_.size(); ++i) {
      const FieldInfo& field = info_.fields[i];
      if (!options.defaults && !field.always && !field.required && accessors_[i].is_default(in)) continue;
      Json value = accessors_[i].write(in, field, options);
      if (value.is_null()) continue;
      json[field.key] = std::move(value);
      ++written;
    }
    if (written == 1 && !options.defaults && json.contains(info_.shorthand)) return json[info_.shorthand];
    return json;
  }

  void visit(T& in, const std::string& pointer, const TextVisitor& see) const {
    for (std::size_t i = 0; i < accessors_.size(); ++i) {
      accessors_[i].visit(in, info_.fields[i], pointer_to(pointer, info_.fields[i].key), see);
    }
  }

 private:
  struct Accessor {
    std::function<void(const Json&, T&, const FieldInfo&, Reader&)> read;
    std::function<Json(const T&, const FieldInfo&, const WriteOptions&)> write;
    std::function<void(T&, const FieldInfo&, const std::string&, const TextVisitor&)> visit;
    std::function<bool(const T&)> is_default;
  };

  std::size_t index_of(std::string_view key) const {
    for (std::size_t i = 0; i < info_.fields.size(); ++i) {
      if (info_.fields[i].key == key) return i;
    }
    return info_.fields.size();
  }

  ObjectInfo info_;
  std::vector<Accessor> accessors_;
};

template <class T>
struct ValueOf<T, std::enable_if_t<kHasSection<T>>> {
  static void describe(FieldInfo& field) {
    field.kind = FieldKind::object;
    field.objects = {&section_of<T>().info()};
  }
  static void read(const Json& json, T& out, const FieldInfo& field, Reader& reader) {
    section_of<T>().read(json, out, field, reader);
  }
  static Json write(const T& value, const FieldInfo&, const WriteOptions& options) {
    return section_of<T>().write(value, options);
  }
  static void visit(T& value, const FieldInfo&, const std::string& pointer, const TextVisitor& see) {
    section_of<T>().visit(value, pointer, see);
  }
};

/// Alternatives: objects told apart by "type".
template <class... T>
struct ValueOf<std::variant<T...>> {
  static void describe(FieldInfo& field) {
    field.kind = FieldKind::object;
    field.objects = {&section_of<T>().info()...};
  }
  static void read(const Json& json, std::variant<T...>& out, const FieldInfo& field, Reader& reader) {
    if (!json.is_object()) return reader.fail_expected(field, json);
    const auto type = json.find("type");
    const bool known = type != json.end() && type->is_string() &&
                       (read_as<T>(type->template get_ref<const std::string&>(), json, out, field, reader) || ...);
    if (!known) reader.fail(unknown_type(json, field.objects));
  }
  static Json write(const std::variant<T...>& value, const FieldInfo&, const WriteOptions& options) {
    return std::visit([&](const auto& v) { return section_of<std::decay_t<decltype(v)>>().write(v, options); }, value);
  }
  static void visit(std::variant<T...>& value, const FieldInfo&, const std::string& pointer, const TextVisitor& see) {
    std::visit([&](auto& v) { section_of<std::decay_t<decltype(v)>>().visit(v, pointer, see); }, value);
  }

 private:
  template <class A>
  static bool read_as(const std::string& type, const Json& json, std::variant<T...>& out, const FieldInfo& field,
                      Reader& reader) {
    if (type != section_of<A>().info().name) return false;
    section_of<A>().read(json, out.template emplace<A>(), field, reader);
    return true;
  }
};

}  // namespace mainstay::show
