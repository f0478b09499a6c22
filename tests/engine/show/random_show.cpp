#include "tests/engine/show/random_show.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/show/field_info.h"

namespace mainstay::show {

namespace {

using Json = nlohmann::ordered_json;

class Maker {
 public:
  explicit Maker(std::mt19937_64& random) : random_(random) {}

  Json object(const ObjectInfo& info) {
    if (!info.shorthand.empty() && chance(0.3)) {
      for (const FieldInfo& field : info.fields)
        if (field.key == info.shorthand) return single(field);
    }
    Json json = Json::object();
    if (info.alternative) json["type"] = info.name;
    for (const FieldInfo& field : info.fields) {
      if (field.required || chance(0.6)) json[field.key] = value(field);
    }
    return json;
  }

 private:
  bool chance(double p) { return std::bernoulli_distribution(p)(random_); }
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

  Json value(const FieldInfo& field) {
    if (field.shape == FieldShape::single) return single(field);
    const std::size_t count = below(4);
    Json json = field.shape == FieldShape::list ? Json::array() : Json::object();
    for (std::size_t i = 0; i < count; ++i) {
      if (field.shape == FieldShape::list) {
        json.push_back(single(field));
      } else {
        json[text() + std::to_string(i)] = single(field);
      }
    }
    return json;
  }

  Json single(const FieldInfo& field) {
    switch (field.kind) {
      case FieldKind::boolean:
        return chance(0.5);
      case FieldKind::integer:
        return integer(field);
      case FieldKind::number:
        return *field.min + (*field.max - *field.min) * std::uniform_real_distribution<double>(0, 1)(random_);
      case FieldKind::text:
        return field.accepts != nullptr ? accepted(field)
                                        : Json(text() + (field.lines && chance(0.3) ? "\n" + text() : ""));
      case FieldKind::word:
        return field.words.at(below(field.words.size()));
      case FieldKind::rate:
        return rate();
      case FieldKind::any:
      case FieldKind::object:
        break;
    }
    return object(*field.objects.at(below(field.objects.size())));
  }

  // One of the texts that fields with a rule of their own take.
  static Json accepted(const FieldInfo& field) {
    for (const char* const sample : {"#12abEF", "18:00:30", "Ctrl+Shift+F6", "0x2a00007", "mobile"}) {
      if (field.accepts(sample)) return sample;
    }
    ADD_FAILURE() << "no sample for " << field.key;
    return nullptr;
  }

  Json integer(const FieldInfo& field) {
    if (!field.numbers.empty()) return field.numbers.at(below(field.numbers.size()));
    const auto low = static_cast<std::int64_t>(*field.min);
    const auto high = static_cast<std::int64_t>(*field.max);
    if (chance(0.2))
      return chance(0.5) ? (low + field.multiple_of - 1) / field.multiple_of * field.multiple_of
                         : high / field.multiple_of * field.multiple_of;
    const auto any = std::uniform_int_distribution<std::int64_t>(low, high)(random_);
    return any / field.multiple_of * field.multiple_of;
  }

  Json rate() {
    switch (below(4)) {
      case 0:
        return 1 + below(240);
      case 1:
        return 59.94;
      case 2:
        return "30000/1001";
      default:
        return std::to_string(1 + below(240)) + "/1";
    }
  }

  std::string text() {
    static const std::string kPieces[] = {"a",  "Z", "7",  " ", "/",           "~",  "\"",
                                          "\\", "ü", "漢", "😀", "${secret:x}", "%Y", "."};
    std::string out;
    for (std::size_t i = below(8); i > 0; --i) out += kPieces[below(std::size(kPieces))];
    return out;
  }

  std::mt19937_64& random_;
};

}  // namespace

std::string random_show(std::mt19937_64& random) {
  return Maker(random).object(show_info()).dump();
}

}  // namespace mainstay::show
