// The state's JSON, read back.
#include "engine/studio/hls_json.h"
#include "engine/studio/json_read.h"
#include "engine/studio/state_json.h"

namespace mainstay {

namespace {

using json_read::at;
using json_read::object_at;
using json_read::read;

constexpr double kFarthest = 3e9;  // seconds: a century, and no overflow

Nanos duration_of(const Json& json, const char* key, double unit_s) {
  double number = 0;
  read(json, key, number);
  const double s = number * unit_s;
  return s > -kFarthest && s < kFarthest ? Nanos(static_cast<std::int64_t>(s * 1e9)) : Nanos{0};
}

template <class Enum>
void read_word(const Json& json, const char* key, std::initializer_list<Enum> all, Enum& out) {
  std::string word;
  read(json, key, word);
  for (const Enum one : all) {
    if (word == to_string(one)) out = one;
  }
}

SourceSnapshot source_of(const std::string& name, const Json& json) {
  SourceSnapshot s;
  s.name = name;
  read(json, "type", s.type);
  read(json, "state", s.state);
  read(json, "detail", s.detail);
  read(json, "input", s.input);
  read(json, "on_air", s.on_air);
  read(json, "on_preview", s.on_preview);
  read(json, "frames", s.frames);
  read(json, "repeated", s.repeated);
  read(json, "skipped", s.skipped);
  if (const Json& media = at(json, "media"); media.is_object()) {
    s.media.emplace();
    read(media, "position_ms", s.media->position_ms);
    if (at(media, "duration_ms").is_number()) read(media, "duration_ms", s.media->duration_ms.emplace());
    read(media, "paused", s.media->paused);
  }
  return s;
}

EncoderSnapshot encoder_of(const std::string& name, const Json& json) {
  EncoderSnapshot e;
  e.name = name;
  read(json, "encoder", e.encoder);
  read(json, "frames", e.frames);
  read(json, "dropped", e.dropped);
  read(json, "kbps_mean", e.kbps_mean);
  read(json, "kbps_peak_1s", e.kbps_peak_1s);
  read(json, "error", e.error);
  return e;
}

LegSnapshot leg_of(const std::string& destination, const std::string& role, const Json& json) {
  LegSnapshot leg;
  leg.destination = destination;
  leg.role = role;
  read(json, "url", leg.url);
  read_word(
      json, "state",
      {LegState::idle, LegState::connecting, LegState::live, LegState::degraded, LegState::backoff, LegState::stopped},
      leg.state);
  leg.in_state = duration_of(json, "in_state_s", 1);
  read(json, "detail", leg.detail);
  if (at(json, "retry_in_s").is_number()) leg.retry_in = duration_of(json, "retry_in_s", 1);
  read(json, "connects", leg.connects);
  read(json, "bytes", leg.bytes);
  read(json, "packets", leg.packets);
  read(json, "dropped", leg.dropped);
  read(json, "kbps", leg.kbps);
  leg.queued = duration_of(json, "queued_ms", 1e-3);
  leg.rtt = duration_of(json, "rtt_ms", 1e-3);
  read(json, "first_connect_ms", leg.first_connect_ms);
  if (const Json& outages = at(json, "outages"); outages.is_array()) {
    for (const Json& item : outages) {
      OutageSnapshot& o = leg.outages.emplace_back();
      read(item, "start_s", o.start_s);
      read(item, "detect_ms", o.detect_ms);
      read(item, "recover_ms", o.recover_ms);
    }
  }
  read(json, "rendition", leg.rendition);
  read(json, "rendition_height", leg.rendition_height);
  read(json, "full", leg.full);
  read(json, "step_count", leg.step_count);
  if (const Json& steps = at(json, "steps"); steps.is_array()) {
    for (const Json& item : steps) {
      StepSnapshot& s = leg.steps.emplace_back();
      read(item, "at_s", s.at_s);
      read(item, "from", s.from);
      read(item, "to", s.to);
      read(item, "reason", s.reason);
    }
  }
  for (const auto& [name, value] : object_at(json, "details").items()) {
    if (value.is_number()) leg.details.emplace_back(name, value.get<double>());
  }
  return leg;
}

SceneSnapshot layers_of(const std::string& scene, const Json& json) {
  SceneSnapshot out;
  out.name = scene;
  if (!json.is_array()) return out;
  for (const Json& item : json) {
    LayerSnapshot& layer = out.layers.emplace_back();
    read(item, "name", layer.name);
    read(item, "source", layer.source);
    read(item, "visible", layer.visible);
    read(item, "locked", layer.locked);
    read(item, "sound_ahead_ms", layer.sound_ahead_ms);
    const Json& filters = at(item, "filters");
    if (!filters.is_array()) continue;
    for (const Json& one : filters) {
      FilterSnapshot& filter = layer.filters.emplace_back();
      read(one, "name", filter.name);
      read(one, "type", filter.kind);
      read(one, "enabled", filter.enabled);
      filter.values = object_at(one, "values");
      read(one, "state", filter.state);
      read(one, "detail", filter.detail);
    }
  }
  return out;
}

void read_names(const Json& json, std::vector<std::string>& out) {
  if (!json.is_array()) return;
  for (const Json& name : json) {
    if (name.is_string()) out.push_back(name.get<std::string>());
  }
}

StingerSnapshot stinger_of(const std::string& name, const Json& json) {
  StingerSnapshot s;
  s.name = name;
  read(json, "state", s.state);
  read(json, "detail", s.detail);
  if (at(json, "length_ms").is_number()) read(json, "length_ms", s.length_ms.emplace());
  return s;
}

MonitorSnapshot monitor_of(const Json& json) {
  MonitorSnapshot m;
  read(json, "device", m.device);
  read(json, "state", m.state);
  read(json, "detail", m.detail);
  read(json, "bus", m.bus);
  read(json, "gain_db", m.gain_db);
  read(json, "underruns", m.underruns);
  read(json, "latency_ms", m.latency_ms);
  read(json, "enabled", m.enabled);
  read(json, "mute", m.mute);
  read(json, "wanted", m.wanted);
  return m;
}

void read_watches(const Json& json, std::vector<WatchSnapshot>& out) {
  if (!json.is_array()) return;
  for (const Json& item : json) {
    WatchSnapshot& watch = out.emplace_back();
    read(item, "subject", watch.subject);
    read(item, "program", watch.program);
    read(item, "kind", watch.kind);
    read(item, "since_s", watch.since_s);
    read(item, "value", watch.value);
    read(item, "set_ms", watch.set_ms);
  }
}

void read_program(const Json& json, ProgramSnapshot& program) {
  read(json, "width", program.width);
  read(json, "height", program.height);
  read(json, "scene", program.scene);
  read(json, "preview", program.preview);
  read(json, "studio_mode", program.studio_mode);
  read(json, "transition_name", program.transition_name);
  program.transition_length = duration_of(json, "transition_ms", 1e-3);
  if (const Json& transition = at(json, "transition"); transition.is_object()) {
    TransitionSnapshot& t = program.transition.emplace();
    read(transition, "name", t.name);
    read(transition, "from", t.from);
    read(transition, "position", t.position);
  }
  read(json, "black", program.black);
  read(json, "to_black", program.to_black);
  read(json, "frames", program.rendered);
  read(json, "late", program.late);
  read(json, "repeated", program.repeated);
  std::string rate;
  read(json, "rate", rate);
  if (const auto parsed = Rate::parse(rate)) program.rate = *parsed;
}

AudienceSnapshot audience_of(const Json& json) {
  AudienceSnapshot a;
  read(json, "address", a.address);
  read(json, "state", a.state);
  read(json, "detail", a.detail);
  read(json, "viewers", a.viewers);
  read(json, "sessions", a.sessions);
  read(json, "latency_s", a.latency_s);
  read(json, "startup_s", a.startup_s);
  read(json, "rebuffer_ratio", a.rebuffer_ratio);
  read(json, "error_ratio", a.error_ratio);
  read(json, "connections", a.connections);
  read(json, "requests", a.requests);
  read(json, "bytes", a.bytes);
  for (const Json& one : json_read::list_at(json, "alerts")) {
    AudienceAlert& alert = a.alerts.emplace_back();
    read(one, "kind", alert.kind);
    read(one, "value", alert.value);
    read(one, "limit", alert.limit);
  }
  return a;
}

}  // namespace

Snapshot snapshot_from_json(const Json& state) {
  Snapshot s;
  read_word(state, "phase", {Phase::off, Phase::starting, Phase::on_air, Phase::stopping}, s.phase);
  read(state, "failure", s.failure);
  s.elapsed = duration_of(state, "elapsed_s", 1);
  const Json& show = at(state, "show");
  read(show, "name", s.show_name);
  read(show, "path", s.show_path);
  read(show, "revision", s.revision);
  read(show, "saved_revision", s.saved_revision);
  read_program(at(state, "program"), s.program);
  read_names(at(state, "scenes"), s.scenes);
  read_names(at(state, "transitions"), s.transitions);
  for (const auto& [name, layers] : object_at(state, "layers").items()) s.layers.push_back(layers_of(name, layers));
  for (const auto& [name, json] : object_at(state, "sources").items()) s.sources.push_back(source_of(name, json));
  s.mixer = mixer_from_json(at(state, "mixer"));
  read_watches(at(state, "watches"), s.watches);
  for (const auto& [name, json] : object_at(state, "stingers").items()) s.stingers.push_back(stinger_of(name, json));
  if (const Json& monitor = at(state, "monitor"); monitor.is_object()) s.monitor = monitor_of(monitor);
  for (const auto& [name, json] : object_at(state, "encoders").items()) s.encoders.push_back(encoder_of(name, json));
  for (const auto& [destination, legs] : object_at(state, "legs").items()) {
    if (!legs.is_object()) continue;
    for (const auto& [role, json] : legs.items()) s.legs.push_back(leg_of(destination, role, json));
  }
  if (const Json& audience = at(state, "audience"); audience.is_object()) s.audience = audience_of(audience);
  if (const Json& recorder = at(state, "recorder"); recorder.is_object()) {
    RecorderSnapshot& r = s.recorder.emplace();
    read(recorder, "path", r.path);
    read(recorder, "state", r.state);
    read(recorder, "detail", r.detail);
    read(recorder, "bytes", r.bytes);
  }
  if (const Json& hls = at(state, "hls"); hls.is_object()) s.hls = hls_from_json(hls);
  return s;
}

}  // namespace mainstay
