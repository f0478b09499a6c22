#include "engine/remote/request_reader.h"

#include <algorithm>
#include <boost/beast/http/rfc7230.hpp>

namespace mainstay::remote {

namespace http = beast::http;

namespace {

constexpr std::size_t kBodyAtOnce = 64 * 1024;  // of memory, for a length that a client only claims

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

RequestReader::RequestReader(const Limits& limits) {
  header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  body_limit(limits.body_bytes);
  eager(false);
}

void RequestReader::on_request_impl(http::verb verb, Text method, Text target_text, int version, error_code&) {
  verb_ = verb;
  version_ = version;
  request_.method = view(method);
  std::string_view target = view(target_text);
  // An absolute form (RFC 9112, 3.2.2) is for proxies, and allowed.
  if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos && target[0] != '/')
    target = target.substr(std::min(target.find('/', scheme + 3), target.size()));
  const std::size_t question = std::min(target.find('?'), target.size());
  request_.path = percent_decoded(target.substr(0, question));
  if (question < target.size()) request_.query = target.substr(question + 1);
}

void RequestReader::on_field_impl(http::field field, Text name, Text value, error_code&) {
  if (field == http::field::host) ++hosts_;
  if (field == http::field::expect) asks_first_ = beast::iequals(value, "100-continue");
  request_.headers.add_parsed(view(name), view(value));
}

void RequestReader::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) {
  if (length) request_.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, kBodyAtOnce)));
}

std::size_t RequestReader::on_body_impl(Text body, error_code&) {
  request_.body.append(body.data(), body.size());
  return body.size();
}

bool RequestReader::wants_web_socket() const {
  if (version_ < 11 || verb_ != http::verb::get || !upgrade()) return false;
  const std::string_view protocols = request_.headers.get("upgrade");
  return http::token_list({protocols.data(), protocols.size()}).exists("websocket");
}

http::request<http::string_body> RequestReader::as_upgrade() const {
  http::request<http::string_body> out(http::verb::get, "/", static_cast<unsigned>(version_));
  for (const auto& [name, value] : request_.headers)
    out.insert({name.data(), name.size()}, {value.data(), value.size()});
  return out;
}

}  // namespace mainstay::remote
