#include "engine/remote/http_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/status.hpp>

namespace mainstay::remote {

namespace {

// A value that came from somewhere cannot begin a line of its own.
void append_value(std::string& out, std::string_view value) {
  const std::size_t from = out.size();
  out += value;
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(from), out.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
}

void append(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  append_value(out, value);
  out += "\r\n";
}

std::string_view reason_of(int status) {
  namespace http = boost::beast::http;
  const auto text = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
  return {text.data(), text.size()};
}

}  // namespace

void write_head(const HttpResponse& response, bool keep_alive, std::string& out) {
  out.clear();
  fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", response.status, reason_of(response.status));
  out += "Server: Mainstay\r\n";
  if (!response.content_type.empty()) append(out, "Content-Type", response.content_type);
  bool says_who_keeps_it = false;
  for (const auto& [name, value] : response.headers) {
    append(out, name, value);
    says_who_keeps_it = says_who_keeps_it || name == "Cache-Control";
  }
  // Some of them, 404 and 405 too, may be kept by caches that are not told (RFC 9110, 15.1).
  if (response.status >= 400 && !says_who_keeps_it) out += "Cache-Control: no-store\r\n";
  if (response.more && !has_no_body(response.status))
    out += "Transfer-Encoding: chunked\r\n";
  else if (!has_no_body(response.status))
    fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n", response.body.bytes.size());
  if (!keep_alive) out += "Connection: close\r\n";
  out += "\r\n";
}

}  // namespace mainstay::remote
