#include "engine/remote/obs/translator.h"

#include <algorithm>
#include <utility>

#include "engine/remote/obs/media.h"
#include "engine/remote/obs/volume.h"
#include "engine/studio/event_json.h"

namespace mainstay::obs {

namespace {

constexpr std::string_view kStarting = "OBS_WEBSOCKET_OUTPUT_STARTING";
constexpr std::string_view kStarted = "OBS_WEBSOCKET_OUTPUT_STARTED";
constexpr std::string_view kStopping = "OBS_WEBSOCKET_OUTPUT_STOPPING";
constexpr std::string_view kStopped = "OBS_WEBSOCKET_OUTPUT_STOPPED";
constexpr std::string_view kReconnecting = "OBS_WEBSOCKET_OUTPUT_RECONNECTING";
constexpr std::string_view kReconnected = "OBS_WEBSOCKET_OUTPUT_RECONNECTED";

std::string text_of(const Json& data, const char* key) {
  if (!data.is_object()) return {};
  const auto found = data.find(key);
  return found != data.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool is_live(const std::string& state) {
  return state == "live" || state == "degraded";
}

ObsEvent vendor_event(const Event& event) {
  return {"VendorEvent",
          intent::kVendors,
          {{"vendorName", "mainstay"}, {"eventType", event.type}, {"eventData", to_json(event)}}};
}

}  // namespace

bool Translator::changes_show(std::string_view type) {
  return type == "show.changed" || type == "show.changing" || type == "show.opened" || type == "show.rolled_back" ||
         type == "show.recovered";
}

void Translator::begin(ShowView view, const Snapshot& snapshot) {
  view_ = std::move(view);
  scene_ = program_scene(snapshot, view_);
  stream_state_ = snapshot.phase == Phase::on_air ? kStarted : kStopped;
  leaving_ = snapshot.program.transition ? snapshot.program.transition->from : std::string();
  active_.clear();
  showing_.clear();
  Out told;
  inputs(told);
  strips_.clear();
  for (const StripSnapshot& strip : snapshot.mixer.strips) strips_[strip.name] = settings_json(strip);
  legs_.clear();
  for (const LegSnapshot& leg : snapshot.legs) {
    legs_[leg.destination + "/" + leg.role] = to_string(leg.state);
    delivered_ |= on_air(leg.state);
  }
}

std::vector<ObsEvent> Translator::translate(const Event& event, const Snapshot&) {
  Out out;
  if (event.type == "program.scene") scene(event.subject, out);
  if (event.type.starts_with("program.transition_")) transition(event, out);
  if (event.type == "program.starting") stream(false, kStarting, out);
  if (event.type == "program.started") {
    legs_.clear();
    delivered_ = false;
    stream(true, kStarted, out);
  }
  if (event.type == "program.stopping") stream(false, kStopping, out);
  if (event.type == "program.ended" || event.type == "program.failed") stream(false, kStopped, out);
  if (event.type == "leg.state") leg(event, out);
  if (event.type == "record.state") record(event, out);
  if (event.type == "mixer.changed") strip(event, out);
  if (event.type == "source.action" || event.type == "source.state") media(event, out);
  inputs(out);
  out.push_back(vendor_event(event));
  return out;
}

std::vector<ObsEvent> Translator::translate(const Event& event, ShowView now, const Snapshot& snapshot) {
  Out out;
  change_show(std::move(now), out);
  scene(program_scene(snapshot, view_), out);
  inputs(out);
  out.push_back(vendor_event(event));
  return out;
}

std::vector<ObsEvent> Translator::catch_up(ShowView now, const Snapshot& snapshot) {
  Out out;
  change_show(std::move(now), out);
  for (const StripSnapshot& s : snapshot.mixer.strips) {
    Event changed;
    changed.subject = s.name;
    changed.data = {{"kind", "strip"}, {"settings", settings_json(s)}};
    strip(changed, out);
  }
  scene(program_scene(snapshot, view_), out);
  const bool active = snapshot.phase == Phase::on_air;
  if (active != (stream_state_ != kStopped)) stream(active, active ? kStarted : kStopped, out);
  inputs(out);
  return out;
}

void Translator::change_show(ShowView now, Out& out) {
  const ShowView before = std::exchange(view_, std::move(now));
  Out differences = show_differences(before, view_);
  std::move(differences.begin(), differences.end(), std::back_inserter(out));
}

void Translator::scene(const std::string& name, Out& out) {
  if (name.empty() || name == scene_) return;
  scene_ = name;
  out.push_back(
      {"CurrentProgramSceneChanged", intent::kScenes, {{"sceneName", name}, {"sceneUuid", view_.scene_uuid(name)}}});
}

void Translator::transition(const Event& event, Out& out) {
  const std::string name = text_of(event.data, "transition");
  const Json data{{"transitionName", name}, {"transitionUuid", view_.transition_uuid(name)}};
  const bool started = event.type == "program.transition_started";
  leaving_ = started ? text_of(event.data, "from") : std::string();
  if (started) return out.push_back({"SceneTransitionStarted", intent::kTransitions, data});
  // One that did not come to its end is over all the same; only of one that did the picture is said to be.
  if (text_of(event.data, "how") == "completed")
    out.push_back({"SceneTransitionVideoEnded", intent::kTransitions, data});
  out.push_back({"SceneTransitionEnded", intent::kTransitions, data});
}

bool Translator::streams() const {
  return stream_state_ != kStopped && stream_state_ != kStarting;
}

std::set<std::string> Translator::inputs_on_air() const {
  if (!streams()) return {};
  std::vector<std::string> seen = view_.inputs_seen(scene_);
  std::set<std::string> out(seen.begin(), seen.end());
  if (view_.has_scene(leaving_)) {
    seen = view_.inputs_seen(leaving_);
    out.insert(seen.begin(), seen.end());
  }
  return out;
}

// An input is active while it is seen on air, and showing while it is seen there or in preview.
void Translator::inputs(Out& out) {
  std::set<std::string> now = inputs_on_air();
  std::set<std::string> shown = now;
  if (streams() && view_.has_scene(view_.preview())) {
    const std::vector<std::string> ready = view_.inputs_seen(view_.preview());
    shown.insert(ready.begin(), ready.end());
  }
  tell_inputs(active_, std::move(now), true, out);
  tell_inputs(showing_, std::move(shown), false, out);
}

void Translator::tell_inputs(std::set<std::string>& told, std::set<std::string> now, bool active, Out& out) {
  const auto tell = [&](const std::string& input, bool on) {
    Json data{{"inputName", input}, {"inputUuid", view_.input_uuid(input)}};
    data[active ? "videoActive" : "videoShowing"] = on;
    if (active)
      out.push_back({"InputActiveStateChanged", intent::kInputActiveStateChanged, std::move(data)});
    else
      out.push_back({"InputShowStateChanged", intent::kInputShowStateChanged, std::move(data)});
  };
  for (const std::string& input : told) {
    if (!now.contains(input) && view_.has_input(input)) tell(input, false);  // of one that is gone, that was told
  }
  for (const std::string& input : now) {
    if (!told.contains(input)) tell(input, true);
  }
  told = std::move(now);
}

void Translator::stream(bool active, std::string_view state, Out& out) {
  if (state == stream_state_) return;
  stream_state_ = state;
  out.push_back(
      {"StreamStateChanged", intent::kOutputs, {{"outputActive", active}, {"outputState", std::string(state)}}});
}

// The stream is one thing to these clients: it is lost when no leg delivers any more, and back with the first that
// does.
void Translator::leg(const Event& event, Out& out) {
  legs_[event.subject] = text_of(event.data, "state");
  const bool live = std::any_of(legs_.begin(), legs_.end(), [](const auto& one) { return is_live(one.second); });
  const bool streams = stream_state_ == kStarted || stream_state_ == kReconnected;
  const bool tries = std::any_of(legs_.begin(), legs_.end(),
                                 [](const auto& one) { return one.second == "backoff" || one.second == "connecting"; });
  if (live && stream_state_ == kReconnecting) stream(true, kReconnected, out);
  if (!live && tries && delivered_ && streams) stream(true, kReconnecting, out);
  delivered_ |= live;
}

void Translator::strip(const Event& event, Out& out) {
  if (text_of(event.data, "kind") != "strip" || !event.data.contains("settings")) return;
  const Json& settings = event.data["settings"];
  const auto known = strips_.try_emplace(event.subject, settings_json(StripSnapshot{})).first;
  Out differences = strip_differences(event.subject, view_.input_uuid(event.subject), known->second, settings);
  std::move(differences.begin(), differences.end(), std::back_inserter(out));
  known->second = settings;
}

void Translator::media(const Event& event, Out& out) {
  const std::string kind = view_.has_input(event.subject) ? view_.input_kind(event.subject) : std::string();
  if (kind != "file" && kind != "playlist") return;
  Json data{{"inputName", event.subject}, {"inputUuid", view_.input_uuid(event.subject)}};
  if (event.type == "source.action") {
    const std::string action = media_action(text_of(event.data, "action"));
    if (action.empty()) return;
    data["mediaAction"] = action;
    return out.push_back({"MediaInputActionTriggered", intent::kMediaInputs, std::move(data)});
  }
  const std::string state = text_of(event.data, "state");
  const std::string from = text_of(event.data, "from");
  if (state == "live" && from != "stalled" && from != "resting")
    out.push_back({"MediaInputPlaybackStarted", intent::kMediaInputs, std::move(data)});
  else if (state == "ended")
    out.push_back({"MediaInputPlaybackEnded", intent::kMediaInputs, std::move(data)});
}

void Translator::record(const Event& event, Out& out) {
  const std::string state = text_of(event.data, "state");
  const std::string path = text_of(event.data, "path");
  const bool active = state == "recording";
  const bool over = state == "stopped" || state == "failed";
  const std::string_view word = active ? kStarted : over ? kStopped : kStarting;
  out.push_back({"RecordStateChanged",
                 intent::kOutputs,
                 {{"outputActive", active},
                  {"outputState", std::string(word)},
                  {"outputPath", over && !path.empty() ? Json(path) : Json(nullptr)}}});
}

}  // namespace mainstay::obs
