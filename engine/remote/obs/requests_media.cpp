// What is played: where it is, and play, pause and the like.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/remote/obs/lookup.h"
#include "engine/remote/obs/media.h"
#include "engine/show/suggest.h"

namespace mainstay::obs {

namespace {

/// An input that runs and plays something; others are answered.
void with_media(const CallPtr& call,
                std::function<void(const std::string& input, const SourceSnapshot&, const MediaSnapshot&)> then) {
  with_input(call, [call, then = std::move(then)](const ShowView& view, const std::string& input) {
    const std::string kind = view.input_kind(input);
    if (kind != "file" && kind != "playlist")
      return call->fail(RequestStatus::invalid_resource_type,
                        fmt::format("The input {} plays no file.", show::in_quotes(input)));
    const Snapshot snapshot = call->services.studio.snapshot();
    const auto found = std::find_if(snapshot.sources.begin(), snapshot.sources.end(),
                                    [&](const SourceSnapshot& source) { return source.name == input; });
    const SourceSnapshot source = found != snapshot.sources.end() ? *found : SourceSnapshot{};
    then(input, source, source.media.value_or(MediaSnapshot{}));
  });
}

void get_media_input_status(const CallPtr& call) {
  with_media(call, [call](const std::string&, const SourceSnapshot& source, const MediaSnapshot& media) {
    call->succeed({{"mediaState", media_state(source)},
                   {"mediaDuration", media.duration_ms ? Json(*media.duration_ms) : Json(nullptr)},
                   {"mediaCursor", source.media ? Json(media.position_ms) : Json(nullptr)}});
  });
}

void seek(const CallPtr& call, const std::string& input, double to_ms) {
  command(call, "source.seek", {{"name", input}, {"position_ms", static_cast<std::int64_t>(std::max(0.0, to_ms))}});
}

void set_media_input_cursor(const CallPtr& call) {
  with_media(call, [call](const std::string& input, const SourceSnapshot&, const MediaSnapshot&) {
    seek(call, input, call->data["mediaCursor"].get<double>());
  });
}

void offset_media_input_cursor(const CallPtr& call) {
  with_media(call, [call](const std::string& input, const SourceSnapshot&, const MediaSnapshot& media) {
    seek(call, input, static_cast<double>(media.position_ms) + call->data["mediaCursorOffset"].get<double>());
  });
}

void trigger_media_input_action(const CallPtr& call) {
  with_media(call, [call](const std::string& input, const SourceSnapshot&, const MediaSnapshot&) {
    const std::string wanted = call->text("mediaAction");
    if (wanted == kNoAction) return call->succeed();
    if (wanted == kStopAction) {  // at its beginning, and still
      command(call, "source.pause", {{"name", input}}, [](const CallResult&) {});
      return seek(call, input, 0);
    }
    const std::string action = action_of(wanted);
    if (action.empty())
      return call->fail(RequestStatus::invalid_field,
                        "`mediaAction` is OBS_WEBSOCKET_MEDIA_INPUT_ACTION_ and PLAY, PAUSE, STOP, RESTART, NEXT, "
                        "PREVIOUS or NONE.");
    command(call, "source." + action, {{"name", input}});
  });
}

RequestField cursor(std::string name, std::optional<double> min) {
  return {.name = std::move(name), .type = FieldType::number, .required = true, .min = min, .max = 2e9};
}

}  // namespace

void add_media_requests(RequestTable& table) {
  table.add({"GetMediaInputStatus", Role::view, name_or_uuid("input"), get_media_input_status});
  table.add({"SetMediaInputCursor", Role::operate, name_or_uuid("input", {cursor("mediaCursor", 0)}),
             set_media_input_cursor});
  table.add({"OffsetMediaInputCursor", Role::operate, name_or_uuid("input", {cursor("mediaCursorOffset", -2e9)}),
             offset_media_input_cursor});
  table.add({"TriggerMediaInputAction", Role::operate, name_or_uuid("input", {required("mediaAction")}),
             trigger_media_input_action});
}

}  // namespace mainstay::obs
