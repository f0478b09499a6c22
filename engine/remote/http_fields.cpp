#include "engine/remote/http_fields.h"

#include <algorithm>

namespace mainstay::remote {

namespace {

constexpr std::size_t kUsualText = 512;
constexpr std::size_t kUsualFields = 16;
constexpr std::string_view kBetween = ": ";

}  // namespace

HttpFields::HttpFields(std::initializer_list<HttpField> fields) {
  for (const HttpField& field : fields) add(field.name, field.value);
}

void HttpFields::add(std::string_view name, std::string_view value) {
  if (places_.empty()) {
    places_.reserve(kUsualFields);
    text_.reserve(kUsualText);
  }
  const auto append = [this](std::string_view part) {
    const std::size_t from = text_.size();
    text_ += part;
    if (part.find('\n') == std::string_view::npos && part.find('\r') == std::string_view::npos) return;
    std::replace_if(
        text_.begin() + static_cast<std::ptrdiff_t>(from), text_.end(), [](char c) { return c == '\r' || c == '\n'; },
        ' ');
  };
  places_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(name.size()),
                     static_cast<std::uint32_t>(value.size())});
  append(name);
  text_ += kBetween;
  append(value);
  text_ += "\r\n";
}

std::string_view HttpFields::get(std::string_view name) const {
  const Place* found = find(name);
  return found == nullptr ? std::string_view() : at(*found).value;
}

const HttpFields::Place* HttpFields::find(std::string_view name) const {
  for (const Place& place : places_) {
    if (name_at(place) == name) return &place;
  }
  return nullptr;
}

HttpField HttpFields::at(const Place& at) const {
  return {name_at(at), std::string_view(text_).substr(at.begin + at.name_size + kBetween.size(), at.value_size)};
}

}  // namespace mainstay::remote
