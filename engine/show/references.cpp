#include "engine/show/references.h"

#include <algorithm>
#include <optional>

namespace mainstay::show {

namespace {

constexpr std::string_view kOpen = "${";
constexpr std::size_t kLongestName = 128;

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  });
}

struct Reference {
  ReferenceKind kind;
  std::string name;
  std::size_t length;  // from "${" to "}"
};

// `text` starts with "${".
std::optional<Reference> read_reference(std::string_view text) {
  const std::size_t end = text.find('}');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view inside = text.substr(kOpen.size(), end - kOpen.size());
  for (const auto& [prefix, kind] :
       {std::pair<std::string_view, ReferenceKind>{"secret:", ReferenceKind::secret}, {"env:", ReferenceKind::env}}) {
    if (inside.starts_with(prefix) && is_name(inside.substr(prefix.size())))
      return Reference{kind, std::string(inside.substr(prefix.size())), end + 1};
  }
  return std::nullopt;
}

}  // namespace

bool has_reference(std::string_view text) {
  return text.find(kOpen) != std::string_view::npos;
}

bool is_only_references(std::string_view text) {
  while (text.starts_with(kOpen)) {
    const auto reference = read_reference(text);
    if (!reference) return false;
    text.remove_prefix(reference->length);
  }
  return text.empty();
}

Result<std::string> replace_references(
    std::string_view text, const std::function<Result<std::string>(ReferenceKind, const std::string& name)>& look_up) {
  std::string out;
  while (true) {
    const std::size_t at = text.find(kOpen);
    out += text.substr(0, at);
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at);
    const auto reference = read_reference(text);
    if (!reference) {
      return make_error(Errc::invalid,
                        "a reference is not well formed: write ${{secret:NAME}} or ${{env:NAME}}, NAME of letters, "
                        "digits, '_', '-' and '.'");
    }
    MAINSTAY_TRY(const std::string value, look_up(reference->kind, reference->name));
    out += value;
    text.remove_prefix(reference->length);
  }
}

}  // namespace mainstay::show
