// Files: what a show reads must be there, what it writes must have a name that can be written.
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "engine/show/check_parts.h"
#include "engine/show/layer_filters.h"
#include "engine/show/paths.h"
#include "engine/show/references.h"
#include "engine/show/section.h"
#include "engine/show/suggest.h"

namespace mainstay::show {

namespace {

// strftime's conversions of the C standard (ISO C 7.27.3.5) that give text fit for a file's name.
constexpr std::string_view kTimeMarks = "aAbBCdeFgGHIjmMpSTuUVwWyYzZ%";

/// One of several: an empty path is told where the list is checked.
void check_listed(const std::string& path, const std::string& what, const std::string& pointer,
                  const CheckContext& context, Findings& findings) {
  if (!path.empty()) check_readable(path, what, pointer, context, findings);
}

void check_file_source(const FileSource& file, const std::string& pointer, const CheckContext& context,
                       Findings& findings) {
  check_readable(file.path, "a media file", pointer + "/path", context, findings);
  if (file.out && *file.out <= file.in) {
    findings.add(pointer + "/out_ms", "the out point ({} ms) must come after the in point ({} ms)", file.out->count(),
                 file.in.count());
  }
}

void check_filter_files(const Scene& scene, const std::string& pointer, const CheckContext& context,
                        Findings& findings) {
  for (std::size_t i = 0; i < scene.layers.size(); ++i) {
    const std::vector<Filter>& filters = scene.layers[i].filters;
    for (std::size_t k = 0; k < filters.size(); ++k) {
      const char* what = std::holds_alternative<LutFilter>(filters[k]) ? "a .cube file" : "a picture";
      check_listed(file_of(filters[k]), what, fmt::format("{}/layers/{}/filters/{}/path", pointer, i, k), context,
                   findings);
    }
  }
}

void check_record(const Record& record, Findings& findings) {
  const std::string& path = record.path;
  if (has_reference(path)) return;
  if (!path.ends_with(".mp4") && !path.ends_with(".mkv"))
    findings.add("/record/path", "the file's name must end in .mp4 or .mkv");
  for (std::size_t at = path.find('%'); at != std::string::npos; at = path.find('%', at + 2)) {
    if (at + 1 < path.size() && kTimeMarks.find(path[at + 1]) != std::string_view::npos) continue;
    findings.add("/record/path", "{} is no mark of strftime: use %Y %m %d %H %M %S and the like, %% for a percent sign",
                 in_quotes(path.substr(at, 2)));
    break;
  }
}

void check_ca_file(const std::string& file, const std::string& pointer, const CheckContext& context,
                   Findings& findings) {
  if (!file.empty()) check_readable(file, "a PEM file", pointer + "/tls_ca_file", context, findings);
}

}  // namespace

void check_readable(const std::string& path, const std::string& what, const std::string& pointer,
                    const CheckContext& context, Findings& findings) {
  if (path.empty()) return findings.add(pointer, "the path is empty: name {}", what);
  if (!context.probe_files || has_reference(path)) return;
  const std::string full = expand_path(path, context.show_dir);
  struct stat status {};
  if (::stat(full.c_str(), &status) != 0) {
    findings.add(pointer, "cannot read {}: {}", full, std::strerror(errno));
  } else if (S_ISDIR(status.st_mode)) {
    findings.add(pointer, "{} is a directory: name {}", full, what);
  } else if (::access(full.c_str(), R_OK) != 0) {
    findings.add(pointer, "cannot read {}: {}", full, std::strerror(errno));
  }
}

void check_files(const Show& show, const CheckContext& context, Findings& findings) {
  for (const auto& [name, source] : show.sources) {
    const std::string at = pointer_to("/sources", name);
    if (const auto* file = std::get_if<FileSource>(&source))
      check_file_source(*file, pointer_to("/sources", name), context, findings);
    if (const auto* image = std::get_if<ImageSource>(&source))
      check_readable(image->path, "a picture", pointer_to("/sources", name) + "/path", context, findings);
    if (const auto* svg = std::get_if<SvgSource>(&source))
      check_readable(svg->path, "an SVG drawing", pointer_to("/sources", name) + "/path", context, findings);
    if (const auto* stream = std::get_if<StreamSource>(&source))
      check_ca_file(stream->tls_ca_file, at, context, findings);
    // What is passed over on air is an error before: it is a slip of the pen.
    if (const auto* playlist = std::get_if<PlaylistSource>(&source)) {
      for (std::size_t i = 0; i < playlist->items.size(); ++i)
        check_listed(playlist->items[i].path, "a media file", fmt::format("{}/items/{}/path", at, i), context,
                     findings);
    }
    if (const auto* slideshow = std::get_if<SlideshowSource>(&source)) {
      for (std::size_t i = 0; i < slideshow->paths.size(); ++i)
        check_listed(slideshow->paths[i], "a picture", fmt::format("{}/paths/{}", at, i), context, findings);
    }
    // A text's file may be written by another program that has not started yet: the source waits for it.
  }
  for (const auto& [name, transition] : show.transitions) {
    if (const auto* stinger = std::get_if<StingerTransition>(&transition))
      check_readable(stinger->path, "a film", pointer_to("/transitions", name) + "/path", context, findings);
  }
  for (const auto& [name, scene] : show.scenes)
    check_filter_files(scene, pointer_to("/scenes", name), context, findings);
  for (const auto& [name, destination] : show.destinations) {
    const std::string pointer = pointer_to("/destinations", name);
    check_ca_file(destination.main.tls_ca_file, pointer + "/main", context, findings);
    if (destination.backup) check_ca_file(destination.backup->tls_ca_file, pointer + "/backup", context, findings);
  }
  if (show.record) check_record(*show.record, findings);
  if (!show.remote || show.remote->tls_cert.empty()) return;
  check_readable(show.remote->tls_cert, "a PEM file", "/remote/tls_cert", context, findings);
  if (!show.remote->tls_key.empty())
    check_readable(show.remote->tls_key, "a PEM file", "/remote/tls_key", context, findings);
}

}  // namespace mainstay::show
