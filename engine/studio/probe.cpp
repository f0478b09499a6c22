#include "engine/studio/probe.h"

#include "engine/ffi/av/media_reader.h"
#include "engine/show/paths.h"
#include "engine/show/section.h"
#include "engine/sources/image_file.h"

namespace mainstay {

namespace {

Status try_source(const std::string& name, const show::Source& source, const std::string& show_dir, Log& log) {
  if (const auto* image = std::get_if<show::ImageSource>(&source)) {
    const auto loaded = load_image(show::expand_path(image->path, show_dir));
    return loaded ? Status{} : Status(loaded.error());
  }
  const auto* file = std::get_if<show::FileSource>(&source);
  if (file == nullptr) return {};
  ffi::MediaReaderOptions options;
  options.name = "source " + name;
  options.path = show::expand_path(file->path, show_dir);
  options.hw = "none";
  options.threads = 1;
  return ffi::MediaReader::make(std::move(options), log)->open();
}

}  // namespace

std::vector<show::ShowError> probe(const show::Show& show, const std::string& show_dir, Log& log) {
  std::vector<show::ShowError> errors;
  for (const auto& [name, source] : show.sources) {
    if (const Status opened = try_source(name, source, show_dir, log); !opened)
      errors.push_back({show::pointer_to("/sources", name) + "/path", opened.error().describe()});
  }
  return errors;
}

}  // namespace mainstay
