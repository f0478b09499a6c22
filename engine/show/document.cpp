#include "engine/show/document.h"

#include <fmt/format.h>

#include <map>

#include "engine/show/json_patch.h"
#include "engine/show/show_schema.h"
#include "engine/show/suggest.h"
#include "engine/show/url.h"

namespace mainstay::show {

namespace {

constexpr std::size_t kLongestPointer = 1024;
constexpr const char* kMask = "***";

Status check_pointer(const std::string& pointer) {
  if (pointer.size() > kLongestPointer) return make_error(Errc::invalid, "the pointer is too long");
  try {
    (void)Json::json_pointer(pointer);
    return {};
  } catch (const Json::exception&) {
    return make_error(Errc::invalid, "{} is no JSON pointer: write \"/sources/clip/loop\"", in_quotes(pointer));
  }
}

// Without the library's "[json.exception.out_of_range.403] ".
std::string plain(const Json::exception& e) {
  const std::string text = e.what();
  const std::size_t end = text.find("] ");
  return end == std::string::npos ? text : text.substr(end + 2);
}

}  // namespace

const Json* find_at(const Json& document, const std::string& pointer) {
  if (!check_pointer(pointer)) return nullptr;
  const Json::json_pointer place(pointer);
  try {
    return document.contains(place) ? &document.at(place) : nullptr;
  } catch (const Json::exception&) {
    return nullptr;
  }
}

Status set_at(Json& document, const std::string& pointer, Json value) {
  MAINSTAY_CHECK(check_pointer(pointer));
  const Json::json_pointer place(pointer);
  if (pointer.empty()) return document = std::move(value), Status{};
  if (place.back() == "-" || find_at(document, place.parent_pointer().to_string()) != nullptr) {
    Json patch = Json::array({Json{{"op", "add"}, {"path", pointer}, {"value", std::move(value)}}});
    const Json* const parent = find_at(document, place.parent_pointer().to_string());
    if (parent != nullptr && parent->is_array() && find_at(document, pointer) != nullptr) patch[0]["op"] = "replace";
    return patch_document(document, patch);
  }
  try {
    document[place] = std::move(value);
    return {};
  } catch (const Json::exception& e) {
    return make_error(Errc::invalid, "nothing can be set at {}: {}", in_quotes(pointer), plain(e));
  }
}

Status remove_at(Json& document, const std::string& pointer) {
  MAINSTAY_CHECK(check_pointer(pointer));
  if (pointer.empty() || find_at(document, pointer) == nullptr)
    return make_error(Errc::invalid, "there is nothing at {}", in_quotes(pointer));
  return patch_document(document, Json::array({Json{{"op", "remove"}, {"path", pointer}}}));
}

Status patch_document(Json& document, const Json& patch) {
  Json patched = document;
  if (Status applied = apply_patch(patched, patch); !applied)
    return wrap(std::move(applied).error(), "the patch does not fit the show");
  document = std::move(patched);
  return {};
}

std::vector<ShowError> restore_secrets(Show& edited, const Show& before) {
  std::map<std::string, std::string> known;
  std::vector<ShowError> errors;
  Show old = before;
  section_of<Show>().visit(old, "", [&](const std::string& pointer, const FieldInfo& field, std::string& text) {
    if (field.secret || field.url) known[pointer] = text;
  });
  section_of<Show>().visit(edited, "", [&](const std::string& pointer, const FieldInfo& field, std::string& text) {
    if (!field.secret && !field.url) return;
    const auto found = known.find(pointer);
    if (field.url) {
      // An address as it was shown stands for the one it was shown for.
      if (found != known.end() && text != found->second && text == redact_url(found->second)) text = found->second;
      return;
    }
    if (text != kMask) return;
    if (found != known.end()) {
      text = found->second;
    } else {
      errors.push_back({pointer, "\"***\" stands for a secret that is not there: give its value or a ${secret:NAME}"});
    }
  });
  return errors;
}

}  // namespace mainstay::show
