// Config: profiles, scene collections and settings. A show is both the one profile and the one scene collection.
#include <fmt/format.h>

#include "engine/remote/obs/lookup.h"
#include "engine/remote/obs/record_place.h"
#include "engine/show/suggest.h"

namespace mainstay::obs {

namespace {

void get_video_settings(const CallPtr& call) {
  const ProgramSnapshot program = call->services.studio.snapshot().program;
  const bool known = program.width > 0 && program.rate.num > 0;
  const int width = known ? program.width : 1920;
  const int height = known ? program.height : 1080;
  call->succeed({{"fpsNumerator", known ? program.rate.num : 30},
                 {"fpsDenominator", known ? program.rate.den : 1},
                 {"baseWidth", width},
                 {"baseHeight", height},
                 {"outputWidth", width},
                 {"outputHeight", height}});
}

void get_scene_collection_list(const CallPtr& call) {
  with_show(call, [call](const ShowView& view) {
    call->succeed({{"currentSceneCollectionName", view.name()}, {"sceneCollections", Json::array({view.name()})}});
  });
}

void get_profile_list(const CallPtr& call) {
  with_show(call, [call](const ShowView& view) {
    call->succeed({{"currentProfileName", view.name()}, {"profiles", Json::array({view.name()})}});
  });
}

// The first leg stands for the stream. Its key stays here.
void get_stream_service_settings(const CallPtr& call) {
  with_show(call, [call](const ShowView& view) {
    std::string server;
    for (const OutputView& output : view.outputs()) {
      if (server.empty()) server = output.url;
    }
    call->succeed({{"streamServiceType", "rtmp_custom"},
                   {"streamServiceSettings", {{"server", server}, {"key", ""}, {"use_auth", false}}}});
  });
}

void get_record_directory(const CallPtr& call) {
  with_show(call, [call](const ShowView& view) {
    call->succeed({{"recordDirectory", record_folder(view, call->services.studio.snapshot())}});
  });
}

constexpr std::string_view kGlobal = "OBS_WEBSOCKET_DATA_REALM_GLOBAL";
constexpr std::string_view kProfile = "OBS_WEBSOCKET_DATA_REALM_PROFILE";

// Finds the realm: that of a profile is the show's own.
void with_realm(const CallPtr& call, std::function<void(const std::string& realm)> then) {
  const std::string realm = call->text("realm");
  if (realm == kGlobal) return then(realm);
  if (realm != kProfile) {
    return call->fail(RequestStatus::resource_not_found,
                      fmt::format("There is no realm {}: {} or {}.", show::in_quotes(realm), kGlobal, kProfile));
  }
  with_show(call, [realm, then = std::move(then)](const ShowView& view) { then(realm + "\n" + view.name()); });
}

void get_persistent_data(const CallPtr& call) {
  with_realm(call, [call](const std::string& realm) {
    call->succeed({{"slotValue", call->services.data->get(realm, call->text("slotName"))}});
  });
}

void set_persistent_data(const CallPtr& call) {
  with_realm(call, [call](const std::string& realm) {
    if (call->services.data->set(realm, call->text("slotName"), call->data["slotValue"])) return call->succeed();
    call->fail(RequestStatus::processing_failed,
               fmt::format("Too much is kept: {} slots and {} MiB there may be; set others to null.",
                           PersistentData::kMostSlots, PersistentData::kMostBytes >> 20));
  });
}

}  // namespace

void add_config_requests(RequestTable& table) {
  table.add({"GetVideoSettings", Role::view, {}, get_video_settings});
  table.add({"GetSceneCollectionList", Role::view, {}, get_scene_collection_list});
  table.add({"GetProfileList", Role::view, {}, get_profile_list});
  table.add({"GetStreamServiceSettings", Role::view, {}, get_stream_service_settings});
  table.add({"GetRecordDirectory", Role::view, {}, get_record_directory});
  table.add({"GetPersistentData", Role::view, {required("realm"), required("slotName")}, get_persistent_data});
  table.add({"SetPersistentData",
             Role::operate,
             {required("realm"), required("slotName"), required("slotValue", FieldType::any)},
             set_persistent_data});
}

}  // namespace mainstay::obs
