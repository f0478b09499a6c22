#include "engine/studio/mixer_snapshot.h"

#include <algorithm>
#include <cmath>

#include "engine/show/layers.h"
#include "engine/show/show_schema.h"

namespace mainstay {

using show::Json;

namespace {

// Two decimals: a hundredth of a decibel.
double rounded(double value) {
  return std::round(value * 100) / 100;
}

Json values_json(const ChannelValues& values, int channels) {
  Json out = Json::array();
  for (int c = 0; c < channels; ++c) out.push_back(rounded(values[static_cast<std::size_t>(c)]));
  return out;
}

void add_meter(Json& json, const MeterReading& meter) {
  json["peak_db"] = values_json(meter.peak_db, meter.channels);
  json["held_db"] = values_json(meter.held_db, meter.channels);
  json["rms_db"] = values_json(meter.rms_db, meter.channels);
  json["reduction_db"] = rounded(meter.reduction_db);
}

template <class T>
T value_at(const Json& json, const char* key, T otherwise) {
  const auto found = json.find(key);
  if (found == json.end()) return otherwise;
  if constexpr (std::is_same_v<T, bool>) return found->is_boolean() ? found->get<bool>() : otherwise;
  return found->is_number() ? found->get<T>() : otherwise;
}

/// How many there were.
int read_values(const Json& json, const char* key, ChannelValues& out) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_array()) return 0;
  const std::size_t count = std::min(found->size(), out.size());
  for (std::size_t i = 0; i < count; ++i) {
    if ((*found)[i].is_number()) out[i] = (*found)[i].get<float>();
  }
  return static_cast<int>(count);
}

MeterReading meter_at(const Json& json) {
  MeterReading out;
  if (const int channels = read_values(json, "peak_db", out.peak_db); channels > 0) out.channels = channels;
  read_values(json, "held_db", out.held_db);
  read_values(json, "rms_db", out.rms_db);
  out.reduction_db = value_at(json, "reduction_db", 0.0F);
  return out;
}

StripSnapshot strip_of(const std::string& name, const Json& json) {
  StripSnapshot s;
  s.name = name;
  s.gain_db = value_at(json, "gain_db", s.gain_db);
  s.mute = value_at(json, "mute", s.mute);
  s.solo = value_at(json, "solo", s.solo);
  s.pan = value_at(json, "pan", s.pan);
  s.mono = value_at(json, "mono", s.mono);
  s.delay_ms = value_at(json, "delay_ms", s.delay_ms);
  s.follow_video = value_at(json, "follow_video", s.follow_video);
  s.silent = value_at(json, "silent", s.silent);
  if (const auto filters = json.find("filters"); filters != json.end() && filters->is_object()) s.filters = *filters;
  s.meter = meter_at(json);
  s.meter.latency_ms = value_at(json, "latency_ms", 0.0F);
  return s;
}

BusSnapshot bus_of(const std::string& name, const Json& json) {
  BusSnapshot b;
  b.name = name;
  b.gain_db = value_at(json, "gain_db", b.gain_db);
  b.mute = value_at(json, "mute", b.mute);
  b.meter = meter_at(json);
  b.loudness.momentary = value_at(json, "momentary_lufs", kFloorDb);
  b.loudness.short_term = value_at(json, "short_term_lufs", kFloorDb);
  b.loudness.integrated = value_at(json, "integrated_lufs", kFloorDb);
  b.loudness.range = value_at(json, "range_lu", 0.0F);
  b.loudness.measured_s = value_at(json, "measured_s", 0.0F);
  return b;
}

/// What a strip does besides, as in the document.
Json filters_of(const show::Strip& strip) {
  const bool none =
      !strip.denoise && !strip.gate && strip.eq.empty() && !strip.compressor && !strip.limiter && !strip.duck;
  if (none) return Json::object();
  Json all = show::section_of<show::Strip>().write(strip, {.defaults = true});
  Json out = Json::object();
  for (const char* key : {"denoise", "gate", "eq", "compressor", "limiter", "duck"}) {
    const auto found = all.find(key);
    if (found != all.end() && !found->empty()) out[key] = std::move(*found);
  }
  return out;
}

}  // namespace

