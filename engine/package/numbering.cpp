#include "engine/package/numbering.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace mainstay::package {

namespace {

std::string path_of(const std::string& folder, const std::string& stream) {
  return folder + "/" + stream + ".numbers.json";
}

}  // namespace

Result<std::optional<Numbering>> read_numbering(const std::string& folder, const std::string& stream) {
  const std::string path = path_of(folder, stream);
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::optional<Numbering>();
  const auto json = nlohmann::json::parse(file, nullptr, false);
  const auto number = [&](const char* key) -> std::int64_t {
    const auto found = json.is_object() ? json.find(key) : json.end();
    return json.is_object() && found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : -1;
  };
  const Numbering numbering{number("next_msn"), number("discontinuities")};
  if (numbering.next_msn < 0 || numbering.discontinuities < 0)
    return make_error(Errc::corrupt, "{} is not what was written there: numbers of segments start from the time of day",
                      path);
  return std::optional<Numbering>(numbering);
}

Status write_numbering(const std::string& folder, const std::string& stream, const Numbering& numbering) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return make_error(Errc::io, "cannot make the folder {}: {}", folder, failed.message());
  const std::string path = path_of(folder, stream);
  const std::string fresh = path + ".new";
  {
    std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
    file << nlohmann::json{{"next_msn", numbering.next_msn}, {"discontinuities", numbering.discontinuities}}.dump()
         << '\n';
    file.close();
    if (!file) return make_error(Errc::io, "cannot write {}: {}", fresh, std::strerror(errno));
  }
  std::filesystem::rename(fresh, path, failed);
  if (failed) return make_error(Errc::io, "cannot write {}: {}", path, failed.message());
  return {};
}

}  // namespace mainstay::package
