#include <algorithm>
#include <utility>

#include "engine/show/document_diff.h"
#include "engine/show/json_patch.h"
#include "engine/show/json_walk.h"

namespace mainstay::show {

namespace {

class Maker {
 public:
  void compare(const Json& from, const Json& to) {
    if (from.is_object() && to.is_object()) {
      compare_objects(from, to);
    } else if (from.is_array() && to.is_array()) {
      compare_lists(from, to);
    } else if (from != to) {
      say("replace", &to);
    }
  }

  Json take() { return std::move(patch_); }

 private:
  void say(const char* op, const Json* value) {
    Json operation = {{"op", op}, {"path", path_.pointer()}};
    if (value != nullptr) operation["value"] = *value;
    patch_.push_back(std::move(operation));
  }

  void compare_objects(const Json& from, const Json& to) {
    std::size_t place = 0;
    for (const auto& [key, value] : from.get_ref<const Json::object_t&>()) {
      const JsonPath::Step step(path_, key);
      if (const Json* other = member_at(to, place++, key); other != nullptr) {
        compare(value, *other);
      } else {
        say("remove", nullptr);
      }
    }
    place = 0;
    for (const auto& [key, value] : to.get_ref<const Json::object_t&>()) {
      const JsonPath::Step step(path_, key);
      if (member_at(from, place++, key) == nullptr) say("add", &value);
    }
  }

  // Equal entries at both ends stay; between them, entries are compared in pairs, and what is left over on one side is
  // taken out, from behind so that indices hold, or put in.
  void compare_lists(const Json& from, const Json& to) {
    const std::size_t shorter = std::min(from.size(), to.size());
    std::size_t tail = 0;
    if (from.size() != to.size()) {
      std::size_t head = 0;
      while (head < shorter && same_document(from[head], to[head])) ++head;
      while (tail < shorter - head && same_document(from[from.size() - 1 - tail], to[to.size() - 1 - tail])) ++tail;
    }
    for (std::size_t i = 0; i < shorter - tail; ++i) {
      const JsonPath::Step step(path_, i);
      compare(from[i], to[i]);
    }
    for (std::size_t i = from.size() - tail; i > shorter - tail; --i) {
      const JsonPath::Step step(path_, i - 1);
      say("remove", nullptr);
    }
    for (std::size_t i = shorter - tail; i < to.size() - tail; ++i) {
      const JsonPath::Step step(path_, i);
      say("add", &to[i]);
    }
  }

  JsonPath path_;
  Json patch_ = Json::array();
};

}  // namespace

Json make_patch(const Json& from, const Json& to) {
  Maker maker;
  maker.compare(from, to);
  return maker.take();
}

}  // namespace mainstay::show
