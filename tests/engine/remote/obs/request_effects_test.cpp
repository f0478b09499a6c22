// What the requests do, and what they answer then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "engine/remote/obs/show_view.h"
#include "tests/engine/remote/obs/requests_fixture.h"

namespace mainstay::obs {
namespace {

using ::testing::ElementsAre;

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
  bench.studio.set([](Snapshot& s) { s.sources[0] = {.name = "clip", .state = "resting"}; });
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
