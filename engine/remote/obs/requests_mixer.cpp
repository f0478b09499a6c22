// The sound of inputs: mute, volume, balance, delay, and where it goes.
#include <fmt/format.h>

#include <cmath>

#include "engine/remote/obs/lookup.h"
#include "engine/remote/obs/volume.h"
#include "engine/show/section.h"

namespace mainstay::obs {

namespace {

/// A request that tells something of an input's strip.
Handler getter(std::function<Json(const ShowView&, const std::string& input)> get) {
  return [get = std::move(get)](const CallPtr& call) {
    with_input(call, [call, get](const ShowView& view, const std::string& input) { call->succeed(get(view, input)); });
  };
}

/// A request that sets something of an input's strip: what of mixer.set.
Handler setter(std::function<Json(const Json& data)> values) {
  return [values = std::move(values)](const CallPtr& call) {
    with_input(call, [call, values](const ShowView&, const std::string& input) {
      Json params = values(call->data);
      params["strip"] = input;
      command(call, "mixer.set", std::move(params));
    });
  };
}

void toggle_input_mute(const CallPtr& call) {
  with_input(call, [call](const ShowView& view, const std::string& input) {
    const bool mute = !strip_of(view, input).mute;
    command_value(call, "mixer.set", {{"strip", input}, {"mute", mute}}, [call, mute](const Json&) {
      call->succeed({{"inputMuted", mute}});
    });
  });
}

// Either as a factor or in decibels, as OBS takes it.
void set_input_volume(const CallPtr& call) {
  const bool mul = call->given("inputVolumeMul");
  if (mul == call->given("inputVolumeDb")) {
    return call->fail(mul ? RequestStatus::too_many_fields : RequestStatus::missing_field,
                      "Give either `inputVolumeMul` or `inputVolumeDb`.");
  }
  with_input(call, [call, mul](const ShowView&, const std::string& input) {
    const double db =
        mul ? volume_db(call->data["inputVolumeMul"].get<double>()) : call->data["inputVolumeDb"].get<double>();
    command(call, "mixer.set", {{"strip", input}, {"gain_db", std::round(db * 1000) / 1000}});
  });
}

void set_input_audio_sync_offset(const CallPtr& call) {
  const double offset = call->data["inputAudioSyncOffset"].get<double>();
  if (offset < 0 || offset > 5000) {
    return call->fail(RequestStatus::field_out_of_range,
                      "`inputAudioSyncOffset` is 0 to 5000 ms here: sound can be delayed, not brought forward.");
  }
  setter([offset](const Json&) { return Json{{"delay_ms", offset}}; })(call);
}

void set_input_audio_monitor_type(const CallPtr& call) {
  const std::string type = call->text("monitorType");
  if (type == "OBS_MONITORING_TYPE_NONE") return setter([](const Json&) { return Json{{"solo", false}}; })(call);
  const bool only = type == "OBS_MONITORING_TYPE_MONITOR_ONLY";
  if (!only && type != "OBS_MONITORING_TYPE_MONITOR_AND_OUTPUT") {
    return call->fail(RequestStatus::invalid_field,
                      "`monitorType` is OBS_MONITORING_TYPE_NONE, …_MONITOR_ONLY or "
                      "…_MONITOR_AND_OUTPUT.");
  }
  setter([only](const Json&) { return Json{{"solo", true}, {"program", !only}}; })(call);
}

// Track 1 is the program, 2 to 5 are aux1 to aux4: one revision, whatever is set.
void set_input_audio_tracks(const CallPtr& call) {
  with_input(call, [call](const ShowView& view, const std::string& input) {
    const Json now = audio_tracks(view, input);
    const std::string strip = show::pointer_to("/mixer/strips", input);
    std::vector<std::pair<std::string, Json>> calls;
    for (const auto& [track, wanted] : call->data["inputAudioTracks"].items()) {
      if (!now.contains(track) || !wanted.is_boolean() || (track == "6" && wanted.get<bool>())) {
        return call->fail(RequestStatus::invalid_field,
                          "`inputAudioTracks` has booleans under \"1\" (program) to \"5\" (aux4).");
      }
      if (wanted == now[track]) continue;
      if (track == "1") {
        calls.push_back({"mixer.set", {{"strip", input}, {"program", wanted}}});
      } else {
        calls.push_back(
            {"mixer.send", {{"strip", input}, {"bus", "aux" + std::to_string(std::stoi(track) - 1)}, {"on", wanted}}});
      }
    }
    if (calls.empty()) return call->succeed();
    const auto last = calls.back();
    calls.pop_back();
    // In order, as the studio runs them; the answer is the last one's.
    for (auto& [name, params] : calls) command(call, name, std::move(params), [](const CallResult&) {});
    command(call, last.first, last.second);
  });
}

RequestField number_field(std::string name, bool needed, double min, double max) {
  return {.name = std::move(name), .type = FieldType::number, .required = needed, .min = min, .max = max};
}

}  // namespace

void add_mixer_requests(RequestTable& table) {
  const auto input = name_or_uuid("input");
  table.add({"GetInputMute", Role::view, input, getter([](const ShowView& view, const std::string& name) {
               return Json{{"inputMuted", strip_of(view, name).mute}};
             })});
  table.add({"SetInputMute", Role::operate, name_or_uuid("input", {required("inputMuted", FieldType::boolean)}),
             setter([](const Json& data) {
               return Json{{"mute", data["inputMuted"]}};
             })});
  table.add({"ToggleInputMute", Role::operate, input, toggle_input_mute});
  table.add({"GetInputVolume", Role::view, input, getter([](const ShowView& view, const std::string& name) {
               const double db = strip_of(view, name).gain_db;
               return Json{{"inputVolumeMul", volume_mul(db)}, {"inputVolumeDb", db}};
             })});
  table.add({"SetInputVolume", Role::operate,
             name_or_uuid("input", {number_field("inputVolumeMul", false, 0, 20),
                                    number_field("inputVolumeDb", false, -100, 26)}),
             set_input_volume});
  table.add({"GetInputAudioBalance", Role::view, input, getter([](const ShowView& view, const std::string& name) {
               return Json{{"inputAudioBalance", balance_of(strip_of(view, name).pan)}};
             })});
  table.add({"SetInputAudioBalance", Role::operate,
             name_or_uuid("input", {number_field("inputAudioBalance", true, 0, 1)}), setter([](const Json& data) {
               return Json{{"pan", pan_of(data["inputAudioBalance"].get<double>())}};
             })});
  table.add({"GetInputAudioSyncOffset", Role::view, input, getter([](const ShowView& view, const std::string& name) {
               return Json{{"inputAudioSyncOffset", strip_of(view, name).delay_ms}};
             })});
  table.add({"SetInputAudioSyncOffset", Role::operate,
             name_or_uuid("input", {number_field("inputAudioSyncOffset", true, -950, 20000)}),
             set_input_audio_sync_offset});
  table.add({"GetInputAudioMonitorType", Role::view, input, getter([](const ShowView& view, const std::string& name) {
               return Json{{"monitorType", monitor_type(view, name)}};
             })});
  table.add({"SetInputAudioMonitorType", Role::operate, name_or_uuid("input", {required("monitorType")}),
             set_input_audio_monitor_type});
  table.add({"GetInputAudioTracks", Role::view, input, getter([](const ShowView& view, const std::string& name) {
               return Json{{"inputAudioTracks", audio_tracks(view, name)}};
             })});
  table.add({"SetInputAudioTracks", Role::operate,
             name_or_uuid("input", {required("inputAudioTracks", FieldType::object)}), set_input_audio_tracks});
}

}  // namespace mainstay::obs
