#include "engine/studio/probe.h"

#include "engine/ffi/av/media_reader.h"
#include "engine/ffi/pango/zone_time.h"
#include "engine/show/paths.h"
#include "engine/show/section.h"
#include "engine/sources/image_file.h"
#include "engine/sources/still_source.h"

namespace mainstay {

namespace {

struct Trouble {
  const char* key;
  Error error;
};
using Found = std::optional<Trouble>;

template <class T>
Found trouble(const char* key, const Result<T>& result) {
  return result ? std::nullopt : Found({key, result.error()});
}

struct Place {
  const std::string& name;
  const std::string& show_dir;
  Log& log;
};

/// One tick of a source whose picture stands, off the air.
Found try_still(StillSource::Load load, const char* key) {
  return trouble(key, load());
}

Found try_source(const show::ImageSource& image, const Place& place) {
  return trouble("path", load_image(show::expand_path(image.path, place.show_dir)));
}

Found try_source(const show::FileSource& file, const Place& place) {
  ffi::MediaReaderOptions options;
  options.name = "source " + place.name;
  options.path = show::expand_path(file.path, place.show_dir);
  options.hw = "none";
  options.threads = 1;
  return trouble("path", ffi::MediaReader::make(std::move(options), place.log)->open());
}

Found try_source(const show::SvgSource& svg, const Place& place) {
  return try_still(svg_load(svg, place.show_dir), "path");
}

Found try_source(const show::TextSource& text, const Place& place) {
  if (!text.path.empty()) return std::nullopt;  // may be written later
  return try_still(text_load(text, place.show_dir), "text");
}

Found try_source(const show::ClockSource& clock, const Place&) {
  return trouble("zone", ffi::ZoneTime::make(clock.zone));
}

template <class Other>
Found try_source(const Other&, const Place&) {
  return std::nullopt;
}

}  // namespace

std::vector<show::ShowError> probe(const show::Show& show, const std::string& show_dir, Log& log) {
  std::vector<show::ShowError> errors;
  for (const auto& [name, source] : show.sources) {
    const Place place{name, show_dir, log};
    const Found found = std::visit([&](const auto& kind) { return try_source(kind, place); }, source);
    if (!found) continue;
    errors.push_back({fmt::format("{}/{}", show::pointer_to("/sources", name), found->key), found->error.describe()});
  }
  return errors;
}

}  // namespace mainstay
