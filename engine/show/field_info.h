// What is known of each key of the show document besides its value: type, default, range, unit, help. Made from the
// declarations in show_schema*.cpp; the reference page, the window and the command line read it.
// Owned by the program image (constant tables).
// Thread-safety: immutable, so from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mainstay::show {

enum class FieldKind { boolean, integer, number, text, word, rate, object, any };  // any: whatever JSON holds
enum class FieldShape { single, list, map };

/// What a section's declaration says of one key; the rest of FieldInfo follows from the member's type.
struct FieldSpec {
  std::optional<double> min = {};  ///< integers and numbers; a list's or map's limits are those of its entries
  std::optional<double> max = {};
  int multiple_of = 1;
  std::vector<std::int64_t> numbers = {};  ///< the only integers allowed
  std::vector<std::string> words = {};     ///< the only texts allowed; of an enum: of its words, those allowed here
  bool (*accepts)(std::string_view) = nullptr;  ///< further rule for a text, said in `format`
  std::string format = {};
  bool lines = false;           ///< a text of several lines: line breaks may stand in it
  std::size_t max_items = 256;  ///< of a list or map
  std::string unit = {};
  std::string help = {};
  bool required = false;
  bool always = false;      ///< written out even when it holds its default
  bool secret = false;      ///< never shown: not in a message, log, report or redacted document
  bool url = false;         ///< an address; may carry secrets in its path and query
  bool references = false;  ///< ${secret:NAME} and ${env:NAME} are resolved at use
  int since = 1;            ///< version of the document that brought it
};

struct ObjectInfo;

struct FieldInfo : FieldSpec {
  std::string key;
  FieldKind kind = FieldKind::text;
  FieldShape shape = FieldShape::single;
  bool optional = false;     ///< may be absent and then has no value at all
  std::string default_json;  ///< empty: none
  /// Kind object: its type; several: alternatives, told apart by their key "type".
  std::vector<const ObjectInfo*> objects;
};

struct ObjectInfo {
  std::string name;  ///< "program"; of an alternative also the value of its key "type"
  std::string help;
  bool alternative = false;
  std::string family = {};  ///< of an alternative, what it is one of: "source"
  std::string shorthand;  ///< key that a plain text in place of the object stands for; empty: none
  std::vector<FieldInfo> fields;
};

/// The whole document, from the top.
const ObjectInfo& show_info();

/// "a whole number from 16 to 8192 px", "one of low, classic": what a value of this field has to be.
std::string expectation(const FieldInfo& field);

}  // namespace mainstay::show
