#include "engine/remote/obs/record_place.h"

#include <filesystem>

#include "engine/show/paths.h"

namespace mainstay::obs {

namespace fs = std::filesystem;

std::string record_folder(const ShowView& view, const Snapshot& snapshot) {
  const std::string show_folder = show::directory_of(snapshot.show_path);
  std::string path;
  const Json record = view.document().value("record", Json());
  if (record.is_string()) path = record.get<std::string>();
  if (record.is_object()) path = record.value("path", std::string());
  std::error_code failed;
  if (path.empty()) return fs::absolute(show_folder, failed).string();
  return fs::absolute(show::expand_path(path, show_folder), failed).parent_path().lexically_normal().string();
}

std::string existing_folder(const std::string& folder) {
  fs::path path(folder);
  std::error_code failed;
  while (!fs::exists(path, failed) && path.has_relative_path()) path = path.parent_path();
  return path.string();
}

}  // namespace mainstay::obs
