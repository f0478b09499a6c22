// Internal to document_diff and json_patch: where a walk through two documents is, and members found fast.
// A value of the walk.
// Thread-safety: as any value.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/show/section.h"

namespace mainstay::show {

/// The way from the root to a value. Made into a pointer only where something is found: a walk mostly finds nothing.
class JsonPath {
 public:
  /// One step down, for as long as it lives.
  class Step {
   public:
    Step(JsonPath& path, std::variant<std::string_view, std::size_t> token) : path_(path) {
      path_.tokens_.push_back(token);
    }
    ~Step() { path_.tokens_.pop_back(); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    JsonPath& path_;
  };

  std::string pointer() const {
    std::string text;
    for (const auto& token : tokens_) {
      const auto* key = std::get_if<std::string_view>(&token);
      text = pointer_to(text, key != nullptr ? *key : std::to_string(std::get<std::size_t>(token)));
    }
    return text;
  }

 private:
  std::vector<std::variant<std::string_view, std::size_t>> tokens_;
};

/// The member `key`, looked for at `place` first: objects keep their order, and two revisions mostly have the same.
inline const Json* member_at(const Json& object, std::size_t place, const std::string& key) {
  const auto& members = object.get_ref<const Json::object_t&>();
  if (place < members.size()) {
    // Not members[place]: an index would be taken for a key.
    const auto there = members.begin() + static_cast<std::ptrdiff_t>(place);
    if (there->first == key) return &there->second;
  }
  const auto found = members.find(key);
  return found == members.end() ? nullptr : &found->second;
}

}  // namespace mainstay::show
