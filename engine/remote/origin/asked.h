// What the answer to a request for one of the stream's files depends on, and who asks: all that is kept of a request
// that waits for the next part, which thousands do at the same time. Owned by whoever answers. Thread-safety: as any
// value.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/remote/http.h"
#include "engine/remote/origin/cmcd.h"

namespace mainstay::remote {

struct Asked {
  /// `with_token`: one is asked for here.
  Asked(const HttpRequest& request, bool with_token);

  bool head = false;  ///< HEAD, not GET
  bool gzip = false;  ///< compressed will do
  std::string token;  ///< of the query
  std::string ip;     ///< of the client
  std::string agent;  ///< User-Agent
  Cmcd cmcd;
  /// The condition or range of this name (RFC 9110, 13 and 14), in lower case; empty: there is none.
  std::string_view condition(std::string_view name) const {
    return conditions_ ? conditions_->get(name) : std::string_view();
  }

 private:
  std::unique_ptr<HttpFields> conditions_;  // few requests have any
};

}  // namespace mainstay::remote
