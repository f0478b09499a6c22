#include "engine/remote/origin/stream_files.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include "engine/ffi/zlib/gzip.h"
#include "engine/package/playlist.h"
#include "engine/remote/origin/directives.h"
#include "engine/remote/origin/http_text.h"
#include "engine/studio/stream_token.h"

namespace mainstay::remote {

namespace {

using package::ItemKind;

constexpr const char* kNoStore = "no-store";
constexpr const char* kClock = "time";        // below the stream
constexpr std::int64_t kSegmentAge = 86'400;  // seconds; their names are never used again

bool is_text(ItemKind kind) {
  return kind == ItemKind::multivariant || kind == ItemKind::media_playlist || kind == ItemKind::iframe_playlist ||
         kind == ItemKind::manifest;
}

HttpResponse failure(int status, std::string why) {
  HttpResponse response = HttpResponse::refusal(status, std::move(why));
  response.headers.add("Cache-Control", kNoStore);
  if (status == 503) response.headers.add("Retry-After", "1");
  return response;
}

// "…" of a compressed form is another representation (RFC 9110, 8.8.3).
std::string etag_of(const package::Item& item, bool gzip) {
  if (!gzip || item.etag.size() < 2) return item.etag;
  return item.etag.substr(0, item.etag.size() - 1) + "-gz\"";
}

// RFC 9110, 13.2.2: dates count only where there is no ETag to compare.
bool is_unchanged(const Asked& asked, const std::string& etag, UtcInstant modified) {
  if (const std::string_view list = asked.condition("if-none-match"); !list.empty()) return names_etag(list, etag);
  const auto since = parse_http_date(asked.condition("if-modified-since"));
  return since && std::chrono::floor<Seconds>(modified) <= *since;
}

// A range of something else would be put together with what the client has: then it gets all (RFC 9110, 13.1.5).
bool is_same(const Asked& asked, const std::string& etag, UtcInstant modified) {
  const std::string_view field = asked.condition("if-range");
  if (field.empty()) return true;
  if (field.front() == '"') return field == etag;
  const auto at = parse_http_date(field);
  return at && std::chrono::floor<Seconds>(modified) == *at;
}

}  // namespace

std::string with_token(const package::Item& playlist, std::string_view token) {
  constexpr std::string_view kKey = "?token=";
  std::string out;
  out.reserve(playlist.bytes.size() + playlist.uri_ends.size() * (token.size() + kKey.size()));
  std::size_t done = 0;
  for (const std::uint32_t end : playlist.uri_ends) {
    if (end < done || end > playlist.bytes.size()) continue;
    out += playlist.bytes.substr(done, end - done);
    out += kKey;
    out += token;
    done = end;
  }
  out += playlist.bytes.substr(done);
  return out;
}

std::shared_ptr<StreamFiles> StreamFiles::make(ShelfSource shelf, Clock& clock, Options options) {
  return std::shared_ptr<StreamFiles>(new StreamFiles(std::move(shelf), clock, std::move(options)));
}

StreamFiles::StreamFiles(ShelfSource shelf, Clock& clock, Options options)
    : shelf_(std::move(shelf)),
      clock_(clock),
      options_(std::move(options)),
      media_fields_{{"Cache-Control", fmt::format("{}, max-age={}, immutable", scope(), kSegmentAge)}} {}

std::optional<HttpResponse> StreamFiles::refuse(const HttpRequest& request) const {
  if (options_.token_secret.empty()) return std::nullopt;
  const std::string token = request.parameter("token").value_or("");
  const TokenVerdict verdict = check_stream_token(token, options_.token_secret, options_.stream, clock_.utc_now());
  if (verdict == TokenVerdict::good) return std::nullopt;
  return failure(403, to_string(verdict));
}

void StreamFiles::handle(const HttpRequest& request, const Responder& respond) const {
  if (auto refused = refuse(request)) return respond(*std::move(refused));
  const std::string_view path =
      std::string_view(request.path).substr(std::min(options_.stream.size() + 2, request.path.size()));
  if (!is_resource_path(path)) return respond(failure(404, "there is nothing here"));
  const ShelfPtr shelf = shelf_();
  if (!shelf) return respond(failure(404, "nothing is on air"));
  const bool with_token = !options_.token_secret.empty();
  const package::ItemPtr item = shelf->find(path);
  if (item && item->kind != ItemKind::media_playlist)
    return respond(answer(Asked(request, with_token), item, false, *shelf));
  if (path == kClock) return respond(time_now());
  package::Reload directives;
  if (path.ends_with(".m3u8")) {
    const Result<package::Reload> given = parse_reload(request.query);
    if (!given) return respond(failure(400, given.error().describe()));
    directives = *given;
  }
  if (item && !directives.any()) return respond(answer(Asked(request, with_token), item, false, *shelf));
  const auto waiting = std::make_shared<const Waiting>(
      Waiting{shared_from_this(), shelf, Asked(request, with_token), respond, directives.msn.has_value()});
  if (!item && path.ends_with(".m4s") && path.find(".p") == std::string_view::npos)
    return answer_growing(waiting, std::string(path));
  // Also what is not there yet, of a stream that begins, or the next part: the shelf knows what will come.
  shelf->reload(path, directives, when_there(waiting));
}

// The present, for who must know it to the millisecond (DASH, "http-iso").
HttpResponse StreamFiles::time_now() const {
  HttpResponse response{200, "text/plain", package::utc_text(clock_.utc_now())};
  response.headers.add("Cache-Control", kNoStore);
  return response;
}

// RFC 8216bis asks that no byte of a part goes out before it is whole; a segment's parts each do so one after the
// other, as low-latency DASH takes them.
void StreamFiles::answer_growing(const WaitingPtr& waiting, const std::string& path) {
  const auto next = std::make_shared<std::size_t>(0);
  // Holds nothing of the connection; each call is for one part more.
  const auto part = [shelf = waiting->shelf, path, next](std::function<void(package::Answer)> then) {
    shelf->follow(path, (*next)++, std::move(then));
  };
  part([waiting, path, part](package::Answer first) {
    waiting->respond.aside([waiting, path, part, first = std::move(first)] {
      // None of those that grow: it may be on disk, or never have been.
      if (first.status != 200) return waiting->shelf->reload(path, {}, when_there(waiting));
      HttpResponse response{200, "video/mp4", {}};
      if (first.item) {
        response.content_type = first.item->content_type;
        response.body.owner = first.item;
        response.body.bytes = first.item->bytes;
      }
      const StreamFiles& files = *waiting->files;
      response.headers.add(files.media_fields_);
      files.options_.served(waiting->asked, {ItemKind::segment, 200, response.body.bytes.size()});
      response.more = [part](std::function<void(Piece)> then) {
        part([then = std::move(then)](const package::Answer& got) {
          Piece piece;
          piece.is_last = got.status == 204;
          piece.broken = got.status != 200 && got.status != 204;
          if (got.item) {
            piece.body.owner = got.item;
            piece.body.bytes = got.item->bytes;
          }
          then(std::move(piece));
        });
      };
      waiting->respond(std::move(response));
    });
  });
}

// The shelf calls back on the packager's thread, which has other things to do than to write headers.
std::function<void(package::Answer)> StreamFiles::when_there(WaitingPtr waiting) {
  return [waiting = std::move(waiting)](package::Answer got) {
    waiting->respond.aside([waiting, got = std::move(got)] {
      const auto& [files, shelf, asked, respond, blocking] = *waiting;
      if (got.status == 200 && got.item) return respond(files->answer(asked, got.item, blocking, *shelf));
      respond(failure(got.status == 200 ? 503 : got.status, got.why));
    });
  };
}

// Playlists without directives change with every part, so they are kept for less than half of one, which whole seconds
// cannot say; with directives they stay as they are, and are asked for by all viewers at once, which is what caches on
// the way are good at.
std::string StreamFiles::cache_control(ItemKind kind, bool blocking, const package::Shelf& shelf) const {
  switch (kind) {
    case ItemKind::key:
      return kNoStore;
    case ItemKind::init:
      // Asked for once a player; another encoder may write another one.
      return fmt::format(FMT_COMPILE("{}, no-cache"), scope());
    default:
      break;
  }
  const std::int64_t target = std::chrono::ceil<Seconds>(shelf.target_duration()).count();
  if (blocking) return fmt::format(FMT_COMPILE("{}, max-age={}"), scope(), std::max<std::int64_t>(1, 6 * target));
  const bool parts = shelf.part_target() > Nanos(0);
  return parts || target < 2 ? std::string(kNoStore) : fmt::format(FMT_COMPILE("{}, max-age={}"), scope(), target / 2);
}

HttpResponse StreamFiles::answer(const Asked& asked, const package::ItemPtr& item, bool blocking,
                                 const package::Shelf& shelf) const {
  const bool text = is_text(item->kind);
  const bool carries_token = text && !options_.token_secret.empty();
  const bool gzip = text && asked.gzip && (item->gzip || item->gzip_later || carries_token);
  const std::string etag = etag_of(*item, gzip);
  const UtcInstant modified = clock_.utc_now() - (clock_.now() - item->made);

  HttpResponse response;
  response.content_type = item->content_type;
  const bool media = package::is_media(item->kind);
  if (media) response.headers.add(media_fields_);
  if (!media) response.headers.add("Cache-Control", cache_control(item->kind, blocking, shelf));
  if (text) response.headers.add("Vary", "Accept-Encoding");
  if (!etag.empty()) response.headers.add("ETag", etag);
  response.headers.add("Last-Modified", http_date(modified));

  if (is_unchanged(asked, etag, modified)) {
    response.status = 304;
    response.content_type.clear();
  } else if (carries_token) {
    std::string own = remote::with_token(*item, asked.token);
    if (gzip) own = ffi::gzip(own);
    response.body = Body(std::move(own));
  } else if (gzip) {
    response.body = Body(item->gzip ? item->gzip : item->gzip_later());
  } else {
    response.body.owner = item;
    response.body.bytes = item->bytes;
  }
  if (gzip && response.status == 200) response.headers.add("Content-Encoding", "gzip");
  if (!text && response.status == 200) response.headers.add("Accept-Ranges", "bytes");
  if (!text && response.status == 200 && !asked.head && is_same(asked, etag, modified)) {
    const ByteRange range = parse_range(asked.condition("range"), item->bytes.size());
    if (range.kind == ByteRange::Kind::unsatisfiable) {
      response = failure(416, "there are no such bytes");
      response.headers.add("Content-Range", fmt::format("bytes */{}", item->bytes.size()));
    } else if (range.kind == ByteRange::Kind::part) {
      response.status = 206;
      response.headers.add("Content-Range", fmt::format("bytes {}-{}/{}", range.first, range.first + range.count - 1,
                                                        item->bytes.size()));
      response.body.bytes = item->bytes.substr(range.first, range.count);
    }
  }
  options_.served(asked, {item->kind, response.status, asked.head ? 0 : response.body.bytes.size()});
  return response;
}

}  // namespace mainstay::remote
