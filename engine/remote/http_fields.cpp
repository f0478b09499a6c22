#include "engine/remote/http_fields.h"

#include <algorithm>
#include <span>

namespace mainstay::remote {

namespace {

constexpr std::size_t kUsualText = 1000;
constexpr std::size_t kUsualFields = 16;
constexpr std::string_view kBetween = ": ";
constexpr std::string_view kEnd = "\r\n";

char* put_text(char* at, std::string_view text) {
  return std::copy(text.begin(), text.end(), at);
}

}  // namespace

HttpFields::HttpFields(std::initializer_list<HttpField> fields) {
  for (const HttpField& field : fields) add(field.name, field.value);
}

void HttpFields::add(std::string_view name, std::string_view value) {
  const Place at = put(name, value);
  const auto ends_line = [](char c) { return c == '\r' || c == '\n'; };
  const auto begin = text_.begin() + at.begin;
  std::replace_if(begin, begin + static_cast<std::ptrdiff_t>(text_.size() - kEnd.size() - at.begin), ends_line, ' ');
}

void HttpFields::add_parsed(std::string_view name, std::string_view value) {
  const Place at = put(name, value);
  for (char& c : std::span(text_).subspan(at.begin, at.name_size)) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
}

HttpFields::Place HttpFields::put(std::string_view name, std::string_view value) {
  if (places_.empty()) {
    places_.reserve(kUsualFields);
    text_.reserve(kUsualText);
  }
  const std::size_t begin = text_.size();
  text_.resize(begin + name.size() + kBetween.size() + value.size() + kEnd.size());
  put_text(put_text(put_text(put_text(text_.data() + begin, name), kBetween), value), kEnd);
  places_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(name.size()),
                     static_cast<std::uint32_t>(value.size())});
  return places_.back();
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
