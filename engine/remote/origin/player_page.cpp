#include "engine/remote/origin/player_page.h"

#include <fmt/format.h>

#include <array>

#include "engine/ffi/crypto/crypto.h"
#include "engine/ffi/zlib/gzip.h"
#include "engine/remote/origin/http_text.h"
#include "engine/show/section.h"
#include "resources/resources.h"

namespace mainstay::remote {

namespace {

struct PageFile {
  std::string_view path;
  std::string_view name;  ///< in resources/
  std::string_view type;
};
constexpr std::array kFiles{
    PageFile{"/", "player/index.html", "text/html; charset=utf-8"},
    PageFile{"/player/player.css", "player/player.css", "text/css; charset=utf-8"},
    PageFile{"/player/player.js", "player/player.js", "text/javascript; charset=utf-8"},
    PageFile{"/player/report.js", "player/report.js", "text/javascript; charset=utf-8"},
    PageFile{"/player/fallback.js", "player/fallback.js", "text/javascript; charset=utf-8"},
    PageFile{"/player/pace.js", "player/pace.js", "text/javascript; charset=utf-8"},
    PageFile{"/player/hls.min.js", "player/hls.min.js", "text/javascript; charset=utf-8"},
};

/// One of them, looked up and named once.
struct Loaded {
  std::string_view bytes;
  std::shared_ptr<const std::string> gzip;
  std::string digest;
};

constexpr std::size_t kWorthIt = 4096;  // bytes

const Loaded& loaded(std::size_t index) {
  static const std::array<Loaded, kFiles.size()> files = [] {
    std::array<Loaded, kFiles.size()> out;
    for (std::size_t i = 0; i < kFiles.size(); ++i) {
      out[i].bytes = resource(kFiles[i].name);
      if (out[i].bytes.size() > kWorthIt) out[i].gzip = std::make_shared<const std::string>(ffi::gzip(out[i].bytes));
      out[i].digest = ffi::base64url(ffi::sha256(out[i].bytes)).substr(0, 22);
    }
    return out;
  }();
  return files[index];
}

// Nothing from elsewhere: no font, no script, no report. hls.js works in a worker made from its own text, and gives the
// video element a source that it fills itself. What is fetched may lie elsewhere when a cache serves the stream.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self' blob:; worker-src 'self' blob:; style-src 'self'; img-src 'self' data:; "
    "media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'";

HttpResponse about_the_stream(const PlayerPage& page, UtcInstant now) {
  const show::Json about{
      {"title", page.title},    {"stream", "/" + page.stream + "/index.m3u8"},
      {"name", page.stream},    {"low_latency", page.low_latency},
      {"hls_js", has_hls_js()}, {"utc_ms", std::chrono::floor<Millis>(now).time_since_epoch().count()}};
  HttpResponse response = HttpResponse::json(200, about.dump(-1, ' ', false, show::Json::error_handler_t::replace));
  response.headers.add("Cache-Control", "no-store");
  return response;
}

}  // namespace

bool has_hls_js() {
  return !resource("player/hls.min.js").empty();
}

std::optional<HttpResponse> player_file(const HttpRequest& request, const PlayerPage& page, UtcInstant now) {
  if (request.path == "/player/show.json") return about_the_stream(page, now);
  for (std::size_t i = 0; i < kFiles.size(); ++i) {
    if (kFiles[i].path != request.path) continue;
    const Loaded& file = loaded(i);
    if (file.bytes.empty()) return std::nullopt;
    const bool gzip = file.gzip && accepts_gzip(request.header("accept-encoding"));
    const std::string etag = fmt::format("\"{}{}\"", file.digest, gzip ? "-gz" : "");
    HttpResponse response;
    response.content_type = kFiles[i].type;
    response.headers = {{"Cache-Control", "no-cache"},        {"ETag", etag},
                        {"Content-Security-Policy", kPolicy}, {"X-Content-Type-Options", "nosniff"},
                        {"Vary", "Accept-Encoding"},          {"Referrer-Policy", "no-referrer"}};
    if (names_etag(request.header("if-none-match"), etag)) {
      response.status = 304;
      response.content_type.clear();
    } else if (gzip) {
      response.headers.add("Content-Encoding", "gzip");
      response.body = Body(file.gzip);
    } else {
      response.body.bytes = file.bytes;  // of the program itself
    }
    return response;
  }
  return std::nullopt;
}

}  // namespace mainstay::remote
