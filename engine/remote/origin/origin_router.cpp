#include "engine/remote/origin/origin_router.h"

#include <algorithm>

#include "engine/ffi/prometheus/metrics_text.h"
#include "engine/remote/origin/audience_pages.h"
#include "engine/remote/origin/beacon.h"
#include "engine/remote/origin/http_text.h"
#include "engine/remote/origin/player_page.h"

namespace mainstay::remote {

namespace {

using show::Json;

HttpResponse failure(int status, std::string why) {
  HttpResponse response = HttpResponse::refusal(status, std::move(why));
  response.headers.add("Cache-Control", "no-store");
  return response;
}

HttpFields open_to(std::string_view origin) {
  return {{"Access-Control-Allow-Origin", origin},
          {"Access-Control-Expose-Headers", "Age, Date, Content-Length, Content-Range, ETag"}};
}

class Front {
 public:
  Front(OriginSettings settings, OriginParts parts, Clock& clock)
      : settings_(std::move(settings)),
        parts_(std::move(parts)),
        clock_(clock),
        below_("/" + settings_.stream + "/"),
        page_{settings_.title, settings_.stream, settings_.low_latency},
        any_origin_(std::count(settings_.allow_origins.begin(), settings_.allow_origins.end(), "*") > 0) {
    StreamFiles::Options options;
    options.stream = settings_.stream;
    options.token_secret = settings_.token_secret;
    options.served = [book = parts_.book](const Asked& asked, const Served& served) {
      book->note({asked.ip, asked.agent, served.kind, asked.cmcd});
    };
    files_ = StreamFiles::make(parts_.shelf, clock_, std::move(options));
  }

  void get(const HttpRequest& request, const Responder& respond) const {
    say_more(request, respond);
    if (!parts_.rate->take(request.peer.ip)) return respond(too_many());
    if (request.path.starts_with(below_)) return files_->handle(request, respond);
    if (request.path == "/metrics" || request.path == "/metrics/players.json")
      return respond(may_measure(request) ? metrics(request) : failure(404, "there is nothing here"));
    if (settings_.player) {
      if (auto file = player_file(request, page_, clock_.utc_now())) return respond(*std::move(file));
    }
    respond(failure(404, "there is nothing here"));
  }

  void post(const HttpRequest& request, const Responder& respond) const {
    say_more(request, respond);
    if (!parts_.rate->take(request.peer.ip)) return respond(too_many());
    if (request.path != "/beacon") return respond(failure(404, "there is nothing here"));
    if (auto refused = files_->refuse(request)) return respond(*std::move(refused));
    const Result<Beacon> beacon = parse_beacon(request.body);
    if (!beacon) return respond(failure(400, beacon.error().describe()));
    parts_.book->report(request.peer.ip, request.header("user-agent"), *beacon);
    respond({204, "", {}});
  }

  // What a browser asks before a page of another site may (Fetch, "CORS-preflight fetch").
  void preflight(const HttpRequest& request, const Responder& respond) const {
    say_more(request, respond);
    if (!parts_.rate->take(request.peer.ip)) return respond(too_many());
    HttpResponse response{204, "", {}};
    response.headers = {
        {"Allow", "GET, HEAD, OPTIONS, POST"},
        {"Access-Control-Allow-Methods", "GET, HEAD, OPTIONS, POST"},
        {"Access-Control-Allow-Headers", "Range, Content-Type, CMCD-Object, CMCD-Request, CMCD-Session, CMCD-Status"},
        {"Access-Control-Max-Age", "86400"}};
    respond(std::move(response));
  }

 private:
  static HttpResponse too_many() {
    HttpResponse response = failure(429, "this address asks too often");
    response.headers.add("Retry-After", "1");
    return response;
  }

  // Through a proxy on this machine everybody looks local.
  bool may_measure(const HttpRequest& request) const {
    if (settings_.metrics == show::HlsMetrics::open) return true;
    return settings_.metrics == show::HlsMetrics::local && request.peer.loopback &&
           request.header("x-forwarded-for").empty() && request.header("forwarded").empty();
  }

  HttpResponse metrics(const HttpRequest& request) const {
    const AudienceFigures figures = parts_.book->figures();
    HttpResponse response;
    if (request.path == "/metrics") {
      response = {200, ffi::MetricsText::content_type(), metrics_page(figures, parts_.counters())};
    } else {
      response = HttpResponse::json(200, players_json(figures).dump(-1, ' ', false, Json::error_handler_t::replace));
    }
    response.headers.add("Cache-Control", "no-store");
    return response;
  }

  // Each answer says when it was made and who may read it.
  void say_more(const HttpRequest& request, const Responder& respond) const {
    if (any_origin_) {
      return respond.finish([&clock = clock_](HttpResponse& response) {
        static const HttpFields kOpenToAll = open_to("*");
        response.headers.add("Date", http_date(clock.utc_now()));
        response.headers.add(kOpenToAll);
      });
    }
    HttpFields fields{{"Vary", "Origin"}};
    const std::string_view asks = request.header("origin");
    const auto& open = settings_.allow_origins;
    if (!asks.empty() && std::count(open.begin(), open.end(), asks) > 0) fields.add(open_to(asks));
    respond.finish([fields = std::move(fields), &clock = clock_](HttpResponse& response) {
      response.headers.add("Date", http_date(clock.utc_now()));
      response.headers.add(fields);
    });
  }

  const OriginSettings settings_;
  const OriginParts parts_;
  Clock& clock_;
  const std::string below_;
  const PlayerPage page_;
  const bool any_origin_;
  std::shared_ptr<const StreamFiles> files_;
};

}  // namespace

std::shared_ptr<const Router> make_origin_router(const OriginSettings& settings, const OriginParts& parts,
                                                 Clock& clock) {
  const auto front = std::make_shared<const Front>(settings, parts, clock);
  auto router = std::make_shared<Router>();
  router->http("GET", "*",
               [front](const HttpRequest& request, const Responder& respond) { front->get(request, respond); });
  router->http("POST", "*",
               [front](const HttpRequest& request, const Responder& respond) { front->post(request, respond); });
  router->http("OPTIONS", "*",
               [front](const HttpRequest& request, const Responder& respond) { front->preflight(request, respond); });
  return router;
}

}  // namespace mainstay::remote
