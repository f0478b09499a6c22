#include "tests/engine/studio/history_support.h"

#include <algorithm>
#include <iterator>

namespace mainstay {

using show::Json;

std::vector<std::string> HistoryFolder::names(const std::string& prefix) const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_)) {
    if (entry.path().filename().string().starts_with(prefix)) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

std::shared_ptr<const Json> shared(Json document) {
  return std::make_shared<const Json>(std::move(document));
}

Draft edit(const History& history, Json document, std::string message) {
  return {.author = "window",
          .message = std::move(message),
          .kind = RevisionKind::edit,
          .links = links_after_edit(history.current()),
          .document = shared(std::move(document))};
}

}  // namespace mainstay
