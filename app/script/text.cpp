#include "app/script/text.h"

#include <fmt/format.h>

#include <chrono>

namespace mainstay::script {

std::string utc_text(UtcInstant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const auto ms = std::chrono::floor<Millis>(at - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), ms / 3600000,
                     ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

std::string place_of(std::string_view file, int line, int column) {
  if (file.empty()) return {};
  std::string place(file);
  if (line > 0) place += fmt::format(":{}", line);
  if (line > 0 && column > 0) place += fmt::format(":{}", column);
  return place + ": ";
}

}  // namespace mainstay::script
