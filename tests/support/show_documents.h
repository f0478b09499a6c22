// Documents like shows, made from numbers, for tests of patches and of the history.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "engine/show/section.h"

namespace mainstay {

/// A document that follows from `number` alone. Neighbours differ in several places.
inline show::Json numbered_document(std::int64_t number) {
  show::Json document = {{"mainstay", 1}, {"name", "Channel " + std::to_string(number)}, {"on_air", "Main"}};
  for (std::int64_t i = 0; i < 5 + number % 4; ++i)
    document["sources"]["source/" + std::to_string((number + i) % 11)] = {{"type", "bars"},
                                                                          {"tone_hz", 100 * number + i}};
  for (std::int64_t i = 0; i < number % 6; ++i)
    document["scenes"]["Main"]["layers"].push_back({{"source", "~" + std::to_string(i)}, {"x", number * i}});
  return document;
}

/// Changes `document` somewhere: keys come and go, lists grow and shrink, values change type.
inline void change_somewhere(show::Json& document, std::mt19937& random) {
  const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  show::Json* place = &document;
  while (place->is_structured() && !place->empty() && pick(3) != 0) {
    auto next = place->begin();
    std::advance(next, static_cast<std::ptrdiff_t>(pick(place->size())));
    place = &*next;
  }
  static const char* const kKeys[] = {"a", "b", "c/d", "e~f", "", "0", "ключ", "~1"};
  const auto value = [&]() -> show::Json {
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
        return show::Json::object({{kKeys[pick(8)], static_cast<int>(pick(9))}});
      case 5:
        return show::Json::array({1, show::Json::object({{kKeys[pick(8)], true}}), "x"});
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

}  // namespace mainstay
