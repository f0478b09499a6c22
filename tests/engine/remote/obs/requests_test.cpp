// All requests of tiers A and B against their documented shapes, and what they do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "engine/remote/obs/show_view.h"
#include "tests/engine/remote/obs/obs_client.h"
#include "tests/engine/remote/obs/shapes.h"

namespace mainstay::obs {
namespace {

using ::testing::ElementsAre;
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

struct ObsRequests : ::testing::Test {
  ObsRequests() { client.identify({{"eventSubscriptions", 0}}); }
  static Hub::Options admin() {
    Hub::Options options;
    options.open_role = Role::admin;
    return options;
  }
  void on_air(bool recording = true) {
    client.request("StartStream");
    if (recording) client.request("StartRecord");
  }
  int code(const std::string& type, Json data = nullptr) {
    return client.request(type, std::move(data))["requestStatus"]["code"];
  }
  Json data(const std::string& type, Json request = nullptr) {
    const Json response = client.request(type, std::move(request));
    EXPECT_EQ(response["requestStatus"]["code"], 100) << type << " " << response.dump();
    return response.value("responseData", Json());
  }
  ObsBench bench{admin()};
  ObsClient client = bench.client();
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

TEST_F(ObsRequests, scenes_are_listed_from_the_bottom_and_found_by_either_name) {
  const Json list = data("GetSceneList");
  EXPECT_EQ(list["currentProgramSceneName"], "Main");
  ASSERT_EQ(list["scenes"].size(), 2u);
  EXPECT_EQ(list["scenes"][0]["sceneName"], "Main");
  EXPECT_EQ(list["scenes"][0]["sceneIndex"], 0);
  EXPECT_EQ(list["scenes"][1]["sceneName"], "Break");
  EXPECT_EQ(list["currentProgramSceneUuid"], list["scenes"][0]["sceneUuid"]);
  EXPECT_EQ(code("SetCurrentProgramScene", {{"sceneUuid", list["scenes"][1]["sceneUuid"]}}), 100);
  EXPECT_EQ(data("GetCurrentProgramScene")["sceneName"], "Break");
}

TEST_F(ObsRequests, a_scene_is_taken_by_the_transition) {
  on_air(false);
  data("SetCurrentProgramScene", {{"sceneName", "Break"}});
  EXPECT_EQ(bench.studio.calls().back(), (std::pair<std::string, Json>{"program.auto", {{"scene", "Break"}}}));
  EXPECT_EQ(data("GetSceneList")["currentProgramSceneName"], "Break");
}

TEST_F(ObsRequests, the_stream_is_the_whole_show) {
  EXPECT_EQ(data("GetStreamStatus")["outputActive"], false);
  EXPECT_EQ(code("StopStream"), 501);
  EXPECT_EQ(data("ToggleStream"), (Json{{"outputActive", true}}));
  EXPECT_EQ(code("StartStream"), 500);
  const Json status = data("GetStreamStatus");
  EXPECT_EQ(status["outputActive"], true);
  EXPECT_EQ(status["outputTimecode"], "01:02:03.045");
  EXPECT_EQ(status["outputDuration"], 3'723'045);
  EXPECT_EQ(status["outputBytes"], 1000);
  EXPECT_EQ(status["outputSkippedFrames"], 4);
  EXPECT_EQ(status["outputTotalFrames"], 480);
  EXPECT_EQ(status["outputCongestion"], 0.5);
  EXPECT_EQ(status["outputReconnecting"], false);
  bench.studio.set([](Snapshot& s) { s.legs[0].state = LegState::backoff; });
  EXPECT_EQ(data("GetStreamStatus")["outputReconnecting"], true);
  EXPECT_EQ(data("ToggleStream"), (Json{{"outputActive", false}}));
  EXPECT_EQ(data("GetStreamStatus")["outputActive"], false);
}

TEST_F(ObsRequests, legs_and_the_recording_are_outputs) {
  on_air();
  const Json list = data("GetOutputList")["outputs"];
  std::vector<std::string> names;
  for (const Json& output : list) names.push_back(output["outputName"]);
  EXPECT_THAT(names, ElementsAre("platform/main", "platform/backup", "record"));
  EXPECT_EQ(list[0]["outputActive"], true);
  EXPECT_EQ(list[1]["outputActive"], false);
  EXPECT_EQ(list[2]["outputActive"], true);
  EXPECT_EQ(list[0]["outputKind"], "rtmp_output");
  EXPECT_EQ(list[1]["outputKind"], "srt_output");
  EXPECT_EQ(data("GetOutputStatus", {{"outputName", "platform/main"}})["outputDuration"], 60'000);
  EXPECT_EQ(data("GetOutputStatus", {{"outputName", "record"}})["outputBytes"], 4096);
  EXPECT_EQ(code("StartOutput", {{"outputName", "platform/main"}}), 500);
  EXPECT_EQ(code("StopOutput", {{"outputName", "platform/main"}}), 100);
  EXPECT_EQ(bench.studio.calls().back(), (std::pair<std::string, Json>{"destination.stop", {{"name", "platform"}}}));
  EXPECT_EQ(code("StopOutput", {{"outputName", "platform/main"}}), 501);
  EXPECT_EQ(data("ToggleOutput", {{"outputName", "platform/main"}}), (Json{{"outputActive", true}}));
  EXPECT_EQ(data("ToggleOutput", {{"outputName", "record"}}), (Json{{"outputActive", false}}));
  EXPECT_EQ(bench.studio.calls().back().first, "record.stop");
}

TEST_F(ObsRequests, the_recording_is_started_and_stopped) {
  EXPECT_EQ(code("StopRecord"), 501);
  EXPECT_EQ(code("SplitRecordFile"), 501);
  on_air();
  EXPECT_EQ(code("StartRecord"), 500);
  EXPECT_EQ(data("GetRecordStatus")["outputBytes"], 4096);
  EXPECT_EQ(data("StopRecord"), (Json{{"outputPath", "/tmp/recordings/12.mp4"}}));
  EXPECT_EQ(data("ToggleRecord"), (Json{{"outputActive", true}}));
  EXPECT_EQ(data("GetRecordDirectory")["recordDirectory"], "/tmp/recordings");
}

TEST_F(ObsRequests, the_sound_of_an_input_is_a_strip_of_the_mixer) {
  const Json clip{{"inputName", "clip"}};
  const auto with = [&](const char* key, Json value) {
    Json request = clip;
    request[key] = std::move(value);
    return request;
  };
  EXPECT_EQ(data("GetInputVolume", clip), (Json{{"inputVolumeMul", 1.0}, {"inputVolumeDb", 0.0}}));
  EXPECT_EQ(code("SetInputVolume", with("inputVolumeMul", 0.5)), 100);
  EXPECT_EQ(bench.studio.calls().back().first, "mixer.set");
  EXPECT_NEAR(data("GetInputVolume", clip)["inputVolumeDb"].get<double>(), -6.021, 1e-9);
  EXPECT_EQ(code("SetInputVolume", with("inputVolumeMul", 0)), 100);
  EXPECT_EQ(data("GetInputVolume", clip)["inputVolumeDb"], -100);
  EXPECT_EQ(data("GetInputVolume", clip)["inputVolumeMul"], 0);
  EXPECT_EQ(code("SetInputVolume", clip), 300);
  EXPECT_EQ(code("SetInputVolume", with("inputVolumeDb", 27)), 402);
  EXPECT_EQ(data("ToggleInputMute", clip)["inputMuted"], true);
  EXPECT_EQ(data("GetInputMute", clip)["inputMuted"], true);
  EXPECT_EQ(code("SetInputAudioBalance", with("inputAudioBalance", 1)), 100);
  EXPECT_EQ(bench.studio.calls().back().second["pan"], 1);
  EXPECT_EQ(data("GetInputAudioBalance", clip)["inputAudioBalance"], 1);
  EXPECT_EQ(code("SetInputAudioSyncOffset", with("inputAudioSyncOffset", -10)), 402);
  EXPECT_EQ(code("SetInputAudioSyncOffset", with("inputAudioSyncOffset", 120)), 100);
  EXPECT_EQ(data("GetInputAudioSyncOffset", clip)["inputAudioSyncOffset"], 120);
  EXPECT_EQ(code("SetInputAudioMonitorType", with("monitorType", "LOUD")), 400);
  EXPECT_EQ(code("SetInputAudioMonitorType", with("monitorType", "OBS_MONITORING_TYPE_MONITOR_ONLY")), 100);
  EXPECT_EQ(data("GetInputAudioMonitorType", clip)["monitorType"], "OBS_MONITORING_TYPE_MONITOR_ONLY");
  EXPECT_EQ(code("SetInputAudioTracks", with("inputAudioTracks", {{"1", true}, {"3", true}, {"4", false}})), 100);
  EXPECT_EQ(data("GetInputAudioTracks", clip)["inputAudioTracks"],
            (Json{{"1", true}, {"2", false}, {"3", true}, {"4", false}, {"5", false}, {"6", false}}));
  EXPECT_EQ(code("SetInputAudioTracks", with("inputAudioTracks", {{"7", true}})), 400);
  EXPECT_EQ(code("GetInputMute", {{"inputName", "nobody"}}), 600);
}

TEST_F(ObsRequests, what_is_played_is_told_and_steered) {
  on_air(false);
  const Json clip{{"inputName", "clip"}};
  bench.studio.set([](Snapshot& s) {
    s.sources = {{.name = "clip", .state = "live", .media = MediaSnapshot{2500, 60000, false}}};
  });
  EXPECT_EQ(data("GetMediaInputStatus", clip),
            (Json{{"mediaState", "OBS_MEDIA_STATE_PLAYING"}, {"mediaDuration", 60000}, {"mediaCursor", 2500}}));
  const auto act = [&](const char* action) {
    return code("TriggerMediaInputAction",
                {{"inputName", "clip"}, {"mediaAction", std::string("OBS_WEBSOCKET_MEDIA_INPUT_ACTION_") + action}});
  };
  for (const auto& [theirs, ours] : {std::pair{"PLAY", "source.play"},
                                     {"PAUSE", "source.pause"},
                                     {"NEXT", "source.next"},
                                     {"PREVIOUS", "source.previous"},
                                     {"RESTART", "source.restart"}}) {
    EXPECT_EQ(act(theirs), 100);
    EXPECT_EQ(bench.studio.calls().back(), (std::pair<std::string, Json>{ours, {{"name", "clip"}}}));
  }
  EXPECT_EQ(act("STOP"), 100);
  EXPECT_EQ(bench.studio.calls().back(),
            (std::pair<std::string, Json>{"source.seek", {{"name", "clip"}, {"position_ms", 0}}}));
  EXPECT_EQ(act("EXPLODE"), 400);
  EXPECT_EQ(code("OffsetMediaInputCursor", {{"inputName", "clip"}, {"mediaCursorOffset", -1000}}), 100);
  EXPECT_EQ(bench.studio.calls().back().second["position_ms"], 1500);
  EXPECT_EQ(code("SetMediaInputCursor", {{"inputName", "clip"}, {"mediaCursor", -1}}), 402);
  bench.studio.set([](Snapshot& s) { s.sources[0].media->paused = true; });
  EXPECT_EQ(data("GetMediaInputStatus", clip)["mediaState"], "OBS_MEDIA_STATE_PAUSED");
  bench.studio.set([](Snapshot& s) { s.sources[0] = {.name = "clip", .state = "failed"}; });
  EXPECT_EQ(data("GetMediaInputStatus", clip)["mediaState"], "OBS_MEDIA_STATE_ERROR");
  EXPECT_EQ(code("GetMediaInputStatus", {{"inputName", "bars"}}), 602);
}

TEST_F(ObsRequests, no_secret_leaves) {
  bench.studio.edit([](Json& show) { show["destinations"]["platform"]["main"]["key"] = "***"; });
  EXPECT_EQ(data("GetStreamServiceSettings")["streamServiceSettings"],
            (Json{{"server", "rtmp://127.0.0.1:1935/live"}, {"key", ""}, {"use_auth", false}}));
}

TEST_F(ObsRequests, items_keep_their_ids_when_layers_move) {
  const auto id = [this](const char* source) {
    return data("GetSceneItemId", {{"sceneName", "Main"}, {"sourceName", source}})["sceneItemId"];
  };
  const Json clip = id("clip");
  const Json bars = id("bars");
  EXPECT_NE(clip, bars);
  const Json list = data("GetSceneItemList", {{"sceneName", "Main"}})["sceneItems"];
  EXPECT_EQ(list[0]["sceneItemId"], clip);
  EXPECT_EQ(list[1]["sceneItemEnabled"], false);
  EXPECT_EQ(list[1]["sceneItemTransform"]["positionX"], 900);
  EXPECT_EQ(list[1]["sceneItemTransform"]["boundsType"], "OBS_BOUNDS_SCALE_OUTER");
  EXPECT_EQ(list[0]["sceneItemTransform"]["width"], 1280);
  bench.studio.edit(
      [](Json& show) { std::swap(show["scenes"]["Main"]["layers"][0], show["scenes"]["Main"]["layers"][1]); });
  EXPECT_EQ(id("clip"), clip);
  EXPECT_EQ(id("bars"), bars);
  EXPECT_EQ(data("GetSceneItemIndex", {{"sceneName", "Main"}, {"sceneItemId", clip}})["sceneItemIndex"], 1);
}

TEST_F(ObsRequests, items_of_the_same_source_are_told_apart) {
  bench.studio.edit([](Json& show) { show["scenes"]["Main"]["layers"].push_back({{"source", "clip"}}); });
  const auto id = [this](int offset) {
    return data("GetSceneItemId",
                {{"sceneName", "Main"}, {"sourceName", "clip"}, {"searchOffset", offset}})["sceneItemId"];
  };
  EXPECT_NE(id(0), id(1));
  EXPECT_EQ(id(-1), id(1));
  EXPECT_EQ(code("GetSceneItemId", {{"sceneName", "Main"}, {"sourceName", "clip"}, {"searchOffset", 2}}), 600);
}

TEST_F(ObsRequests, items_are_placed_as_the_layers_of_a_show_are) {
  const Json bars = data("GetSceneItemId", {{"sceneName", "Main"}, {"sourceName", "bars"}})["sceneItemId"];
  const auto set = [&](Json transform) {
    return code("SetSceneItemTransform",
                {{"sceneName", "Main"}, {"sceneItemId", bars}, {"sceneItemTransform", std::move(transform)}});
  };
  EXPECT_EQ(set({{"positionX", 12.4}, {"rotation", -90}, {"boundsType", "OBS_BOUNDS_STRETCH"}, {"cropTop", 8}}), 100);
  EXPECT_EQ(bench.studio.calls().back().second,
            (Json{{"scene", "Main"},
                  {"layer", "bars"},
                  {"values", {{"x", 12}, {"crop", {{"top", 8}}}, {"rotate", 270}, {"fit", "stretch"}}}}));
  const Json now = data("GetSceneItemTransform", {{"sceneName", "Main"}, {"sceneItemId", bars}})["sceneItemTransform"];
  EXPECT_EQ(now["rotation"], 270);
  EXPECT_EQ(now["cropTop"], 8);
  EXPECT_EQ(set({{"scaleX", 0.5}}), 100);
  EXPECT_EQ(bench.studio.calls().back().second["values"], (Json{{"width", 160}, {"fit", "stretch"}}));
  EXPECT_EQ(set({{"rotation", 45}}), 400);
  EXPECT_EQ(set({{"alignment", 0}}), 400);
  EXPECT_EQ(set({{"boundsType", "OBS_BOUNDS_MAX_ONLY"}}), 400);
  EXPECT_EQ(code("SetSceneItemBlendMode",
                 {{"sceneName", "Main"}, {"sceneItemId", bars}, {"sceneItemBlendMode", "OBS_BLEND_DARKEN"}}),
            400);
}

TEST_F(ObsRequests, the_bar_goes_on_by_itself_when_it_is_released_on_its_way) {
  on_air(false);
  data("SetTBarPosition", {{"position", 0.3}, {"release", false}});
  EXPECT_EQ(bench.studio.calls().back().first, "program.transition");
  data("SetTBarPosition", {{"position", 0.4}});
  EXPECT_EQ(bench.studio.calls().back().first, "program.auto");
  data("SetTBarPosition", {{"position", 1.0}});
  EXPECT_EQ(bench.studio.calls().back().second["position"], 1.0);
  data("SetStudioModeEnabled", {{"studioModeEnabled", false}});
  EXPECT_EQ(code("SetTBarPosition", {{"position", 1.0}}), 604);
  EXPECT_EQ(code("GetCurrentPreviewScene"), 604);
  EXPECT_EQ(code("TriggerStudioModeTransition"), 604);
}

TEST_F(ObsRequests, transitions_are_the_shows_and_the_built_in_ones) {
  bench.studio.edit([](Json& show) { show["transitions"]["Iris"] = {{"type", "wipe"}, {"shape", "circle"}}; });
  const Json list = data("GetSceneTransitionList");
  EXPECT_EQ(list["currentSceneTransitionName"], "fade");
  EXPECT_EQ(list["transitions"].size(), 7u);
  EXPECT_EQ(list["transitions"][0]["transitionName"], "Iris");
  EXPECT_EQ(list["transitions"][0]["transitionKind"], "wipe_transition");
  EXPECT_EQ(code("SetCurrentSceneTransition", {{"transitionName", "Nowhere"}}), 600);
  data("SetCurrentSceneTransition", {{"transitionName", "Iris"}});
  const Json now = data("GetCurrentSceneTransition");
  EXPECT_EQ(now["transitionDuration"], 700);
  EXPECT_EQ(now["transitionSettings"]["shape"], "circle");
  data("SetCurrentSceneTransition", {{"transitionName", "cut"}});
  EXPECT_EQ(data("GetCurrentSceneTransition")["transitionDuration"], nullptr);
  EXPECT_EQ(code("SetCurrentSceneTransitionDuration", {{"transitionDuration", 500}}), 604);
}

TEST_F(ObsRequests, input_settings_are_laid_over_or_replaced) {
  const auto patch = [this] { return bench.studio.calls().back().second["patch"]; };
  data("SetInputSettings", {{"inputName", "clip"}, {"inputSettings", {{"loop", false}}}});
  EXPECT_EQ(patch(), (Json::array({{{"op", "add"}, {"path", "/sources/clip/loop"}, {"value", false}}})));
  EXPECT_EQ(data("GetInputSettings", {{"inputName", "clip"}})["inputSettings"],
            (Json{{"path", "media/clip.mp4"}, {"loop", false}}));
  data("SetInputSettings", {{"inputName", "clip"}, {"overlay", false}, {"inputSettings", {{"path", "b.mp4"}}}});
  EXPECT_EQ(data("GetInputSettings", {{"inputName", "clip"}})["inputSettings"], (Json{{"path", "b.mp4"}}));
  EXPECT_EQ(data("GetInputSettings", {{"inputName", "clip"}})["inputKind"], "file");
}

TEST_F(ObsRequests, active_is_what_is_on_air) {
  EXPECT_EQ(data("GetSourceActive", {{"sourceName", "clip"}})["videoActive"], false);
  on_air(false);
  EXPECT_EQ(data("GetSourceActive", {{"sourceName", "clip"}})["videoActive"], true);
  EXPECT_EQ(data("GetSourceActive", {{"sourceName", "bars"}})["videoActive"], false);
  EXPECT_EQ(data("GetSourceActive", {{"sourceName", "Main"}})["videoActive"], true);
  EXPECT_EQ(data("GetSourceActive", {{"sourceName", "Break"}})["videoActive"], false);
  const Json inputs = data("GetInputList")["inputs"];
  EXPECT_EQ(data("GetSourceActive", {{"sourceUuid", inputs[1]["inputUuid"]}})["videoActive"], true);
}

TEST_F(ObsRequests, a_scene_in_a_scene_is_an_item_of_that_scene) {
  const auto inputs = data("GetInputList")["inputs"].size();
  data("CreateSceneItem", {{"sceneName", "Main"}, {"sourceName", "Break"}});
  EXPECT_EQ(bench.studio.calls().back().second["nested"], "Break");
  const Json item = data("GetSceneItemList", {{"sceneName", "Main"}})["sceneItems"].back();
  EXPECT_EQ(item["sourceName"], "Break");
  EXPECT_EQ(item["sourceType"], "OBS_SOURCE_TYPE_SCENE");
  EXPECT_EQ(item["isGroup"], false);
  EXPECT_TRUE(item["inputKind"].is_null());
  const Json scenes = data("GetSceneList")["scenes"];
  const auto uuid_is = [&](const Json& scene) { return scene["sceneUuid"] == item["sourceUuid"]; };
  EXPECT_TRUE(std::any_of(scenes.begin(), scenes.end(), uuid_is));
  EXPECT_EQ(data("GetInputList")["inputs"].size(), inputs) << "what it takes is no input";
  EXPECT_EQ(data("GetSceneItemId", {{"sceneName", "Main"}, {"sourceName", "Break"}})["sceneItemId"],
            item["sceneItemId"]);
  EXPECT_EQ(data("GetSceneItemSource", {{"sceneName", "Main"}, {"sceneItemId", item["sceneItemId"]}})["sourceName"],
            "Break");
  on_air(false);
  EXPECT_EQ(data("GetSourceActive", {{"sourceName", "Break"}})["videoActive"], true);
  bench.studio.edit([](Json& show) { show["scenes"]["Main"]["layers"].back()["visible"] = false; });
  EXPECT_EQ(data("GetSourceActive", {{"sourceName", "Break"}})["videoActive"], false);
}

TEST_F(ObsRequests, the_vendor_reaches_every_command) {
  const auto vendor = [](const char* type, Json params) {
    return Json{{"vendorName", "mainstay"}, {"requestType", type}, {"requestData", std::move(params)}};
  };
  EXPECT_EQ(data("CallVendorRequest", vendor("program.start", Json::object()))["responseData"], Json::object());
  EXPECT_EQ(data("CallVendorRequest", vendor("program.cut", {{"scene", "Break"}}))["responseData"]["revision"], 2);
  EXPECT_EQ(data("CallVendorRequest", vendor("event.types", nullptr))["responseData"],
            (Json{{"result", Json::array({"a", "b"})}}));
  EXPECT_EQ(code("CallVendorRequest", vendor("no.such", Json::object())), 600);
  EXPECT_EQ(code("CallVendorRequest", {{"vendorName", "other"}, {"requestType", "x"}}), 600);
}

TEST_F(ObsRequests, failures_of_the_studio_get_their_codes) {
  const std::pair<CallErrc, int> table[] = {
      {CallErrc::invalid_params, 400}, {CallErrc::invalid_show, 400}, {CallErrc::denied, 703},
      {CallErrc::wrong_state, 604},    {CallErrc::not_found, 600},    {CallErrc::busy, 207},
      {CallErrc::failed, 702},         {CallErrc::cancelled, 207},    {CallErrc::unknown_command, 600},
  };
  for (const auto& [error, expected] : table) {
    bench.studio.fail_with(error);
    EXPECT_EQ(code("StartStream"), expected) << to_string(error);
  }
}

TEST_F(ObsRequests, figures_follow_the_program) {
  on_air();
  const Json stats = data("GetStats");
  EXPECT_EQ(stats["activeFps"], 25);
  EXPECT_EQ(stats["renderTotalFrames"], 500);
  EXPECT_EQ(stats["renderSkippedFrames"], 3);
  EXPECT_EQ(stats["outputTotalFrames"], 482);
  EXPECT_GT(stats["memoryUsage"].get<double>(), 1);
  EXPECT_GT(stats["availableDiskSpace"].get<double>(), 0);
  EXPECT_GT(stats["webSocketSessionIncomingMessages"].get<int>(), 1);
  bench.clock.advance(Seconds(2));
  bench.studio.set([](Snapshot& s) { s.program.rendered += 40; });
  EXPECT_EQ(data("GetStats")["activeFps"], 20);
}

TEST_F(ObsRequests, the_custom_event_reaches_all_as_it_was_given) {
  ObsClient other = bench.client();
  other.identify({{"eventSubscriptions", 1}});
  data("BroadcastCustomEvent", {{"eventData", {{"hello", "there"}}}});
  EXPECT_EQ(
      other.events(),
      (std::vector<Json>{{{"eventType", "CustomEvent"}, {"eventIntent", 1}, {"eventData", {{"hello", "there"}}}}}));
}

TEST_F(ObsRequests, hot_keys_are_macros) {
  EXPECT_EQ(data("GetHotkeyList")["hotkeys"], Json::array());
  EXPECT_EQ(code("TriggerHotkeyByName", {{"hotkeyName", "intro"}}), 600);
  EXPECT_EQ(bench.studio.calls().back(), (std::pair<std::string, Json>{"macro.run", {{"name", "intro"}}}));
}

TEST(ObsUuid, depends_on_show_kind_and_name_alone) {
  const std::string uuid = uuid_of("Show", "scene", "Main");
  EXPECT_EQ(uuid, uuid_of("Show", "scene", "Main"));
  EXPECT_NE(uuid, uuid_of("Other", "scene", "Main"));
  EXPECT_NE(uuid, uuid_of("Show", "input", "Main"));
  EXPECT_NE(uuid, uuid_of("Show", "scene", "Other"));
  ASSERT_EQ(uuid.size(), 36u);
  EXPECT_EQ(uuid[14], '5');
  EXPECT_TRUE(std::string("89ab").find(uuid[19]) != std::string::npos);
}

}  // namespace
}  // namespace mainstay::obs
