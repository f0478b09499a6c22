#include "engine/remote/http_head.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <boost/beast/http/status.hpp>

namespace mainstay::remote {

namespace {

std::string_view reason_of(int status) {
  namespace http = boost::beast::http;
  const auto text = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
  return {text.data(), text.size()};
}

}  // namespace

void write_head(const HttpResponse& response, bool keep_alive, std::string& out) {
  out.clear();
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("HTTP/1.1 {} {}\r\n"), response.status,
                 reason_of(response.status));
  out += "Server: Mainstay\r\n";
  if (!response.content_type.empty())
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("Content-Type: {}\r\n"), response.content_type);
  out += response.headers.text();
  // Some of them, 404 and 405 too, may be kept by caches that are not told (RFC 9110, 15.1).
  if (response.status >= 400 && !response.headers.has("Cache-Control")) out += "Cache-Control: no-store\r\n";
  if (response.more && !has_no_body(response.status))
    out += "Transfer-Encoding: chunked\r\n";
  else if (!has_no_body(response.status))
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("Content-Length: {}\r\n"), response.body.bytes.size());
  if (!keep_alive) out += "Connection: close\r\n";
  out += "\r\n";
}

}  // namespace mainstay::remote
