// The header fields of a request or a response (RFC 9110, 5), in one piece of memory: a thousand answers at the same
// moment have ten each.
// Owned by their message. Views of them last until the next add().
// Thread-safety: as any value.
#pragma once

#include <boost/container/vector.hpp>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace mainstay::remote {

struct HttpField {
  std::string_view name;
  std::string_view value;
};

class HttpFields {
 public:
  HttpFields() = default;
  HttpFields(std::initializer_list<HttpField> fields);

  /// Behind those of the same name. A value that came from somewhere cannot begin a line of its own: what would end the
  /// line becomes a space.
  void add(std::string_view name, std::string_view value);
  /// The same of what a parser let through: without line ends, the name in any case and kept in lower case. Both are
  /// mostly parts of one line.
  void add_parsed(std::string_view name, std::string_view value);
  /// All of `more`, behind those that are there.
  void add(const HttpFields& more);
  /// The first of this name, which is compared as it is written; empty: there is none.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }
  std::size_t size() const { return places_.size(); }

  /// As they go over the wire: "Name: value\r\n" each.
  std::string_view text() const { return {text_.data(), text_.size()}; }

 private:
  struct Place {
    std::uint32_t begin;  ///< of the name, in text_
    std::uint32_t name_size;
    std::uint32_t value;  ///< where it begins, in text_
    std::uint32_t value_size;
  };
  void reserve();
  /// Room for so many bytes more, to be written by the caller.
  char* grow(std::size_t bytes);
  Place put(std::string_view name, std::string_view value);
  const Place* find(std::string_view name) const;
  std::string_view name_at(const Place& at) const { return {text_.data() + at.begin, at.name_size}; }
  HttpField at(const Place& at) const { return {name_at(at), {text_.data() + at.value, at.value_size}}; }

 public:
  class Iterator {
   public:
    Iterator(const HttpFields& of, std::size_t at) : of_(&of), at_(at) {}
    HttpField operator*() const { return of_->at(of_->places_[at_]); }
    Iterator& operator++() { return ++at_, *this; }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    const HttpFields* of_;
    std::size_t at_;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, places_.size()}; }

 private:
  boost::container::vector<char> text_;  // grows without being filled first
  std::vector<Place> places_;
};

}  // namespace mainstay::remote
