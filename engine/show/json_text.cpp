#include "engine/show/json_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <string>

#include "engine/show/suggest.h"

namespace mainstay::show {

namespace {

constexpr std::size_t kMostKeys = 1024;   // in one object: a key is looked up by walking over them
constexpr std::size_t kMostErrors = 100;  // of duplicate keys
constexpr std::size_t kMostValues = 500'000;

struct Place {
  std::size_t line;
  std::size_t column;
};

// Column in bytes, as most editors jump to; both from 1.
Place place_of(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const std::size_t last = before.rfind('\n');
  return {line, before.size() - (last == std::string_view::npos ? 0 : last + 1) + 1};
}

// Builds the value as the library's own builder would, but watches the limits, which that one does not.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  explicit Builder(std::string_view text) : text_(text) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool binary(binary_t&) override { return stop("binary data has no place in a show"); }
  bool string(string_t& value) override {
    if (value.size() > kMaxShowText) return stop(fmt::format("a text is longer than {} bytes", kMaxShowText));
    return add(std::move(value));
  }

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    if (name.size() > kMaxShowText) return stop(fmt::format("a key is longer than {} bytes", kMaxShowText));
    Level& level = levels_.back();
    if (level.keys.size() == kMostKeys) return stop(fmt::format("an object has more than {} keys", kMostKeys));
    level.key = name;
    if (!level.keys.insert(name).second && errors_.size() < kMostErrors)
      errors_.push_back(
          {pointer(), fmt::format("the key {} stands twice in this object: remove one", in_quotes(name))});
    return true;
  }

  bool parse_error(std::size_t byte, const std::string&, const nlohmann::detail::exception& error) override {
    const Place place = place_of(text_, byte == 0 ? 0 : byte - 1);
    if (error.id == 406) return syntax(place, "a number is too large");
    // The library's text names what it read, which may be half a secret: only its kind of complaint is passed on.
    std::string_view what = error.what();
    what = what.substr(0, what.find("; last read"));
    if (what.find("unexpected end of input") != std::string_view::npos || byte > text_.size())
      return syntax(place, "the document ends in the middle: was the file written completely?");
    if (const std::size_t reason = what.find(" - "); reason != std::string_view::npos)
      return syntax(place, fmt::format("not valid JSON: {}", what.substr(reason + 3)));
    return syntax(place, "not valid JSON");
  }

  JsonText take() && {
    if (failed_) return {std::nullopt, std::move(errors_)};
    return {std::move(root_), std::move(errors_)};
  }

 private:
  struct Level {
    Json* value;
    std::string key;
    std::set<std::string> keys;
  };

  std::string pointer() const {
    std::string out;
    for (const Level& level : levels_) {
      if (level.value->is_object()) {
        out = pointer_to(out, std::string_view(level.key).substr(0, 128));
      } else if (!level.value->empty()) {
        out = pointer_to(out, std::to_string(level.value->size() - 1));
      }
    }
    return out;
  }

  bool stop(std::string message) {
    errors_.push_back({pointer(), std::move(message)});
    failed_ = true;
    return false;
  }

  // A broken document has one error: what came before may be broken too, but nobody can tell.
  bool syntax(Place place, std::string_view message) {
    errors_ = {{"", fmt::format("line {}, column {}: {}", place.line, place.column, message)}};
    failed_ = true;
    return false;
  }

  Json* insert(Json value) {
    if (levels_.empty()) return &(root_ = std::move(value));
    Level& level = levels_.back();
    if (level.value->is_array()) return &level.value->emplace_back(std::move(value));
    Json& slot = (*level.value)[level.key];
    slot = std::move(value);
    return &slot;
  }

  bool add(Json value) {
    if (++values_ > kMostValues) return stop(fmt::format("the document holds more than {} values", kMostValues));
    insert(std::move(value));
    return true;
  }

  bool open(Json value) {
    if (++values_ > kMostValues) return stop(fmt::format("the document holds more than {} values", kMostValues));
    if (levels_.size() == kMaxShowNesting)
      return stop(fmt::format("objects and lists are nested deeper than {} levels", kMaxShowNesting));
    levels_.push_back({insert(std::move(value)), {}, {}});
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  const std::string_view text_;
  Json root_;
  std::vector<Level> levels_;
  std::vector<ShowError> errors_;
  std::size_t values_ = 0;
  bool failed_ = false;
};

}  // namespace

JsonText parse_json(std::string_view text) {
  if (text.size() > kMaxShowBytes)
    return {std::nullopt, {{"", fmt::format("the document has more than {} MiB", kMaxShowBytes >> 20)}}};
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return {std::nullopt, {{"", "the document is empty"}}};
  Builder builder(text);
  Json::sax_parse(text.begin(), text.end(), &builder);
  return std::move(builder).take();
}

}  // namespace mainstay::show
