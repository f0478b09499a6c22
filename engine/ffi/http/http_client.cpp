#include "engine/ffi/http/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <mutex>

namespace mainstay::ffi {

namespace {

long millis(Nanos time) {
  return static_cast<long>(std::chrono::duration_cast<Millis>(time).count());
}

struct Upload {
  std::string_view rest;
};

std::size_t give(char* to, std::size_t size, std::size_t count, void* user) {
  auto& upload = *static_cast<Upload*>(user);
  const std::size_t n = std::min(size * count, upload.rest.size());
  std::memcpy(to, upload.rest.data(), n);
  upload.rest.remove_prefix(n);
  return n;
}

// Sent again on a connection that was closed meanwhile: from the beginning. Only that is asked for.
int rewind(void* user, curl_off_t offset, int origin) {
  auto& upload = *static_cast<std::pair<Upload, std::string_view>*>(user);
  if (origin != SEEK_SET || offset < 0 || static_cast<std::size_t>(offset) > upload.second.size())
    return CURL_SEEKFUNC_CANTSEEK;
  upload.first.rest = upload.second.substr(static_cast<std::size_t>(offset));
  return CURL_SEEKFUNC_OK;
}

std::size_t discard(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

int look(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(user)->stop_requested() ? 1 : 0;
}

}  // namespace

struct HttpClient::Impl {
  HttpClientOptions options;
  CURL* easy = nullptr;
};

HttpClient::HttpClient(HttpClientOptions options) : impl_(std::make_unique<Impl>()) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  impl_->options = std::move(options);
  impl_->easy = curl_easy_init();
}

HttpClient::~HttpClient() {
  if (impl_->easy != nullptr) curl_easy_cleanup(impl_->easy);
}

Result<int> HttpClient::send(const HttpRequest& request, const std::stop_token& stop) {
  CURL* easy = impl_->easy;
  if (easy == nullptr) return Error{Errc::io, "out of memory for a connection", nullptr};
  curl_easy_reset(easy);  // keeps the connection
  const HttpClientOptions& options = impl_->options;
  std::pair<Upload, std::string_view> body{{request.body}, request.body};
  curl_slist* headers = curl_slist_append(nullptr, "Expect:");  // a round trip for nothing
  for (const std::string& header : request.headers) headers = curl_slist_append(headers, header.c_str());
  char reason[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, std::string(request.method).c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, reason);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, millis(options.timeout));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, millis(std::min(options.connect_timeout, options.timeout)));
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, options.tls_verify ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, options.tls_verify ? 2L : 0L);
  if (!options.tls_ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options.tls_ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &discard);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &look);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &stop);
  if (request.method == "HEAD") curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  if (request.method == "PUT") {
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, &give);
    curl_easy_setopt(easy, CURLOPT_READDATA, &body.first);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, &rewind);
    curl_easy_setopt(easy, CURLOPT_SEEKDATA, &body);
    curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  }
  const CURLcode code = curl_easy_perform(easy);
  curl_slist_free_all(headers);
  if (code == CURLE_ABORTED_BY_CALLBACK) return Error{Errc::cancelled, "stopped", nullptr};
  if (code != CURLE_OK) return make_error(Errc::io, "{}", *reason != '\0' ? reason : curl_easy_strerror(code));
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

}  // namespace mainstay::ffi
