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

Json numbered_document(std::int64_t number) {
  Json document = {{"mainstay", 1}, {"name", "Channel " + std::to_string(number)}, {"on_air", "Main"}};
  for (std::int64_t i = 0; i < 5 + number % 4; ++i)
    document["sources"]["source/" + std::to_string((number + i) % 11)] = {{"type", "bars"},
                                                                          {"tone_hz", 100 * number + i}};
  for (std::int64_t i = 0; i < number % 6; ++i)
    document["scenes"]["Main"]["layers"].push_back({{"source", "~" + std::to_string(i)}, {"x", number * i}});
  return document;
}

void change_somewhere(Json& document, std::mt19937& random) {
  const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  Json* place = &document;
  while (place->is_structured() && !place->empty() && pick(3) != 0) {
    auto next = place->begin();
    std::advance(next, static_cast<std::ptrdiff_t>(pick(place->size())));
    place = &*next;
  }
  static const char* const kKeys[] = {"a", "b", "c/d", "e~f", "", "0", "ключ", "~1"};
  const auto value = [&]() -> Json {
    switch (pick(7)) {
      case 0:
        return nullptr;
      case 1:
        return static_cast<int>(pick(1000)) - 500;
      case 2:
        return static_cast<double>(pick(1000)) / 7;
      case 3:
        return "text " + std::to_string(pick(1000));
      case 4:
        return Json::object({{kKeys[pick(8)], static_cast<int>(pick(9))}});
      case 5:
        return Json::array({1, Json::object({{kKeys[pick(8)], true}}), "x"});
      default:
        return pick(2) == 0;
    }
  };
  if (place->is_object() && (place->empty() || pick(3) != 0)) {
    (*place)[kKeys[pick(8)]] = value();
  } else if (place->is_object()) {
    place->erase(place->items().begin().key());
  } else if (place->is_array() && (place->size() < 8 && pick(2) == 0)) {
    place->insert(place->begin() + static_cast<std::ptrdiff_t>(pick(place->size() + 1)), value());
  } else if (place->is_array() && !place->empty()) {
    place->erase(pick(place->size()));
  } else if (place != &document) {
    *place = value();
  }
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
