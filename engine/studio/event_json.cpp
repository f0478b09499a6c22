#include "engine/studio/event_json.h"

#include <fmt/format.h>

#include <cstdio>

namespace mainstay {

std::string rfc3339(UtcInstant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const auto ms = std::chrono::duration_cast<Millis>(at - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), ms / 3'600'000,
                     ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

std::optional<UtcInstant> parse_rfc3339(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  unsigned ms = 0;
  const std::string copy(text);
  if (copy.size() != 24 || copy.back() != 'Z') return std::nullopt;
  if (std::sscanf(copy.c_str(), "%4d-%2u-%2uT%2u:%2u:%2u.%3u", &year, &month, &day, &hour, &minute, &second, &ms) != 7)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::sys_days(date) + Millis(((hour * 60 + minute) * 60 + second) * 1000 + ms);
}

Json to_json(const Event& event) {
  return {{"number", event.number}, {"at", rfc3339(event.at)},  {"level", to_string(event.level)},
          {"type", event.type},     {"subject", event.subject}, {"message", event.message},
          {"data", event.data}};
}

std::optional<Event> event_from_json(const Json& json) {
  const auto text = [&](const char* key) -> std::string {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (!json.is_object() || !json.contains("number") || !json["number"].is_number_integer()) return std::nullopt;
  const auto at = parse_rfc3339(text("at"));
  const auto level = parse_log_level(text("level"));
  if (!at || !level) return std::nullopt;
  Event event{json["number"].get<std::int64_t>(), *at, *level, text("type"), text("subject"), text("message")};
  if (json.contains("data") && json["data"].is_object()) event.data = json["data"];
  return event;
}

Json to_json(const EventType& type) {
  Json data = Json::object();
  for (const auto& [key, help] : type.data) data[key] = help;
  return {{"name", type.name}, {"subject", type.subject}, {"help", type.help}, {"data", std::move(data)}};
}

}  // namespace mainstay
