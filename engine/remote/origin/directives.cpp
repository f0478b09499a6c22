#include "engine/remote/origin/directives.h"

#include <algorithm>
#include <charconv>

namespace mainstay::remote {

namespace {

constexpr std::size_t kLongestPath = 200;

std::optional<std::int64_t> number(std::string_view text) {
  if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Status take_number(std::optional<std::int64_t>& into, std::string_view key, std::string_view value) {
  if (into) return make_error(Errc::invalid, "{} is given twice", key);
  into = number(value);
  if (!into) return make_error(Errc::invalid, "{} is no whole number", key);
  return {};
}

Status take(package::Reload& reload, std::string_view key, std::string_view value) {
  using Skip = package::Reload::Skip;
  if (key == "_HLS_msn") return take_number(reload.msn, key, value);
  if (key == "_HLS_part") return take_number(reload.part, key, value);
  if (key != "_HLS_skip") return {};
  if (reload.skip != Skip::no) return make_error(Errc::invalid, "_HLS_skip is given twice");
  if (value != "YES" && value != "v2") return make_error(Errc::invalid, "_HLS_skip is YES or v2");
  reload.skip = value == "v2" ? Skip::v2 : Skip::yes;
  return {};
}

}  // namespace

Result<package::Reload> parse_reload(std::string_view query) {
  package::Reload reload;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::size_t equals = std::min(query.find('='), end);
    const std::size_t value = std::min(equals + 1, end);
    MAINSTAY_CHECK(take(reload, query.substr(0, equals), query.substr(value, end - value)));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  if (reload.part && !reload.msn) return make_error(Errc::invalid, "_HLS_part needs _HLS_msn");
  return reload;
}

bool is_resource_path(std::string_view path) {
  if (path.empty() || path.size() > kLongestPath || path.back() == '/') return false;
  char before = '/';
  for (const char c : path) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && c != '-' && c != '_' && c != '.' && c != '/') return false;
    if (before == '/' && (c == '/' || c == '.')) return false;
    before = c;
  }
  return true;
}

}  // namespace mainstay::remote
