#include "engine/remote/origin/cmcd.h"

#include <algorithm>
#include <charconv>

namespace mainstay::remote {

namespace {

constexpr std::size_t kLongest = 1024;  // CTA-5004 asks players to stay far below
constexpr std::int64_t kMostNumber = 100'000'000;

// "…" with \" and \\ resolved, at the start of `rest`, which is moved behind it.
std::string quoted(std::string_view& rest) {
  std::string out;
  rest.remove_prefix(1);
  while (!rest.empty() && rest.front() != '"') {
    if (rest.front() == '\\' && rest.size() > 1) rest.remove_prefix(1);
    out += rest.front();
    rest.remove_prefix(1);
  }
  if (!rest.empty()) rest.remove_prefix(1);
  return out;
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < 0 || value > kMostNumber)
    return std::nullopt;
  return value;
}

void take(Cmcd& cmcd, std::string_view key, std::string_view value, bool bare) {
  const bool yes = bare || value == "true";
  if (key == "sid") cmcd.session = session_name(value);
  if (key == "ot" && !value.empty()) cmcd.object = value == "av" ? 'v' : value.front();
  if (key == "bl") cmcd.buffer_ms = number(value);
  if (key == "d") cmcd.duration_ms = number(value);
  if (key == "br") cmcd.kbps = number(value);
  if (key == "bs") cmcd.starved = yes;
  if (key == "su") cmcd.startup = yes;
}

}  // namespace

std::string session_name(std::string_view text) {
  constexpr std::size_t kMost = 64;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  if (text.empty() || text.size() > kMost || !std::all_of(text.begin(), text.end(), allowed)) return {};
  return std::string(text);
}

Cmcd parse_cmcd(std::string_view text) {
  Cmcd cmcd;
  std::string_view rest = text.substr(0, kLongest);
  while (!rest.empty()) {
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == ',')) rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find_first_of("=,"), rest.size());
    const std::string_view key = rest.substr(0, end);
    const bool bare = end == rest.size() || rest[end] == ',';
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (bare) {
      take(cmcd, key, {}, true);
    } else if (rest.starts_with('"')) {
      take(cmcd, key, quoted(rest), false);
    } else {
      const std::size_t stop = std::min(rest.find(','), rest.size());
      take(cmcd, key, rest.substr(0, stop), false);
      rest.remove_prefix(stop);
    }
  }
  return cmcd;
}

Cmcd cmcd_of(const HttpRequest& request) {
  if (request.query.find("CMCD=") != std::string::npos) {
    if (const auto text = request.parameter("CMCD")) return parse_cmcd(*text);
  }
  std::string joined;
  for (const auto& [name, value] : request.headers) {
    if (!name.starts_with("cmcd-")) continue;
    joined += joined.empty() ? "" : ",";
    joined += value;
  }
  return joined.empty() ? Cmcd{} : parse_cmcd(joined);
}

}  // namespace mainstay::remote
