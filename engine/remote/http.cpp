#include "engine/remote/http.h"

#include <algorithm>

namespace mainstay::remote {

namespace {

constexpr std::size_t kLongestCaller = 128;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::string> HttpRequest::parameter(std::string_view key) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::size_t equals = std::min(rest.find('='), end);
    const std::size_t value = std::min(equals + 1, end);
    if (percent_decoded(rest.substr(0, equals), true) == key)
      return percent_decoded(rest.substr(value, end - value), true);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

Caller HttpRequest::caller(Face face) const {
  return {face, role, std::string(header("user-agent").substr(0, kLongestCaller))};
}

std::string percent_decoded(std::string_view text, bool plus) {
  if (text.find('%') == std::string_view::npos && !plus) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += plus && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

HttpResponse HttpResponse::refusal(int status, std::string message) {
  return {status, "text/plain; charset=utf-8", std::move(message) + "\n"};
}

}  // namespace mainstay::remote
