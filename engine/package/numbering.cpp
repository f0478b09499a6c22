#include "engine/package/numbering.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/package/whole_file.h"

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
  const nlohmann::json json{{"next_msn", numbering.next_msn}, {"discontinuities", numbering.discontinuities}};
  return write_whole(path_of(folder, stream), json.dump() + "\n");
}

}  // namespace mainstay::package
