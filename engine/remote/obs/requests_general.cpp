// General: the server itself, its figures, and what clients tell each other.
#include <sys/utsname.h>

#include <filesystem>

#include "engine/remote/obs/lookup.h"
#include "engine/remote/obs/record_place.h"

namespace mainstay::obs {

namespace {

std::string system_name() {
  utsname name{};
  if (uname(&name) != 0) return "unknown";
  return std::string(name.sysname) + " " + name.release;
}

void get_version(const CallPtr& call) {
  call->succeed({{"obsVersion", std::string(kStudioVersion)},
                 {"obsWebSocketVersion", std::string(kWebSocketVersion)},
                 {"rpcVersion", kRpcVersion},
                 {"availableRequests", call->services.table.types()},
                 {"supportedImageFormats", image_formats()},
                 {"platform", "mainstay"},
                 {"platformDescription", "Mainstay on " + system_name()}});
}

double free_mb(const std::string& folder) {
  std::error_code failed;
  const auto space = std::filesystem::space(folder, failed);
  return failed ? 0.0 : static_cast<double>(space.available) / 1e6;
}

void get_stats(const CallPtr& call) {
  with_show(call, [call](const ShowView& view) {
    Services& services = call->services;
    const Snapshot snapshot = services.studio.snapshot();
    const UsageMeter::Usage usage = services.usage.look(services.clock.now(), snapshot);
    std::int64_t encoded = 0;
    std::int64_t skipped = 0;
    if (!snapshot.encoders.empty()) {  // the first is the main video rendition
      encoded = snapshot.encoders.front().frames;
      skipped = snapshot.encoders.front().dropped;
    }
    call->succeed({{"cpuUsage", usage.cpu_percent},
                   {"memoryUsage", usage.memory_mb},
                   {"availableDiskSpace", free_mb(existing_folder(record_folder(view, snapshot)))},
                   {"activeFps", usage.fps},
                   {"averageFrameRenderTime", 0.0},
                   {"renderSkippedFrames", snapshot.program.late},
                   {"renderTotalFrames", snapshot.program.rendered},
                   {"outputSkippedFrames", skipped},
                   {"outputTotalFrames", encoded + skipped},
                   {"webSocketSessionIncomingMessages", services.messages_in},
                   {"webSocketSessionOutgoingMessages", services.messages_out}});
  });
}

void broadcast_custom_event(const CallPtr& call) {
  call->services.broadcast({"CustomEvent", intent::kGeneral, call->data["eventData"]});
  call->succeed();
}

// Hot-keys are macros: the names of the ones are those of the others.
void get_hotkey_list(const CallPtr& call) {
  command(call, "macro.list", Json::object(), [call](const CallResult& result) {
    Json names = Json::array();
    if (result.ok() && result.value.is_array()) {
      for (const Json& macro : result.value) {
        if (macro.is_string()) names.push_back(macro);
        if (macro.is_object() && macro.contains("name")) names.push_back(macro["name"]);
      }
    }
    call->succeed({{"hotkeys", std::move(names)}});
  });
}

// Sleep has a meaning between the requests of a serial batch only, and is dealt with there.
void sleep_alone(const CallPtr& call) {
  call->fail(RequestStatus::unsupported_batch_type, "Sleep works in serial batches only.");
}

}  // namespace

void add_general_requests(RequestTable& table) {
  table.add({"GetVersion", Role::view, {}, get_version});
  table.add({"GetStats", Role::view, {}, get_stats});
  table.add(
      {"BroadcastCustomEvent", Role::operate, {required("eventData", FieldType::object)}, broadcast_custom_event});
  table.add({"GetHotkeyList", Role::view, {}, get_hotkey_list});
  table.add({"TriggerHotkeyByName", Role::operate, {required("hotkeyName")}, [](const CallPtr& call) {
               command(call, "macro.run", {{"name", call->text("hotkeyName")}});
             }});
  table.add({"Sleep", Role::view, {}, sleep_alone});
  table.add({"GetMonitorList", Role::view, {}, [](const CallPtr& call) {
               call->succeed({{"monitors", Json::array()}});
             }});
}

}  // namespace mainstay::obs
