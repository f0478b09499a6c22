#include "tests/engine/remote/obs/fake_port.h"

#include <algorithm>

namespace mainstay::obs {

namespace {

Json first_document() {
  return Json::parse(R"({
    "mainstay": 1, "name": "Channel One",
    "program": {"width": 1280, "height": 720, "rate": "25/1"},
    "sources": {
      "bars": {"type": "bars", "tone_hz": 440},
      "clip": {"type": "file", "path": "media/clip.mp4", "loop": true}
    },
    "scenes": {
      "Break": {"layers": [{"source": "bars"}]},
      "Main": {"layers": [{"source": "clip"}, {"source": "bars", "x": 900, "y": 40, "width": 320, "height": 180,
                                                "fit": "cover", "visible": false}]}
    },
    "on_air": "Main",
    "destinations": {"platform": {"main": {"url": "rtmp://127.0.0.1:1935/live", "key": "***"},
                                  "backup": {"url": "srt://127.0.0.1:9002", "passphrase": "***"}}},
    "record": {"path": "recordings/%H.mp4"}
  })");
}

FramePtr gray(int width, int height) {
  WritableFrame frame = WritableFrame::make(width, height);
  frame.fill(126, 128, 128);
  return std::move(frame).freeze();
}

}  // namespace

FakePort::FakePort() : document_(first_document()) {
  snapshot_.show_name = "Channel One";
  snapshot_.show_path = "/tmp/show.json";
  snapshot_.program.width = 1280;
  snapshot_.program.height = 720;
  snapshot_.program.rate = {25, 1};
}

void FakePort::call(std::string command, Json params, Caller caller, Reply reply) {
  std::unique_lock lock(mutex_);
  const std::size_t events_before = events_.size();
  const bool reads = command == "show.get" || command == "state.get";
  if (!reads) {
    calls_.emplace_back(command, params);
    last_caller_ = caller;
  }
  CallResult result =
      fail_with_ && !reads ? CallResult::failure(*fail_with_, "as the test wants") : run(command, params, caller);
  if (hold_ && !reads) {
    held_.emplace_back(std::move(reply), std::move(result));
    return;
  }
  const bool told = events_.size() > events_before;
  lock.unlock();
  if (told) add_event({}, {});
  reply(std::move(result));
}

CallResult FakePort::run(const std::string& command, const Json& params, const Caller& caller) {
  if (command == "show.get") return {document_, std::nullopt};
  if (command == "state.get") return {Json{{"phase", to_string(snapshot_.phase)}}, std::nullopt};
  if (command == "event.types") return {Json::array({"a", "b"}), std::nullopt};
  if (caller.role == Role::view) return CallResult::failure(CallErrc::denied, "the role view does not suffice");
  if (command == "program.start") return start();
  if (command == "program.stop") return stop();
  if (command == "record.start") return record(true);
  if (command == "record.stop") return record(false);
  if (command == "destination.start") return destination(params["name"], true);
  if (command == "destination.stop") return destination(params["name"], false);
  if (mix(command, params)) return {Json{{"revision", ++revision_}}, std::nullopt};
  if (command == "program.cut" || (command == "program.auto" && params.contains("scene"))) {
    const std::string scene = params["scene"];
    document_["on_air"] = scene;
    if (snapshot_.phase == Phase::on_air) {
      note("program.scene", scene, {{"from", snapshot_.program.scene}});
      snapshot_.program.scene = scene;
    } else {
      note("show.changed", "Channel One");
    }
    return {Json{{"revision", ++revision_}}, std::nullopt};
  }
  if (command == "show.patch") {
    if (caller.role != Role::admin) return CallResult::failure(CallErrc::denied, "the role operate does not suffice");
    document_ = document_.patch(params["patch"]);
    note("show.changed", "Channel One");
    return {Json{{"revision", ++revision_}}, std::nullopt};
  }
  if (command.starts_with("source.")) {
    note("source.action", params["name"], {{"action", command.substr(command.find('.') + 1)}});
    return {Json(), std::nullopt};
  }
  if (command == "mixer.set" || command == "mixer.send") return mix_sound(command == "mixer.send", params);
  return CallResult::failure(CallErrc::unknown_command, "there is no command " + command);
}

