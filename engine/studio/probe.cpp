#include "engine/studio/probe.h"

#include "engine/ffi/av/media_reader.h"
#include "engine/show/paths.h"

namespace mainstay {

std::vector<show::ShowError> probe(const show::Show& show, const std::string& show_dir, Log& log) {
  std::vector<show::ShowError> errors;
  for (const auto& [name, source] : show.sources) {
    const auto* file = std::get_if<show::FileSource>(&source);
    if (file == nullptr) continue;
    ffi::MediaReaderOptions options;
    options.name = "source " + name;
    options.path = show::expand_path(file->path, show_dir);
    options.hw = "none";
    options.threads = 1;
    const auto reader = ffi::MediaReader::make(std::move(options), log);
    if (const Status opened = reader->open(); !opened) {
      errors.push_back({"/sources/" + name + "/path", opened.error().describe()});
    }
  }
  return errors;
}

}  // namespace mainstay
