#include "engine/studio/state_json.h"

#include <cmath>

#include "engine/studio/hls_json.h"

namespace mainstay {

namespace {

// Three decimals are enough for anybody, and do not fill what is sent with binary fractions.
double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

Json optional_number(const std::optional<double>& value) {
  return value ? Json(rounded(*value)) : Json(nullptr);
}

Json media_json(const MediaSnapshot& m) {
  return {{"position_ms", m.position_ms},
          {"duration_ms", m.duration_ms ? Json(*m.duration_ms) : Json(nullptr)},
          {"paused", m.paused}};
}

Json source_json(const SourceSnapshot& s) {
  return {{"media", s.media ? media_json(*s.media) : Json(nullptr)},
          {"type", s.type},
          {"state", s.state},
          {"detail", s.detail},
          {"input", s.input},
          {"on_air", s.on_air},
          {"on_preview", s.on_preview},
          {"frames", s.frames},
          {"repeated", s.repeated},
          {"skipped", s.skipped}};
}

Json encoder_json(const EncoderSnapshot& e) {
  return {{"encoder", e.encoder},
          {"frames", e.frames},
          {"dropped", e.dropped},
          {"kbps_mean", rounded(e.kbps_mean)},
          {"kbps_peak_1s", rounded(e.kbps_peak_1s)},
          {"error", e.error}};
}

Json leg_json(const LegSnapshot& leg) {
  Json outages = Json::array();
  for (const OutageSnapshot& o : leg.outages) {
    outages.push_back({{"start_s", rounded(o.start_s)},
                       {"detect_ms", rounded(o.detect_ms)},
                       {"recover_ms", optional_number(o.recover_ms)}});
  }
  Json steps = Json::array();
  for (const StepSnapshot& s : leg.steps) {
    steps.push_back({{"at_s", rounded(s.at_s)}, {"from", s.from}, {"to", s.to}, {"reason", s.reason}});
  }
  Json details = Json::object();
  for (const auto& [name, value] : leg.details) details[name] = rounded(value);
  return {{"url", leg.url},
          {"state", to_string(leg.state)},
          {"in_state_s", rounded(seconds(leg.in_state))},
          {"detail", leg.detail},
          {"retry_in_s", leg.retry_in ? Json(rounded(seconds(*leg.retry_in))) : Json(nullptr)},
          {"connects", leg.connects},
          {"bytes", leg.bytes},
          {"packets", leg.packets},
          {"dropped", leg.dropped},
          {"kbps", rounded(leg.kbps)},
          {"queued_ms", rounded(seconds(leg.queued) * 1000)},
          {"rtt_ms", rounded(seconds(leg.rtt) * 1000)},
          {"first_connect_ms", optional_number(leg.first_connect_ms)},
          {"outages", std::move(outages)},
          {"rendition", leg.rendition},
          {"rendition_height", leg.rendition_height},
          {"full", leg.full},
          {"step_count", leg.step_count},
          {"steps", std::move(steps)},
          {"details", std::move(details)}};
}

Json monitor_json(const MonitorSnapshot& m) {
  return {{"device", m.device},
          {"state", m.state},
          {"detail", m.detail},
          {"bus", m.bus},
          {"gain_db", m.gain_db},
          {"underruns", m.underruns},
          {"latency_ms", rounded(m.latency_ms)},
          {"enabled", m.enabled},
          {"mute", m.mute},
          {"wanted", m.wanted}};
}

Json audience_json(const AudienceSnapshot& a) {
  Json alerts = Json::array();
  for (const AudienceAlert& alert : a.alerts)
    alerts.push_back({{"kind", alert.kind}, {"value", rounded(alert.value)}, {"limit", rounded(alert.limit)}});
  return {{"address", a.address},
          {"state", a.state},
          {"detail", a.detail},
          {"viewers", a.viewers},
          {"sessions", a.sessions},
          {"latency_s", optional_number(a.latency_s)},
          {"startup_s", optional_number(a.startup_s)},
          {"rebuffer_ratio", rounded(a.rebuffer_ratio)},
          {"error_ratio", rounded(a.error_ratio)},
          {"connections", a.connections},
          {"requests", a.requests},
          {"bytes", a.bytes},
          {"alerts", std::move(alerts)}};
}

Json program_json(const ProgramSnapshot& p) {
  Json transition = nullptr;
  if (p.transition)
    transition = {
        {"name", p.transition->name}, {"from", p.transition->from}, {"position", rounded(p.transition->position)}};
  return {{"width", p.width},
          {"height", p.height},
          {"rate", p.rate.str()},
          {"scene", p.scene},
          {"preview", p.preview},
          {"studio_mode", p.studio_mode},
          {"transition_name", p.transition_name},
          {"transition_ms", rounded(seconds(p.transition_length) * 1000)},
          {"transition", std::move(transition)},
          {"black", rounded(p.black)},
          {"to_black", p.to_black},
          {"frames", p.rendered},
          {"late", p.late},
          {"repeated", p.repeated}};
}

Json layer_json(const LayerSnapshot& layer) {
  Json filters = Json::array();
  for (const FilterSnapshot& filter : layer.filters)
    filters.push_back({{"name", filter.name},
                       {"type", filter.kind},
                       {"enabled", filter.enabled},
                       {"values", filter.values},
                       {"state", filter.state},
                       {"detail", filter.detail}});
  return {{"name", layer.name},     {"source", layer.source},        {"visible", layer.visible},
          {"locked", layer.locked}, {"filters", std::move(filters)}, {"sound_ahead_ms", rounded(layer.sound_ahead_ms)}};
}

}  // namespace

Json to_json(const Snapshot& s) {
  Json json{{"phase", to_string(s.phase)}, {"failure", s.failure}, {"elapsed_s", rounded(seconds(s.elapsed))}};
  json["show"] = {
      {"name", s.show_name}, {"path", s.show_path}, {"revision", s.revision}, {"saved_revision", s.saved_revision}};
  json["program"] = program_json(s.program);
  json["scenes"] = s.scenes;
  json["layers"] = Json::object();
  for (const SceneSnapshot& scene : s.layers) {
    Json& layers = json["layers"][scene.name] = Json::array();
    for (const LayerSnapshot& layer : scene.layers) layers.push_back(layer_json(layer));
  }
  json["transitions"] = s.transitions;
  json["stingers"] = Json::object();
  for (const StingerSnapshot& stinger : s.stingers) {
    json["stingers"][stinger.name] = {{"state", stinger.state},
                                      {"detail", stinger.detail},
                                      {"length_ms", stinger.length_ms ? Json(*stinger.length_ms) : Json(nullptr)}};
  }
  json["sources"] = Json::object();
  for (const SourceSnapshot& source : s.sources) json["sources"][source.name] = source_json(source);
  json["mixer"] = to_json(s.mixer);
  json["watches"] = Json::array();
  for (const WatchSnapshot& watch : s.watches) {
    json["watches"].push_back({{"subject", watch.subject},
                               {"program", watch.program},
                               {"kind", watch.kind},
                               {"since_s", rounded(watch.since_s)},
                               {"value", rounded(watch.value)},
                               {"set_ms", rounded(watch.set_ms)}});
  }
  json["monitor"] = nullptr;
  if (s.monitor) json["monitor"] = monitor_json(*s.monitor);
  json["encoders"] = Json::object();
  for (const EncoderSnapshot& encoder : s.encoders) json["encoders"][encoder.name] = encoder_json(encoder);
  json["legs"] = Json::object();
  for (const LegSnapshot& leg : s.legs) json["legs"][leg.destination][leg.role] = leg_json(leg);
  json["audience"] = nullptr;
  if (s.audience) json["audience"] = audience_json(*s.audience);
  json["recorder"] = nullptr;
  if (s.recorder) {
    json["recorder"] = {{"path", s.recorder->path},
                        {"state", s.recorder->state},
                        {"detail", s.recorder->detail},
                        {"bytes", s.recorder->bytes}};
  }
  json["hls"] = s.hls ? hls_json(*s.hls) : Json(nullptr);
  return json;
}

}  // namespace mainstay
