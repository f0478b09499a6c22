#include "engine/studio/event_json.h"

#include <fmt/format.h>

namespace mainstay {

std::string rfc3339(UtcInstant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const auto ms = std::chrono::duration_cast<Millis>(at - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), ms / 3'600'000,
                     ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

Json to_json(const Event& event) {
  return {{"number", event.number}, {"at", rfc3339(event.at)},  {"level", to_string(event.level)},
          {"type", event.type},     {"subject", event.subject}, {"message", event.message},
          {"data", event.data}};
}

Json to_json(const EventType& type) {
  Json data = Json::object();
  for (const auto& [key, help] : type.data) data[key] = help;
  return {{"name", type.name}, {"subject", type.subject}, {"help", type.help}, {"data", std::move(data)}};
}

}  // namespace mainstay
