#include "engine/show/document_diff.h"

#include "engine/show/json_walk.h"

namespace mainstay::show {

namespace {

class Comparison {
 public:
  explicit Comparison(std::size_t limit) : limit_(limit) {}

  void compare(const Json& from, const Json& to) {
    if (full()) return;
    if (from.is_object() && to.is_object()) return compare_objects(from, to);
    if (from.is_array() && to.is_array() && from.size() == to.size()) {
      for (std::size_t i = 0; i < from.size() && !full(); ++i) {
        const JsonPath::Step step(path_, i);
        compare(from[i], to[i]);
      }
      return;
    }
    // Of two lists here the lengths differ, so this compares no nested objects, whose order of keys would count.
    if (from != to) found_.push_back(path_.pointer());
  }

  std::vector<std::string> take() { return std::move(found_); }

 private:
  bool full() const { return found_.size() >= limit_; }

  void compare_objects(const Json& from, const Json& to) {
    std::size_t place = 0;
    for (const auto& [key, value] : from.get_ref<const Json::object_t&>()) {
      if (full()) return;
      const JsonPath::Step step(path_, key);
      if (const Json* other = member_at(to, place++, key); other != nullptr) {
        compare(value, *other);
      } else {
        found_.push_back(path_.pointer());
      }
    }
    place = 0;
    for (const auto& [key, value] : to.get_ref<const Json::object_t&>()) {
      if (full()) return;
      const JsonPath::Step step(path_, key);
      if (member_at(from, place++, key) == nullptr) found_.push_back(path_.pointer());
    }
  }

  const std::size_t limit_;
  JsonPath path_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> differing_pointers(const Json& from, const Json& to, std::size_t limit) {
  Comparison comparison(limit);
  comparison.compare(from, to);
  return comparison.take();
}

bool same_document(const Json& a, const Json& b) {
  return differing_pointers(a, b, 1).empty();
}

}  // namespace mainstay::show
