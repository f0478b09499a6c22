#include "engine/studio/document_diff.h"

namespace mainstay {

using show::Json;

namespace {

class Comparison {
 public:
  explicit Comparison(std::size_t limit) : limit_(limit) {}

  void compare(const Json& from, const Json& to, const std::string& pointer) {
    if (full()) return;
    if (from.is_object() && to.is_object()) return compare_objects(from, to, pointer);
    if (from.is_array() && to.is_array() && from.size() == to.size()) {
      for (std::size_t i = 0; i < from.size() && !full(); ++i)
        compare(from[i], to[i], show::pointer_to(pointer, std::to_string(i)));
      return;
    }
    // Of two lists here the lengths differ, so this compares no nested objects, whose order of keys would count.
    if (from != to) found_.push_back(pointer);
  }

  std::vector<std::string> take() { return std::move(found_); }

 private:
  bool full() const { return found_.size() >= limit_; }

  void compare_objects(const Json& from, const Json& to, const std::string& pointer) {
    for (const auto& [key, value] : from.items()) {
      if (full()) return;
      const auto other = to.find(key);
      if (other == to.end()) {
        found_.push_back(show::pointer_to(pointer, key));
      } else {
        compare(value, *other, show::pointer_to(pointer, key));
      }
    }
    for (const auto& [key, value] : to.items()) {
      if (full()) return;
      if (!from.contains(key)) found_.push_back(show::pointer_to(pointer, key));
    }
  }

  const std::size_t limit_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> changed_pointers(const Json& from, const Json& to, std::size_t limit) {
  Comparison comparison(limit);
  comparison.compare(from, to, "");
  return comparison.take();
}

bool same_document(const Json& a, const Json& b) {
  return changed_pointers(a, b, 1).empty();
}

}  // namespace mainstay
