#include "engine/remote/http_fields.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <span>

namespace mainstay::remote {

namespace {

constexpr std::size_t kUsualText = 1000;
constexpr std::size_t kUsualFields = 16;
constexpr std::string_view kBetween = ": ";
constexpr std::string_view kEnd = "\r\n";
constexpr std::ptrdiff_t kMostBetween = 16;  // of a line, between its name and its value

char* put_text(char* at, std::string_view text) {
  if (!text.empty()) std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

// In place of a call for each of the two: their length is known here.
char* put_two(char* at, std::string_view two) {
  std::memcpy(at, two.data(), 2);
  return at + 2;
}

bool is_one_line(std::string_view name, std::string_view value) {
  const char* const end = name.data() + name.size();
  const std::less<> before;
  if (before(value.data(), end) || before(end + kMostBetween, value.data())) return false;
  return std::none_of(end, value.data(), [](char c) { return c == '\r' || c == '\n'; });
}

std::uint32_t narrow(std::size_t size) {
  return static_cast<std::uint32_t>(size);
}

}  // namespace

HttpFields::HttpFields(std::initializer_list<HttpField> fields) {
  for (const HttpField& field : fields) add(field.name, field.value);
}

void HttpFields::reserve() {
  if (!places_.empty()) return;
  places_.reserve(kUsualFields);
  text_.reserve(kUsualText);
}

char* HttpFields::grow(std::size_t bytes) {
  const std::size_t begin = text_.size();
  text_.resize(begin + bytes, boost::container::default_init);
  return text_.data() + begin;
}

HttpFields::Place HttpFields::put(std::string_view name, std::string_view value) {
  reserve();
  const std::size_t begin = text_.size();
  char* const out = grow(name.size() + kBetween.size() + value.size() + kEnd.size());
  put_two(put_text(put_two(put_text(out, name), kBetween), value), kEnd);
  places_.push_back(
      {narrow(begin), narrow(name.size()), narrow(begin + name.size() + kBetween.size()), narrow(value.size())});
  return places_.back();
}

void HttpFields::add(std::string_view name, std::string_view value) {
  const Place at = put(name, value);
  for (char& c : std::span(text_.data() + at.begin, at.value + at.value_size - at.begin)) {
    if (c == '\r' || c == '\n') c = ' ';
  }
}

void HttpFields::add(const HttpFields& more) {
  reserve();
  const std::size_t begin = text_.size();
  put_text(grow(more.text_.size()), more.text());
  for (Place place : more.places_) {
    place.begin += narrow(begin);
    place.value += narrow(begin);
    places_.push_back(place);
  }
}

void HttpFields::add_parsed(std::string_view name, std::string_view value) {
  const char* const line = name.data();
  Place at{};
  if (is_one_line(name, value)) {
    reserve();
    const std::size_t begin = text_.size();
    const auto size = static_cast<std::size_t>(value.data() + value.size() - line);
    put_two(put_text(grow(size + kEnd.size()), {line, size}), kEnd);
    at = {narrow(begin), narrow(name.size()), narrow(begin + size - value.size()), narrow(value.size())};
    places_.push_back(at);
  } else {  // of several lines, which the parser put together elsewhere
    at = put(name, value);
  }
  for (char& c : std::span(text_.data() + at.begin, at.name_size)) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
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

}  // namespace mainstay::remote
