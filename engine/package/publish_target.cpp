#include "engine/package/publish_target.h"

#include <filesystem>

#include "engine/ffi/http/http_client.h"
#include "engine/package/disk_worker.h"
#include "engine/package/whole_file.h"

namespace mainstay::package {

namespace {

namespace fs = std::filesystem;

class FolderTarget final : public PublishTarget {
 public:
  FolderTarget(const PublishOptions& options, Clock& clock)
      : folder_(options.path), timeout_(options.timeout), disk_(clock, "publish/disk") {}

  Status put(const std::string& path, const ItemPtr& item, const std::stop_token& stop) override {
    return disk_.run([to = folder_ + "/" + path, item] { return write_whole(to, item->bytes); }, timeout_, stop);
  }
  Status remove(const std::string& path, const std::stop_token& stop) override {
    return disk_.run(
        [what = folder_ + "/" + path]() -> Status {
          std::error_code failed;
          fs::remove(what, failed);
          if (failed) return make_error(Errc::io, "cannot remove {}: {}", what, failed.message());
          return {};
        },
        timeout_, stop);
  }
  Result<bool> has(const std::string& path, const std::stop_token& stop) override {
    const auto there = std::make_shared<bool>(false);
    MAINSTAY_CHECK(disk_.run(
        [what = folder_ + "/" + path, there]() -> Status {
          std::error_code failed;
          *there = fs::exists(what, failed);
          if (failed) return make_error(Errc::io, "cannot look at {}: {}", what, failed.message());
          return {};
        },
        timeout_, stop));
    return *there;
  }

 private:
  const std::string folder_;
  const Nanos timeout_;
  DiskWorker disk_;
};

class HttpTarget final : public PublishTarget {
 public:
  explicit HttpTarget(const PublishOptions& options)
      : options_(options),
        client_({.tls_verify = options.tls_verify, .tls_ca_file = options.tls_ca_file, .timeout = options.timeout}) {}

  Status put(const std::string& path, const ItemPtr& item, const std::stop_token& stop) override {
    ffi::HttpRequest request = make("PUT", path);
    request.headers.push_back("Content-Type: " + item->content_type);
    const bool playlist = item->kind == ItemKind::multivariant || item->kind == ItemKind::media_playlist ||
                          item->kind == ItemKind::iframe_playlist || item->kind == ItemKind::manifest;
    request.headers.push_back(playlist ? "Cache-Control: no-store" : "Cache-Control: max-age=31536000, immutable");
    request.body = item->bytes;
    MAINSTAY_TRY(const int status, client_.send(request, stop));
    if (status >= 200 && status < 300) return {};
    return make_error(Errc::io, "the origin answered {} to {}", status, path);
  }
  Status remove(const std::string& path, const std::stop_token& stop) override {
    MAINSTAY_TRY(const int status, client_.send(make("DELETE", path), stop));
    if ((status >= 200 && status < 300) || status == 404 || status == 410) return {};
    return make_error(Errc::io, "the origin answered {} to the removal of {}", status, path);
  }
  // Of an origin that takes files and gives none (403, 405, 501), or has other troubles, nobody knows.
  Result<bool> has(const std::string& path, const std::stop_token& stop) override {
    MAINSTAY_TRY(const int status, client_.send(make("HEAD", path), stop));
    return status != 404 && status != 410;
  }

 private:
  ffi::HttpRequest make(std::string_view method, const std::string& path) const {
    ffi::HttpRequest request;
    request.method = method;
    request.url = address_of(options_.url, path);
    if (!options_.authorization.empty()) request.headers.push_back("Authorization: " + options_.authorization);
    return request;
  }

  const PublishOptions options_;
  ffi::HttpClient client_;
};

}  // namespace

std::string address_of(const std::string& url, const std::string& file) {
  constexpr std::string_view kMark = "{file}";
  if (const std::size_t at = url.find(kMark); at != std::string::npos)
    return std::string(url).replace(at, kMark.size(), file);
  if (url.ends_with('=')) return url + file;
  const std::size_t query = url.find('?');
  std::string base = url.substr(0, query);
  if (!base.ends_with('/')) base += '/';
  return base + file + (query == std::string::npos ? "" : url.substr(query));
}

bool is_flat(const PublishOptions& options) {
  const std::size_t query = options.url.find('?');
  return query != std::string::npos &&
         (options.url.ends_with('=') || options.url.find("{file}", query) != std::string::npos);
}

std::unique_ptr<PublishTarget> open_target(const PublishOptions& options, Clock& clock) {
  if (!options.path.empty()) return std::make_unique<FolderTarget>(options, clock);
  return std::make_unique<HttpTarget>(options);
}

}  // namespace mainstay::package