// Scenes, layers, preview and transitions, as simply as the protocol's tests need them. False: no such command.
bool FakePort::mix(const std::string& command, const Json& p) {
  const auto merge = [](Json& object, const Json& values) {
    for (const auto& [key, value] : values.items()) object[key] = value;
  };
  if (command == "preview.set") {
    document_["preview"] = p["scene"];
  } else if (command == "preview.studio_mode") {
    document_["studio_mode"] = p["on"];
  } else if (command == "transition.choose") {
    document_["transition"] = p["name"];
    if (p.contains("duration_ms"))
      merge(document_["transitions"][p["name"].get<std::string>()],
            {{"type", p["name"]}, {"duration_ms", p["duration_ms"]}});
  } else if (command == "transition.set") {
    const std::string name = p["name"];
    document_["transitions"][name]["type"] = name;
    merge(document_["transitions"][name], p["values"]);
  } else if (command == "scene.add") {
    document_["scenes"][p["name"].get<std::string>()] = Json::object();
  } else if (command == "scene.remove") {
    document_["scenes"].erase(p["name"].get<std::string>());
  } else if (command == "scene.rename") {
    document_["scenes"][p["to"].get<std::string>()] = document_["scenes"][p["name"].get<std::string>()];
    document_["scenes"].erase(p["name"].get<std::string>());
  } else if (command == "scene.set") {
    merge(document_["scenes"][p["name"].get<std::string>()], p["values"]);
  } else if (command.starts_with("filter.")) {
    edit_filters(command, document_["scenes"][p["scene"].get<std::string>()]["layers"], p);
  } else if (command.starts_with("layer.")) {
    edit_layers(command, document_["scenes"][p["scene"].get<std::string>()]["layers"], p);
  } else {
    // The T-bar and what goes on by itself: taken, and not played out.
    return command == "program.transition" || (command == "program.auto" && !p.contains("scene"));
  }
  note("show.changed", "Channel One");
  return true;
}

void FakePort::edit_layers(const std::string& command, Json& layers, const Json& p) {
  if (!layers.is_array()) layers = Json::array();
  if (command == "layer.add") {
    Json layer = p.value("values", Json::object());
    if (p.contains("nested")) {
      const std::string scene = p["nested"];
      document_["sources"]["in " + scene] = {{"type", "scene"}, {"scene", scene}};
      layer["source"] = "in " + scene;
    } else {
      layer["source"] = p["source"];
    }
    layer["name"] = "layer " + std::to_string(++revision_);
    layers.push_back(std::move(layer));
    return;
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string name = layers[i].value("name", layers[i]["source"].get<std::string>());
    if (name != p["layer"]) continue;
    Json layer = layers[i];
    if (command == "layer.set") {
      for (const auto& [key, value] : p["values"].items()) layers[i][key] = value;
      return;
    }
    layers.erase(i);
    if (command == "layer.move") layers.insert(layers.begin() + p["position"].get<int>(), layer);
    return;
  }
}

/// Filters of these tests have names of their own.
void FakePort::edit_filters(const std::string& command, Json& layers, const Json& p) {
  for (Json& layer : layers) {
    if (layer.value("name", layer["source"].get<std::string>()) != p["layer"]) continue;
    Json& filters = layer["filters"];
    if (!filters.is_array()) filters = Json::array();
    if (command == "filter.add") {
      Json filter{{"type", p["type"]}, {"name", p["name"]}};
      filter.update(p["values"]);
      filters.push_back(std::move(filter));
    }
    for (std::size_t i = 0; command != "filter.add" && i < filters.size(); ++i) {
      if (filters[i]["name"] != p["filter"]) continue;
      const Json filter = filters[i];
      if (command == "filter.enable") filters[i]["enabled"] = p["enabled"];
      if (command == "filter.remove" || command == "filter.move") filters.erase(i);
      if (command == "filter.move") filters.insert(filters.begin() + p["position"].get<int>(), filter);
      if (command != "filter.set") break;
      for (const auto& [key, value] : p["values"].items()) {
        if (value.is_null())
          filters[i].erase(key);
        else
          filters[i][key] = value;
      }
      break;
    }
  }
}

CallResult FakePort::mix_sound(bool send, const Json& params) {
  const std::string name = params["strip"];
  Json& strip = document_["mixer"]["strips"][name];
  if (send) {
    params["on"] ? (void)(strip["sends"][params["bus"].get<std::string>()] = Json::object())
                 : (void)strip["sends"].erase(params["bus"].get<std::string>());
  } else {
    for (const auto& [key, value] : params.items()) {
      if (key != "strip") strip[key] = value;
    }
    StripSnapshot now;
    now.gain_db = strip.value("gain_db", 0.0);
    now.mute = strip.value("mute", false);
    now.pan = strip.value("pan", 0.0);
    now.delay_ms = strip.value("delay_ms", 0.0);
    note("mixer.changed", name, {{"kind", "strip"}, {"settings", settings_json(now)}});
  }
  note("show.changed", "Channel One");
  return {Json{{"revision", ++revision_}}, std::nullopt};
}

