#include "engine/remote/obs/volume.h"

#include <algorithm>
#include <cmath>

#include "engine/show/document.h"

namespace mainstay::obs {

namespace {

constexpr double kNoDb = -100;
constexpr float kFull = 1;

const Json* strip_json(const ShowView& view, const std::string& input) {
  return show::find_at(view.document(), show::pointer_to("/mixer/strips", input));
}

bool flag(const Json* json, const char* key, bool otherwise) {
  if (json == nullptr) return otherwise;
  const auto found = json->find(key);
  return found != json->end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

double number(const Json& json, const char* key, double otherwise) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number() ? found->get<double>() : otherwise;
}

// Per channel: RMS after the fader, peak after it, peak before it.
Json levels(const StripSnapshot& strip, bool heard) {
  Json channels = Json::array();
  for (int channel = 0; channel < strip.meter.channels; ++channel) {
    const double peak = volume_mul(strip.meter.peak_db[channel]);
    const double gain = volume_mul(strip.gain_db);
    const double before = gain > 0 ? std::min(peak / gain, 100.0) : 0;
    const double after = heard ? kFull : 0;
    channels.push_back({volume_mul(strip.meter.rms_db[channel]) * after, peak * after, before});
  }
  return channels;
}

}  // namespace

double volume_mul(double db) {
  return db <= kNoDb ? 0 : std::pow(10, db / 20);
}

double volume_db(double mul) {
  return mul <= 0 ? kNoDb : std::max(kNoDb, 20 * std::log10(mul));
}

double balance_of(double pan) {
  return (pan + 1) / 2;
}

double pan_of(double balance) {
  return 2 * balance - 1;
}

StripSnapshot strip_of(const ShowView& view, const std::string& input) {
  StripSnapshot out;
  out.name = input;
  const Json* const json = strip_json(view, input);
  if (json == nullptr || !json->is_object()) return out;
  out.gain_db = number(*json, "gain_db", out.gain_db);
  out.pan = number(*json, "pan", out.pan);
  out.delay_ms = number(*json, "delay_ms", out.delay_ms);
  out.mute = flag(json, "mute", out.mute);
  out.solo = flag(json, "solo", out.solo);
  return out;
}

Json audio_tracks(const ShowView& view, const std::string& input) {
  const Json* const strip = strip_json(view, input);
  Json out{{"1", flag(strip, "program", true)}};
  for (int aux = 1; aux <= 4; ++aux) {
    const bool sent = strip != nullptr && show::find_at(*strip, "/sends/aux" + std::to_string(aux)) != nullptr;
    out[std::to_string(aux + 1)] = sent;
  }
  out["6"] = false;
  return out;
}

std::string monitor_type(const ShowView& view, const std::string& input) {
  const Json* const strip = strip_json(view, input);
  if (!flag(strip, "solo", false)) return "OBS_MONITORING_TYPE_NONE";
  return flag(strip, "program", true) ? "OBS_MONITORING_TYPE_MONITOR_AND_OUTPUT" : "OBS_MONITORING_TYPE_MONITOR_ONLY";
}

std::vector<ObsEvent> strip_differences(const std::string& input, const std::string& uuid, const Json& before,
                                        const Json& after) {
  std::vector<ObsEvent> out;
  const auto tell = [&](const char* type, Json more) {
    Json data{{"inputName", input}, {"inputUuid", uuid}};
    data.update(more);
    out.push_back({type, intent::kInputs, std::move(data)});
  };
  const auto changed = [&](const char* key) { return before.value(key, Json()) != after.value(key, Json()); };
  if (changed("mute")) tell("InputMuteStateChanged", {{"inputMuted", after.value("mute", false)}});
  if (changed("gain_db")) {
    const double db = number(after, "gain_db", 0);
    tell("InputVolumeChanged", {{"inputVolumeMul", volume_mul(db)}, {"inputVolumeDb", db}});
  }
  if (changed("pan")) tell("InputAudioBalanceChanged", {{"inputAudioBalance", balance_of(number(after, "pan", 0))}});
  if (changed("delay_ms"))
    tell("InputAudioSyncOffsetChanged", {{"inputAudioSyncOffset", number(after, "delay_ms", 0)}});
  return out;
}

ObsEvent volume_meters(const Snapshot& snapshot) {
  Json inputs = Json::array();
  if (snapshot.phase == Phase::on_air) {
    for (const StripSnapshot& strip : snapshot.mixer.strips) {
      const auto source = std::find_if(snapshot.sources.begin(), snapshot.sources.end(),
                                       [&](const SourceSnapshot& s) { return s.name == strip.name; });
      if (source == snapshot.sources.end()) continue;  // it does not run
      inputs.push_back({{"inputName", strip.name},
                        {"inputUuid", uuid_of(snapshot.show_name, "input", strip.name)},
                        {"inputLevelsMul", levels(strip, !strip.mute)}});
    }
  }
  return {"InputVolumeMeters", intent::kInputVolumeMeters, {{"inputs", std::move(inputs)}}};
}

}  // namespace mainstay::obs
