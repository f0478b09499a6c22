// Who watches the stream that is served from here, and who may.
#include "engine/studio/commands.h"
#include "engine/studio/event_json.h"
#include "engine/studio/stream_token.h"

namespace mainstay {

namespace {

struct TokenParams {
  int lifetime_s = 0;
};

// Where viewers find the page: as the origin says while it listens, or as the show does.
std::string base_of(const StudioCore& core, const show::Hls& hls) {
  if (const auto audience = core.audience(); audience && !audience->address.empty()) return audience->address;
  if (!hls.public_url.empty()) return hls.public_url + (hls.public_url.ends_with('/') ? "" : "/");
  return fmt::format("{}://{}/", hls.tls_cert.empty() ? "http" : "https", hls.listen);
}

CallResult make_token(StudioCore& core, const TokenParams& params) {
  const OpenShowPtr open = core.open_show();
  if (!open) return CallResult::failure(CallErrc::wrong_state, "no show is open");
  if (!open->show.hls) return CallResult::failure(CallErrc::wrong_state, "the show has no section \"hls\"");
  if (open->show.hls->access.mode != show::HlsAccessMode::token)
    return CallResult::failure(CallErrc::wrong_state, "everybody may watch: /hls/access/mode is \"none\"");
  const auto hls = core.secrets().resolve(*open->show.hls);
  if (!hls) return {nullptr, to_call_error(hls.error())};
  const int lifetime_s = params.lifetime_s > 0 ? params.lifetime_s : hls->access.lifetime_s;
  const UtcInstant expires = std::chrono::floor<Seconds>(core.clock().utc_now()) + Seconds(lifetime_s);
  const std::string token = make_stream_token(hls->access.secret, hls->name, expires);
  const std::string base = base_of(core, *hls);
  return {Json{{"token", token},
               {"expires", rfc3339(expires)},
               {"page", hls->player ? Json(fmt::format("{}?token={}", base, token)) : Json(nullptr)},
               {"stream", fmt::format("{}{}/index.m3u8?token={}", base, hls->name, token)}},
          std::nullopt};
}

}  // namespace

void add_audience_commands(CommandRegistry& registry, StudioCore& core) {
  registry.add({.name = "hls.viewers",
                .help = "Who watches the stream that is served from here, as their players report it.",
                .role = Role::view,
                .reads = true,
                .result = returns(show::FieldKind::object,
                                  "{viewers, latency_s, startup_s, rebuffer_ratio, error_ratio, recent, all, regions, "
                                  "devices}, "
                                  "as /metrics/players.json.")},
               show::Section<NoParams>("hls.viewers", ""), [&core](const NoParams&, const Caller&, const Reply& reply) {
                 Json viewers = core.viewers();
                 if (viewers.is_null())
                   return reply(CallResult::failure(CallErrc::wrong_state, "no stream is served from here"));
                 reply({std::move(viewers), std::nullopt});
               });
  registry.add(
      {.name = "hls.token",
       .help = "Lets somebody watch for a while: a token for the stream that is served from here.",
       .result = returns(show::FieldKind::object, "{token, expires, page, stream}: the last two are addresses.")},
      show::Section<TokenParams>("hls.token", "")
          .field("lifetime_s", &TokenParams::lifetime_s,
                 {.min = 0, .max = 604'800, .unit = "s", .help = "0: as /hls/access/lifetime_s says."}),
      [&core](const TokenParams& params, const Caller&, const Reply& reply) {
        core.answer_aside([&core, params] { return make_token(core, params); }, reply);
      });
}

}  // namespace mainstay
