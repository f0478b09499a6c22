// What people do to sources on air, and what is told of it.
#include <fmt/format.h>

#include "engine/sources/media_control.h"
#include "engine/studio/on_air.h"

namespace mainstay {

const char* to_string(SourceOrder::What what) {
  using enum SourceOrder::What;
  switch (what) {
    case restart:
      return "restart";
    case next:
      return "next";
    case previous:
      return "previous";
    case play:
      return "play";
    case pause:
      return "pause";
    case seek:
      return "seek";
  }
  return "";
}

namespace {

Status carry_out(Source& source, const SourceOrder& order) {
  using enum SourceOrder::What;
  if (order.what == restart) return source.act(SourceAction::restart);
  if (order.what == next) return source.act(SourceAction::next);
  auto* media = dynamic_cast<MediaControl*>(&source);
  if (media == nullptr) return make_error(Errc::unsupported, "{} is for files and playlists", to_string(order.what));
  switch (order.what) {
    case previous:
      return media->previous();
    case seek:
      media->seek(order.position);
      return {};
    default:
      media->pause(order.what == pause);
      return {};
  }
}

}  // namespace

Status OnAir::act_on_source(const std::string& source, const SourceOrder& order) {
  MAINSTAY_TRY(const std::shared_ptr<Source> running, sources_.running(source));
  if (Status done = carry_out(*running, order); !done)
    return wrap(std::move(done).error(), fmt::format("source {}", source));
  show::Json data{{"action", to_string(order.what)}};
  if (order.what == SourceOrder::What::seek) data["position_ms"] = order.position.count();
  services_.events.add(LogLevel::info, "source.action", source, to_string(order.what), std::move(data));
  return {};
}

}  // namespace mainstay