CallResult FakePort::start() {
  if (snapshot_.phase == Phase::on_air) return CallResult::failure(CallErrc::wrong_state, "on air already");
  snapshot_.phase = Phase::on_air;
  picture_ = gray(snapshot_.program.width, snapshot_.program.height);
  snapshot_.program.scene = document_["on_air"];
  snapshot_.elapsed = Millis(3'723'045);
  snapshot_.program.rendered = 500;
  snapshot_.program.late = 3;
  snapshot_.sources = {{.name = "bars", .type = "bars", .state = "live"},
                       {.name = "clip", .type = "file", .state = "live", .on_air = true}};
  snapshot_.encoders = {{.name = "v0", .frames = 480, .dropped = 2}};
  snapshot_.legs = {{.destination = "platform",
                     .role = "main",
                     .state = LegState::live,
                     .in_state = Seconds(60),
                     .connects = 1,
                     .bytes = 1000,
                     .dropped = 4,
                     .queued = Seconds(1)},
                    {.destination = "platform", .role = "backup", .state = LegState::idle}};
  note("program.starting", "Channel One");
  note("program.started", "Channel One");
  return {};
}

CallResult FakePort::stop() {
  if (snapshot_.phase != Phase::on_air) return CallResult::failure(CallErrc::wrong_state, "nothing is on air");
  snapshot_.phase = Phase::off;
  picture_ = nullptr;
  snapshot_.recorder.reset();
  note("program.stopping", "Channel One");
  note("program.ended", "Channel One", {{"failure", ""}});
  return {};
}

CallResult FakePort::record(bool on) {
  if (on) {
    snapshot_.recorder = RecorderSnapshot{"/tmp/recordings/12.mp4", "recording", {}, 4096};
  } else if (snapshot_.recorder) {
    snapshot_.recorder->state = "stopped";
  }
  note("record.state", "record", {{"state", on ? "recording" : "stopped"}, {"path", "/tmp/recordings/12.mp4"}});
  return {Json{{"revision", ++revision_}}, std::nullopt};
}

CallResult FakePort::destination(const std::string& name, bool on) {
  for (LegSnapshot& leg : snapshot_.legs) {
    if (leg.destination == name) leg.state = on ? LegState::live : LegState::stopped;
  }
  return {Json{{"revision", ++revision_}}, std::nullopt};
}

// Under the lock; call() wakes the listeners.
void FakePort::note(std::string type, std::string subject, Json data) {
  Event event;
  event.number = ++last_event_;
  event.type = std::move(type);
  event.subject = std::move(subject);
  event.message = "something happened";
  event.data = std::move(data);
  events_.push_back(std::move(event));
}

void FakePort::add_event(std::string type, std::string subject, Json data) {
  std::vector<std::shared_ptr<std::function<void()>>> listeners;
  {
    std::lock_guard lock(mutex_);
    if (!type.empty()) note(std::move(type), std::move(subject), std::move(data));
    for (const auto& one : listeners_) {
      if (auto listener = one.lock()) listeners.push_back(std::move(listener));
    }
  }
  for (const auto& listener : listeners) (*listener)();
}

void FakePort::edit(const std::function<void(Json&)>& change, const char* told) {
  {
    std::lock_guard lock(mutex_);
    change(document_);
  }
  add_event(told, "Channel One");
}

void FakePort::set(const std::function<void(Snapshot&)>& change) {
  std::lock_guard lock(mutex_);
  change(snapshot_);
}

void FakePort::set_picture(FramePtr picture) {
  std::lock_guard lock(mutex_);
  picture_ = std::move(picture);
}

void FakePort::forget_events() {
  std::lock_guard lock(mutex_);
  events_.clear();
}

void FakePort::hold_replies() {
  std::lock_guard lock(mutex_);
  hold_ = true;
}

std::size_t FakePort::held() const {
  std::lock_guard lock(mutex_);
  return held_.size();
}

void FakePort::release(std::size_t index) {
  std::unique_lock lock(mutex_);
  auto [reply, result] = std::move(held_.at(index));
  held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(index));
  lock.unlock();
  reply(std::move(result));
}

void FakePort::fail_with(CallErrc code) {
  std::lock_guard lock(mutex_);
  fail_with_ = code;
}

std::vector<std::pair<std::string, Json>> FakePort::calls() const {
  std::lock_guard lock(mutex_);
  return calls_;
}

Caller FakePort::last_caller() const {
  std::lock_guard lock(mutex_);
  return last_caller_;
}

Snapshot FakePort::snapshot() const {
  std::lock_guard lock(mutex_);
  return snapshot_;
}

FramePtr FakePort::program_picture() const {
  std::lock_guard lock(mutex_);
  return picture_;
}

std::vector<Event> FakePort::events(std::int64_t after, std::size_t limit) const {
  std::lock_guard lock(mutex_);
  std::vector<Event> out;
  for (const Event& event : events_) {
    if (event.number > after && out.size() < limit) out.push_back(event);
  }
  return out;
}

std::shared_ptr<void> FakePort::on_event(std::function<void()> listener) {
  auto kept = std::make_shared<std::function<void()>>(std::move(listener));
  std::lock_guard lock(mutex_);
  listeners_.push_back(kept);
  return kept;
}

}  // namespace mainstay::obs