MixerSnapshot mixer_snapshot(const show::Show& show) {
  MixerSnapshot out;
  out.layout = show.program.audio_layout;
  for (const auto& [name, source] : show.sources) {
    const bool composed =
        std::holds_alternative<show::SceneSource>(source) || std::holds_alternative<show::MultiviewSource>(source);
    if (composed) continue;  // a scene's sound is that of its layers
    StripSnapshot& s = out.strips.emplace_back();
    s.name = name;
    s.silent = show::is_silent(source);
    const auto found = show.mixer.strips.find(name);
    if (found == show.mixer.strips.end()) continue;
    const show::Strip& strip = found->second;
    s.gain_db = strip.gain_db;
    s.mute = strip.mute;
    s.solo = strip.solo;
    s.pan = strip.pan;
    s.mono = strip.mono;
    s.delay_ms = strip.delay_ms;
    s.follow_video = strip.follow_video;
    s.filters = filters_of(strip);
  }
  for (int i = 0; i < show::kAudioBuses; ++i) {
    const show::BusSettings& bus = show.mixer.buses.of(i);
    BusSnapshot& b = out.buses.emplace_back();
    b.name = show::kAudioBusNames[i];
    b.gain_db = bus.gain_db;
    b.mute = bus.mute;
  }
  const int channels = channels_of(out.layout);
  for (StripSnapshot& s : out.strips) s.meter.channels = channels;
  for (BusSnapshot& b : out.buses) b.meter.channels = channels;
  if (show.mixer.loudness) {
    out.target_lufs = show.mixer.loudness->target_lufs;
    out.tolerance_lu = show.mixer.loudness->tolerance_lu;
  }
  return out;
}

void fill_meters(MixerSnapshot& mixer, const MixerReadings& readings) {
  for (StripSnapshot& strip : mixer.strips) {
    const auto found = std::find_if(readings.strips.begin(), readings.strips.end(),
                                    [&](const auto& named) { return named.first == strip.name; });
    if (found != readings.strips.end()) strip.meter = found->second;
  }
  for (std::size_t i = 0; i < std::min(mixer.buses.size(), readings.buses.size()); ++i) {
    mixer.buses[i].meter = readings.buses[i];
    mixer.buses[i].loudness = readings.loudness[i];
  }
}

Json settings_json(const StripSnapshot& s) {
  return {{"gain_db", s.gain_db},
          {"mute", s.mute},
          {"solo", s.solo},
          {"pan", s.pan},
          {"mono", s.mono},
          {"delay_ms", s.delay_ms},
          {"follow_video", s.follow_video}};
}

Json settings_json(const BusSnapshot& b) {
  return {{"gain_db", b.gain_db}, {"mute", b.mute}};
}

Json to_json(const MixerSnapshot& mixer) {
  Json strips = Json::object();
  for (const StripSnapshot& s : mixer.strips) {
    Json& json = strips[s.name] = settings_json(s);
    add_meter(json, s.meter);
    json["latency_ms"] = rounded(s.meter.latency_ms);
    json["silent"] = s.silent;
    json["filters"] = s.filters;
  }
  Json buses = Json::object();
  for (const BusSnapshot& b : mixer.buses) {
    Json& json = buses[b.name] = settings_json(b);
    add_meter(json, b.meter);
    json["momentary_lufs"] = rounded(b.loudness.momentary);
    json["short_term_lufs"] = rounded(b.loudness.short_term);
    json["integrated_lufs"] = rounded(b.loudness.integrated);
    json["range_lu"] = rounded(b.loudness.range);
    json["measured_s"] = rounded(b.loudness.measured_s);
  }
  Json channels = Json::array();
  for (int c = 0; c < channels_of(mixer.layout); ++c) channels.push_back(channel_label(channels_of(mixer.layout), c));
  Json out{{"layout", to_string(mixer.layout)},
           {"channels", std::move(channels)},
           {"strips", std::move(strips)},
           {"buses", std::move(buses)}};
  out["target_lufs"] = mixer.target_lufs ? Json(*mixer.target_lufs) : Json(nullptr);
  out["tolerance_lu"] = mixer.tolerance_lu;
  return out;
}

MixerSnapshot mixer_from_json(const Json& json) {
  MixerSnapshot out;
  if (!json.is_object()) return out;
  if (const auto channels = json.find("channels"); channels != json.end() && channels->is_array())
    out.layout = layout_of(static_cast<int>(channels->size()));
  const auto each = [&](const char* key, auto add) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_object()) return;
    for (const auto& [name, value] : found->items()) {
      if (value.is_object()) add(name, value);
    }
  };
  each("strips", [&](const std::string& name, const Json& value) { out.strips.push_back(strip_of(name, value)); });
  each("buses", [&](const std::string& name, const Json& value) { out.buses.push_back(bus_of(name, value)); });
  if (const auto target = json.find("target_lufs"); target != json.end() && target->is_number())
    out.target_lufs = target->get<double>();
  out.tolerance_lu = value_at(json, "tolerance_lu", 0.0);
  return out;
}

}  // namespace mainstay
