// All requests of tiers A and B against their documented shapes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "tests/engine/remote/obs/requests_fixture.h"
#include "tests/engine/remote/obs/shapes.h"

namespace mainstay::obs {
namespace {

using ::testing::IsEmpty;

constexpr const char* kStatus =
    "outputActive:boolean outputReconnecting:boolean outputTimecode:string outputDuration:number "
    "outputCongestion:number outputBytes:number outputSkippedFrames:number outputTotalFrames:number";
constexpr const char* kTransform =
    "sourceWidth:number sourceHeight:number positionX:number positionY:number rotation:number scaleX:number "
    "scaleY:number width:number height:number alignment:number boundsType:string boundsAlignment:number "
    "boundsWidth:number boundsHeight:number cropLeft:number cropTop:number cropRight:number cropBottom:number "
    "cropToBounds:boolean";

struct Shape {
  std::string type;
  Json data;          // of the request
  std::string shape;  // of the response data; empty: none
  int code = 100;
};

// On air, recording. Item ids are put in for "Main" and "clip".
std::vector<Shape> shapes(int clip_item) {
  const Json item = Json{{"sceneName", "Main"}, {"sceneItemId", clip_item}};
  const auto with = [&item](Json more) {
    more.update(item);
    return more;
  };
  return {
      // Tier A.
      {"GetVersion", nullptr,
       "obsVersion:string obsWebSocketVersion:string rpcVersion:number availableRequests:array "
       "supportedImageFormats:array platform:string platformDescription:string"},
      {"GetStudioModeEnabled", nullptr, "studioModeEnabled:boolean"},
      {"GetStats", nullptr,
       "cpuUsage:number memoryUsage:number availableDiskSpace:number activeFps:number averageFrameRenderTime:number "
       "renderSkippedFrames:number renderTotalFrames:number outputSkippedFrames:number outputTotalFrames:number "
       "webSocketSessionIncomingMessages:number webSocketSessionOutgoingMessages:number"},
      {"GetStreamStatus", nullptr, kStatus},
      {"GetRecordStatus", nullptr,
       "outputActive:boolean outputPaused:boolean outputTimecode:string outputDuration:number outputBytes:number"},
      {"GetRecordDirectory", nullptr, "recordDirectory:string"},
      {"GetOutputList", nullptr,
       "outputs:[outputName:string outputKind:string outputWidth:number outputHeight:number outputActive:boolean "
       "outputFlags:{OBS_OUTPUT_VIDEO:boolean OBS_OUTPUT_AUDIO:boolean OBS_OUTPUT_AV:boolean "
       "OBS_OUTPUT_ENCODED:boolean "
       "OBS_OUTPUT_SERVICE:boolean OBS_OUTPUT_MULTI_TRACK:boolean OBS_OUTPUT_CAN_PAUSE:boolean}]"},
      {"GetOutputStatus", {{"outputName", "platform/main"}}, kStatus},
      {"GetSceneList", nullptr,
       "currentProgramSceneName:string currentProgramSceneUuid:string currentPreviewSceneName:string? "
       "currentPreviewSceneUuid:string? scenes:[sceneIndex:number sceneName:string sceneUuid:string]"},
      {"GetSceneItemList",
       {{"sceneName", "Main"}},
       "sceneItems:[sceneItemId:number sceneItemIndex:number sceneItemEnabled:boolean sceneItemLocked:boolean "
       "sceneItemTransform:{" +
           std::string(kTransform) +
           "} sceneItemBlendMode:string sourceName:string sourceUuid:string sourceType:string inputKind:string? "
           "isGroup:boolean?]"},
      {"GetVideoSettings", nullptr,
       "fpsNumerator:number fpsDenominator:number baseWidth:number baseHeight:number outputWidth:number "
       "outputHeight:number"},
      {"GetHotkeyList", nullptr, "hotkeys:array"},
      {"GetProfileList", nullptr, "currentProfileName:string profiles:array"},
      {"GetSceneCollectionList", nullptr, "currentSceneCollectionName:string sceneCollections:array"},
      {"GetSceneTransitionList", nullptr,
       "currentSceneTransitionName:string currentSceneTransitionUuid:string currentSceneTransitionKind:string "
       "transitions:[transitionName:string transitionUuid:string transitionKind:string transitionFixed:boolean "
       "transitionConfigurable:boolean]"},
      {"GetCurrentSceneTransition", nullptr,
       "transitionName:string transitionUuid:string transitionKind:string transitionFixed:boolean "
       "transitionDuration:number? transitionConfigurable:boolean transitionSettings:object?"},
      {"GetSpecialInputs", nullptr,
       "desktop1:string? desktop2:string? mic1:string? mic2:string? mic3:string? mic4:string?"},
      {"GetInputKindList", nullptr, "inputKinds:array"},
      {"GetMonitorList", nullptr, "monitors:array"},
      {"GetReplayBufferStatus", nullptr, "", 604},
      {"SetPersistentData",
       {{"realm", "OBS_WEBSOCKET_DATA_REALM_GLOBAL"}, {"slotName", "deck"}, {"slotValue", {{"page", 2}}}},
       ""},
      {"GetPersistentData", {{"realm", "OBS_WEBSOCKET_DATA_REALM_GLOBAL"}, {"slotName", "deck"}}, "slotValue:object"},
      {"GetPersistentData", {{"realm", "OBS_WEBSOCKET_DATA_REALM_PROFILE"}, {"slotName", "deck"}}, "slotValue:any"},
      {"GetStreamServiceSettings", nullptr,
       "streamServiceType:string streamServiceSettings:{server:string key:string use_auth:boolean}"},
      {"GetCurrentProgramScene", nullptr,
       "sceneName:string sceneUuid:string currentProgramSceneName:string currentProgramSceneUuid:string"},
      {"SetCurrentProgramScene", {{"sceneName", "Break"}}, ""},
      {"StopRecord", nullptr, "outputPath:string"},
      {"StartRecord", nullptr, ""},
      {"ToggleRecord", nullptr, "outputActive:boolean"},
      // Tier B, what is there.
      {"GetInputList", nullptr,
       "inputs:[inputName:string inputUuid:string inputKind:string unversionedInputKind:string inputKindCaps:number]"},
      {"GetInputSettings", {{"inputName", "clip"}}, "inputSettings:object inputKind:string"},
      {"SetInputSettings", {{"inputName", "bars"}, {"inputSettings", {{"tone_hz", 880}}}}, ""},
      {"GetSceneItemId", {{"sceneName", "Main"}, {"sourceName", "clip"}}, "sceneItemId:number"},
      {"GetSceneItemEnabled", item, "sceneItemEnabled:boolean"},
      {"StopOutput", {{"outputName", "platform/main"}}, ""},
      {"StartOutput", {{"outputName", "platform/main"}}, ""},
      {"ToggleOutput", {{"outputName", "platform/main"}}, "outputActive:boolean"},
      {"GetSourceActive", {{"sourceName", "clip"}}, "videoActive:boolean videoShowing:boolean"},
      {"GetSourceFilterKindList", nullptr, "sourceFilterKinds:array"},
      {"GetSourceFilterDefaultSettings", {{"filterKind", "blur"}}, "defaultFilterSettings:object"},
      {"CreateSourceFilter",
       {{"sourceName", "clip"}, {"filterName", "soft"}, {"filterKind", "blur"}, {"filterSettings", {{"radius", 4}}}},
       ""},
      {"GetSourceFilterList",
       {{"sourceName", "clip"}},
       "filters:[filterName:string filterKind:string filterIndex:number filterEnabled:boolean filterSettings:object]"},
      {"GetSourceFilter",
       {{"sourceName", "clip"}, {"filterName", "soft"}},
       "filterKind:string filterIndex:number filterEnabled:boolean filterSettings:object"},
      {"SetSourceFilterIndex", {{"sourceName", "clip"}, {"filterName", "soft"}, {"filterIndex", 0}}, ""},
      {"SetSourceFilterSettings",
       {{"sourceName", "clip"}, {"filterName", "soft"}, {"filterSettings", {{"radius", 6}}}},
       ""},
      {"SetSourceFilterEnabled", {{"sourceName", "clip"}, {"filterName", "soft"}, {"filterEnabled", false}}, ""},
      {"SetSourceFilterName", {{"sourceName", "clip"}, {"filterName", "soft"}, {"newFilterName", "softer"}}, ""},
      {"RemoveSourceFilter", {{"sourceName", "clip"}, {"filterName", "softer"}}, ""},
      // The mixer.
      {"GetInputMute", {{"inputName", "clip"}}, "inputMuted:boolean"},
      {"SetInputMute", {{"inputName", "clip"}, {"inputMuted", true}}, ""},
      {"ToggleInputMute", {{"inputName", "clip"}}, "inputMuted:boolean"},
      {"GetInputVolume", {{"inputName", "clip"}}, "inputVolumeMul:number inputVolumeDb:number"},
      {"SetInputVolume", {{"inputName", "clip"}, {"inputVolumeDb", -6}}, ""},
      {"GetInputAudioBalance", {{"inputName", "clip"}}, "inputAudioBalance:number"},
      {"SetInputAudioBalance", {{"inputName", "clip"}, {"inputAudioBalance", 0.25}}, ""},
      {"GetInputAudioSyncOffset", {{"inputName", "clip"}}, "inputAudioSyncOffset:number"},
      {"SetInputAudioSyncOffset", {{"inputName", "clip"}, {"inputAudioSyncOffset", 40}}, ""},
      {"GetInputAudioMonitorType", {{"inputName", "clip"}}, "monitorType:string"},
      {"SetInputAudioMonitorType",
       {{"inputName", "clip"}, {"monitorType", "OBS_MONITORING_TYPE_MONITOR_AND_OUTPUT"}},
       ""},
      {"GetInputAudioTracks", {{"inputName", "clip"}}, "inputAudioTracks:object"},
      {"SetInputAudioTracks", {{"inputName", "clip"}, {"inputAudioTracks", {{"2", true}}}}, ""},
      // What is played.
      {"GetMediaInputStatus", {{"inputName", "clip"}}, "mediaState:string mediaDuration:number? mediaCursor:number?"},
      {"TriggerMediaInputAction",
       {{"inputName", "clip"}, {"mediaAction", "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_PAUSE"}},
       ""},
      {"SetMediaInputCursor", {{"inputName", "clip"}, {"mediaCursor", 1000}}, ""},
      {"OffsetMediaInputCursor", {{"inputName", "clip"}, {"mediaCursorOffset", -500}}, ""},
      // More that clients ask for when they connect.
      {"GetInputDefaultSettings", {{"inputKind", "bars"}}, "defaultInputSettings:object"},
      {"GetGroupList", nullptr, "groups:array"},
      {"GetTransitionKindList", nullptr, "transitionKinds:array"},
      {"GetVirtualCamStatus", nullptr, "", 604},
      {"GetSceneItemSource", item, "sourceName:string sourceUuid:string"},
      {"GetSceneItemLocked", item, "sceneItemLocked:boolean"},
      {"GetSceneItemIndex", item, "sceneItemIndex:number"},
      {"GetSceneItemTransform", item, "sceneItemTransform:{" + std::string(kTransform) + "}"},
      {"GetSceneItemBlendMode", item, "sceneItemBlendMode:string"},
      // Scene items, changed.
      {"SetSceneItemTransform", with({{"sceneItemTransform", {{"positionX", 10}, {"rotation", 90}, {"cropLeft", 4}}}}),
       ""},
      {"SetSceneItemEnabled", with({{"sceneItemEnabled", false}}), ""},
      {"SetSceneItemLocked", with({{"sceneItemLocked", false}}), ""},
      {"SetSceneItemIndex", with({{"sceneItemIndex", 1}}), ""},
      {"SetSceneItemBlendMode", with({{"sceneItemBlendMode", "OBS_BLEND_SCREEN"}}), ""},
      {"CreateSceneItem", {{"sceneName", "Break"}, {"sourceName", "clip"}}, "sceneItemId:number"},
      {"DuplicateSceneItem", item, "sceneItemId:number"},
      {"RemoveSceneItem", item, ""},
      // Scenes, preview and transitions.
      {"CreateScene", {{"sceneName", "Titles"}}, "sceneUuid:string"},
      {"SetSceneName", {{"sceneName", "Titles"}, {"newSceneName", "Credits"}}, ""},
      {"RemoveScene", {{"sceneName", "Credits"}}, ""},
      {"SetStudioModeEnabled", {{"studioModeEnabled", true}}, ""},
      {"SetCurrentPreviewScene", {{"sceneName", "Break"}}, ""},
      {"GetCurrentPreviewScene", nullptr,
       "sceneName:string sceneUuid:string currentPreviewSceneName:string currentPreviewSceneUuid:string"},
      {"SetSceneSceneTransitionOverride",
       {{"sceneName", "Break"}, {"transitionName", "wipe"}, {"transitionDuration", 400}},
       ""},
      {"GetSceneSceneTransitionOverride",
       {{"sceneName", "Break"}},
       "transitionName:string? transitionDuration:number?"},
      {"SetCurrentSceneTransition", {{"transitionName", "wipe"}}, ""},
      {"SetCurrentSceneTransitionDuration", {{"transitionDuration", 500}}, ""},
      {"SetCurrentSceneTransitionSettings", {{"transitionSettings", {{"shape", "circle"}}}}, ""},
      {"GetCurrentSceneTransitionCursor", nullptr, "transitionCursor:number"},
      {"TriggerStudioModeTransition", nullptr, ""},
      {"SetTBarPosition", {{"position", 0.5}}, ""},
      {"GetSourceScreenshot", {{"sourceName", "Break"}, {"imageFormat", "jpg"}}, "imageData:string"},
      {"SaveSourceScreenshot",
       {{"sourceName", "Break"},
        {"imageFormat", "png"},
        {"imageWidth", 64},
        {"imageFilePath", ::testing::TempDir() + "mainstay-obs-shape.png"}},
       ""},
      {"BroadcastCustomEvent", {{"eventData", {{"a", 1}}}}, ""},
      {"CallVendorRequest",
       {{"vendorName", "mainstay"}, {"requestType", "state.get"}},
       "vendorName:string requestType:string responseData:object"},
      // Tier A again: these end it.
      {"StopStream", nullptr, ""},
      {"StartStream", nullptr, ""},
      {"ToggleStream", nullptr, "outputActive:boolean"},
  };
}

// Of OBS alone: there is nothing of the kind here.
const char* const kOfOthers[] = {
    "StartVirtualCam",
    "SaveReplayBuffer",
    "OpenInputFiltersDialog",
};

TEST_F(ObsRequests, have_the_documented_shapes_in_both_encodings) {
  for (const Encoding encoding : {Encoding::json, Encoding::msgpack}) {
    ObsBench fresh(admin());
    ObsClient one = fresh.client(encoding);
    one.identify({{"eventSubscriptions", 0}});
    one.request("StartStream");
    one.request("StartRecord");
    const int item =
        one.request("GetSceneItemId", {{"sceneName", "Main"}, {"sourceName", "clip"}})["responseData"]["sceneItemId"];
    for (const Shape& shape : shapes(item)) {
      const bool slow = shape.type.find("Screenshot") != std::string::npos;
      const Json response = slow ? one.slow_request(shape.type, shape.data) : one.request(shape.type, shape.data);
      const Json status = response["requestStatus"];
      EXPECT_EQ(status["code"], shape.code) << response.dump();
      EXPECT_EQ(status["result"], shape.code == 100);
      EXPECT_EQ(status.contains("comment"), shape.code != 100);
      if (shape.shape.empty()) {
        EXPECT_FALSE(response.contains("responseData")) << response.dump();
      } else {
        EXPECT_THAT(breaches(response["responseData"], shape.shape, shape.type), IsEmpty());
      }
    }
  }
}

TEST_F(ObsRequests, each_one_in_the_table_has_a_shape_here) {
  std::set<std::string> shown = {"Sleep", "TriggerHotkeyByName", "SplitRecordFile"};  // tests of their own
  for (const Shape& shape : shapes(1)) shown.insert(shape.type);
  const Json available = data("GetVersion")["availableRequests"];
  std::set<std::string> listed;
  for (const Json& type : available) listed.insert(type.get<std::string>());
  for (const std::string& type : listed) EXPECT_TRUE(shown.contains(type)) << type;
  for (const Shape& shape : shapes(1)) EXPECT_TRUE(listed.contains(shape.type)) << shape.type;
}

TEST_F(ObsRequests, the_page_on_obs_websocket_names_each_of_them) {
  std::ifstream file(MAINSTAY_SOURCE_DIR "/docs/obs-websocket.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const Json version = data("GetVersion");
  for (const Json& type : version["availableRequests"]) {
    EXPECT_NE(page.find("`" + type.get<std::string>() + "`"), std::string::npos) << type;
  }
}

TEST_F(ObsRequests, what_is_not_there_yet_is_answered_with_204) {
  for (const char* type : kOfOthers) {
    const Json response = client.request(type, Json::object());
    EXPECT_EQ(response["requestStatus"]["code"], 204) << type;
    EXPECT_TRUE(response["requestStatus"]["comment"].is_string());
  }
  EXPECT_EQ(code("NoSuchRequest"), 204);
}

TEST_F(ObsRequests, fields_are_checked_before_anything_is_done) {
  EXPECT_EQ(code("GetOutputStatus"), 301);
  EXPECT_EQ(code("GetOutputStatus", Json::array()), 301);
  EXPECT_EQ(code("GetOutputStatus", Json::object()), 300);
  EXPECT_EQ(code("GetOutputStatus", {{"outputName", nullptr}}), 300);
  EXPECT_EQ(code("GetOutputStatus", {{"outputName", 5}}), 401);
  EXPECT_EQ(code("GetOutputStatus", {{"outputName", ""}}), 403);
  EXPECT_EQ(code("GetOutputStatus", {{"outputName", "nothing"}}), 600);
  EXPECT_EQ(code("SetCurrentProgramScene"), 300);
  EXPECT_EQ(code("SetCurrentProgramScene", {{"sceneName", "Nowhere"}}), 600);
  EXPECT_EQ(code("SetCurrentProgramScene", {{"sceneUuid", "no such"}}), 600);
  EXPECT_EQ(code("GetSceneItemId", {{"sceneName", "Main"}, {"sourceName", "clip"}, {"searchOffset", -2}}), 402);
  EXPECT_EQ(code("GetInputDefaultSettings", {{"inputKind", "dshow_input"}}), 605);
  EXPECT_THAT(bench.studio.calls(), IsEmpty());
  client.send({{"op", 6}, {"d", {{"requestId", "no type"}}}});
  EXPECT_EQ(client.answer()["d"]["requestStatus"]["code"], 203);
}

}  // namespace
}  // namespace mainstay::obs
