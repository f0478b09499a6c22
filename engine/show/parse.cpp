#include "engine/show/parse.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "engine/show/document.h"
#include "engine/show/json_text.h"
#include "engine/show/ladder.h"
#include "engine/show/show_schema.h"

namespace mainstay::show {

namespace {

constexpr int kIndent = 2;

Parsed failed(std::string pointer, std::string message) {
  return {Show{}, {{std::move(pointer), std::move(message)}}};
}

bool needs_encode(const Show& show) {
  return !show.destinations.empty() || show.hls || show.record;
}

bool has(const Json& document, const char* key) {
  const auto encode = document.find("encode");
  return encode != document.end() && encode->is_object() && encode->contains(key);
}

Json to_value(const Show& show, const WriteOptions& options) {
  Json json = section_of<Show>().write(show, options);
  // An absent list of renditions would come back as the default one.
  if (needs_encode(show) && show.encode.video.empty()) json["encode"]["video"] = Json::array();
  if (needs_encode(show) && show.encode.audio.empty()) json["encode"]["audio"] = Json::array();
  return json;
}

std::string to_text(const Json& json) {
  return json.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string to_line(const ShowError& error) {
  return error.pointer.empty() ? error.message : error.pointer + ": " + error.message;
}

Parsed parse_show(std::string_view json) {
  JsonText text = parse_json(json);
  if (!text.value) return {Show{}, std::move(text.errors)};
  Parsed parsed = parse_value(*text.value);
  parsed.errors.insert(parsed.errors.begin(), text.errors.begin(), text.errors.end());
  if (!parsed.ok()) parsed.show = Show{};
  return parsed;
}

Parsed parse_value(const Json& document) {
  if (!document.is_object()) return failed("", "a show is a JSON object: { \"mainstay\": 1, … }");
  // Another version has other keys: one plain error instead of one for each of them.
  if (const auto version = document.find("mainstay");
      version != document.end() && version->is_number() && version->get<double>() > 1) {
    return failed("/mainstay", fmt::format("the show is written for version {} of the document, this program reads "
                                           "version 1: use a newer Mainstay",
                                           version->dump()));
  }

  Parsed parsed;
  Reader reader;
  const FieldInfo whole = [] {
    FieldInfo field;
    field.kind = FieldKind::object;
    return field;
  }();
  section_of<Show>().read(document, parsed.show, whole, reader);
  parsed.errors = std::move(reader).take();
  if (!parsed.ok()) {
    parsed.show = Show{};
    return parsed;
  }
  if (!parsed.show.encode.ladder.empty()) {
    parsed.show.encode.video = make_ladder(parsed.show.encode.ladder, parsed.show.program, parsed.show.encode.caps);
    parsed.show.encode.ladder.clear();
    if (!has(document, "audio")) parsed.show.encode.audio = {AudioEncode{}};
  } else if (needs_encode(parsed.show)) {
    if (!has(document, "video")) parsed.show.encode.video = {VideoEncode{}};
    if (!has(document, "audio")) parsed.show.encode.audio = {AudioEncode{}};
  }
  return parsed;
}

Parsed load_show(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0)
    return failed("", fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  if (S_ISDIR(status.st_mode)) return failed("", fmt::format("{} is a directory: name the show file in it", path));
  std::ifstream file(path, std::ios::binary);
  if (!file) return failed("", fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  std::string text(kMaxShowBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return failed("", fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  text.resize(static_cast<std::size_t>(file.gcount()));
  Parsed parsed = parse_show(text);
  // What is wrong with the document as a whole needs its name, as no pointer says where it is.
  for (ShowError& error : parsed.errors) {
    if (error.pointer.empty()) error.message = path + ": " + error.message;
  }
  return parsed;
}

std::string to_json(const Show& show, bool defaults) {
  return to_text(to_value(show, {.defaults = defaults, .mask = false}));
}

std::string redacted_json(const Show& show) {
  return to_text(redacted_value(show));
}

Json to_value(const Show& show) {
  return to_value(show, {.defaults = false, .mask = false});
}

Json redacted_value(const Show& show) {
  return to_value(show, {.defaults = false, .mask = true});
}

}  // namespace mainstay::show
