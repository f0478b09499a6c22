// Requests to HTTP servers, one after the other over a connection that is kept (libcurl).
// Owned by a publisher.
// Thread-safety: one thread at a time; a stop from any.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"
#include "engine/core/time.h"

namespace mainstay::ffi {

struct HttpClientOptions {
  bool tls_verify = true;
  std::string tls_ca_file;     ///< empty: the system's authorities
  Nanos timeout = Seconds(5);  ///< of a whole request
  Nanos connect_timeout = Seconds(3);
};

struct HttpRequest {
  std::string_view method = "PUT";
  std::string url;
  std::vector<std::string> headers;  ///< "Content-Type: video/mp4"
  std::string_view body;
};

class HttpClient {
 public:
  explicit HttpClient(HttpClientOptions options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// The status of the answer, whatever it is. Errc::io: there was none, and why; Errc::cancelled on stop. No message
  /// holds the address.
  Result<int> send(const HttpRequest& request, const std::stop_token& stop);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mainstay::ffi
