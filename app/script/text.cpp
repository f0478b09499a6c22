#include "app/script/text.h"

#include <fmt/format.h>

namespace mainstay::script {

std::string place_of(std::string_view file, int line, int column) {
  if (file.empty()) return {};
  std::string place(file);
  if (line > 0) place += fmt::format(":{}", line);
  if (line > 0 && column > 0) place += fmt::format(":{}", column);
  return place + ": ";
}

}  // namespace mainstay::script
