// What a viewer may write into a request: line 1 the target, the others headers. No crash; what is read of it is within
// its bounds; no text is a token.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/remote/origin/client_kind.h"
#include "engine/remote/origin/cmcd.h"
#include "engine/remote/origin/directives.h"
#include "engine/remote/origin/http_text.h"
#include "engine/studio/stream_token.h"

namespace {

using namespace mainstay;
using namespace mainstay::remote;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string_view next_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

HttpRequest request_of(std::string_view text) {
  HttpRequest request;
  const std::string_view target = next_line(text);
  const std::size_t question = std::min(target.find('?'), target.size());
  request.path = percent_decoded(target.substr(0, question));
  if (question < target.size()) request.query = target.substr(question + 1);
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    const std::size_t colon = std::min(line.find(':'), line.size());
    request.headers.add(line.substr(0, colon), line.substr(std::min(colon + 1, line.size())));
  }
  return request;
}

void look_at_range(std::string_view field) {
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, UINT64_MAX}) {
    const ByteRange range = parse_range(field, size);
    if (range.kind != ByteRange::Kind::part) continue;
    require(range.count > 0 && range.first < size && range.count <= size - range.first);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const HttpRequest request = request_of(text);
  if (is_resource_path(request.path)) {
    require(request.path.find("..") == std::string::npos || request.path.find("/..") == std::string::npos);
    require(request.path.front() != '/' && request.path.front() != '.');
  }
  if (const auto reload = parse_reload(request.query)) {
    require(!reload->part || reload->msn);
    require(reload->msn.value_or(0) >= 0 && reload->part.value_or(0) >= 0);
  }
  const Cmcd cmcd = cmcd_of(request);
  require(cmcd.session.size() <= 64 && session_name(cmcd.session) == cmcd.session);
  (void)client_kind(request.header("user-agent"));
  for (const auto& [name, value] : request.headers) {
    look_at_range(value);
    (void)accepts_gzip(value);
    (void)names_etag(value, "\"a\"");
    if (const auto at = parse_http_date(value)) require(parse_http_date(http_date(*at)) == at);
  }
  look_at_range(text);
  const std::string token = request.parameter("token").value_or("");
  require(check_stream_token(token, "a secret that nobody knows", "live", UtcInstant{}) != TokenVerdict::good);
  return 0;
}
