// Any bytes as what a client sends, in pieces (the first byte says how large): no crash, and what is read of it cannot
// begin a line of its own, nor be more than was allowed.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/remote/request_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mainstay::remote;
  const auto require = [](bool holds) {
    if (!holds) std::abort();
  };
  if (size < 2) return 0;
  const std::size_t piece = data[0] + std::size_t{1};
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  Limits limits;
  limits.header_bytes = 2048;
  limits.body_bytes = 256;
  RequestReader reader(limits);
  std::string waiting;
  error_code error;
  for (std::size_t at = 0; at < text.size() && !error && !reader.is_done(); at += piece) {
    waiting += text.substr(at, piece);
    for (bool more = true; more && !waiting.empty() && !reader.is_done();) {
      const std::size_t taken = reader.put(asio::buffer(waiting), error);
      require(taken <= waiting.size());
      waiting.erase(0, taken);
      more = !error && taken > 0;
    }
    if (error == beast::http::error::need_more) error = {};
  }
  if (!reader.is_header_done()) return 0;
  const HttpRequest& request = reader.request();
  require(request.body.size() <= limits.body_bytes && request.headers.text().size() <= 2 * limits.header_bytes);
  std::size_t lines = 0;
  for (const auto& [name, value] : request.headers) {
    require(name.find_first_of("\r\nABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos);
    require(value.find_first_of("\r\n") == std::string_view::npos);
    require(request.headers.has(name));
    ++lines;
  }
  const std::string_view all = request.headers.text();
  require(static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n')) == lines);
  if (reader.host_is_fine() && reader.version() == 11) require(request.headers.has("host"));
  if (reader.wants_web_socket()) (void)reader.as_upgrade();
  return 0;
}
