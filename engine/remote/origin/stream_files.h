// The stream's files over HTTP: playlists (with blocking reload), segments, parts, keys, straight from the shelf and
// without a copy. Conditional and range requests, compression, cache headers, tokens.
// Owned by the origin's router; the shelf is asked for anew with each request, since it changes with what is on air.
// Thread-safety: const members from any thread. Answers that had to wait are made on the thread that serves the
// request.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/core/clock.h"
#include "engine/package/shelf.h"
#include "engine/remote/origin/asked.h"
#include "engine/remote/responder.h"

namespace mainstay::remote {

using ShelfPtr = std::shared_ptr<package::Shelf>;
/// What viewers may fetch at this moment; null: nothing is on air.
using ShelfSource = std::function<ShelfPtr()>;

/// A request that was answered with a resource.
struct Served {
  package::ItemKind kind = package::ItemKind::segment;
  int status = 200;
  std::size_t bytes = 0;
};

class StreamFiles : public std::enable_shared_from_this<StreamFiles> {
 public:
  struct Options {
    std::string stream = "live";  ///< the path begins with /live/
    std::string token_secret;     ///< empty: no token is asked for
    /// Told of each answer; quick.
    std::function<void(const Asked&, const Served&)> served = [](const Asked&, const Served&) {};
  };
  static std::shared_ptr<StreamFiles> make(ShelfSource shelf, Clock& clock, Options options);

  /// GET and HEAD of what stands below /STREAM/.
  void handle(const HttpRequest& request, const Responder& respond) const;
  /// Why a request may not watch; nothing: it may.
  std::optional<HttpResponse> refuse(const HttpRequest& request) const;

 private:
  /// One that is answered when the shelf has what it is for. Together, for there are thousands, and each reference to
  /// what they share costs the threads that serve them.
  struct Waiting {
    std::shared_ptr<const StreamFiles> files;
    ShelfPtr shelf;
    Asked asked;
    Responder respond;
    bool blocking = false;  ///< with delivery directives
  };
  using WaitingPtr = std::shared_ptr<const Waiting>;

  StreamFiles(ShelfSource shelf, Clock& clock, Options options);
  /// Answers with what the shelf gives, now or later, but never on the packager's thread.
  static std::function<void(package::Answer)> when_there(WaitingPtr waiting);
  HttpResponse time_now() const;
  /// A segment that is still made: part by part.
  static void answer_growing(const WaitingPtr& waiting, const std::string& path);
  HttpResponse answer(const Asked& asked, const package::ItemPtr& item, bool blocking,
                      const package::Shelf& shelf) const;
  const char* scope() const { return options_.token_secret.empty() ? "public" : "private"; }
  /// Of what is neither a segment nor a part.
  std::string cache_control(package::ItemKind kind, bool blocking, const package::Shelf& shelf) const;

  const ShelfSource shelf_;
  Clock& clock_;
  const Options options_;
  const HttpFields media_fields_;  ///< how long segments and parts may be kept
};

/// A playlist's text with `?token=TOKEN` behind each of its URIs.
std::string with_token(const package::Item& playlist, std::string_view token);

}  // namespace mainstay::remote
