#include "engine/show/paths.h"

#include <filesystem>

namespace mainstay::show {

std::string directory_of(const std::string& show_path) {
  const std::string parent = std::filesystem::path(show_path).parent_path().string();
  return parent.empty() ? "." : parent;
}

std::string expand_path(const std::string& path, const std::string& show_dir) {
  if (path.empty() || path.front() == '/' || show_dir.empty() || show_dir == ".") return path;
  return (std::filesystem::path(show_dir) / path).lexically_normal().string();
}

}  // namespace mainstay::show
