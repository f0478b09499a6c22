#include "engine/remote/origin/asked.h"

#include "engine/remote/origin/http_text.h"

namespace mainstay::remote {

Asked::Asked(const HttpRequest& request, bool with_token)
    : head(request.method == "HEAD"),
      gzip(accepts_gzip(request.header("accept-encoding"))),
      ip(request.peer.ip),
      agent(request.header("user-agent")),
      cmcd(cmcd_of(request)) {
  if (with_token) token = request.parameter("token").value_or("");
  for (const auto& [name, value] : request.headers) {
    if (name != "range" && !name.starts_with("if-")) continue;
    if (!conditions_) conditions_ = std::make_unique<HttpFields>();
    conditions_->add(name, value);
  }
}

}  // namespace mainstay::remote
