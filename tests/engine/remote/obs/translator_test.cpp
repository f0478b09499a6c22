// The studio's events as obs-websocket's, with their documented shapes.
#include "engine/remote/obs/translator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/engine/remote/obs/obs_client.h"
#include "tests/engine/remote/obs/shapes.h"

namespace mainstay::obs {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::map<std::string, std::string> kShapes = {
    {"CurrentProgramSceneChanged", "sceneName:string sceneUuid:string"},
    {"CurrentPreviewSceneChanged", "sceneName:string sceneUuid:string"},
    {"StudioModeStateChanged", "studioModeEnabled:boolean"},
    {"CurrentSceneTransitionChanged", "transitionName:string transitionUuid:string"},
    {"CurrentSceneTransitionDurationChanged", "transitionDuration:number"},
    {"SceneTransitionStarted", "transitionName:string transitionUuid:string"},
    {"SceneTransitionEnded", "transitionName:string transitionUuid:string"},
    {"SceneTransitionVideoEnded", "transitionName:string transitionUuid:string"},
    {"SceneItemLockStateChanged", "sceneName:string sceneUuid:string sceneItemId:number sceneItemLocked:boolean"},
    {"StreamStateChanged", "outputActive:boolean outputState:string"},
    {"RecordStateChanged", "outputActive:boolean outputState:string outputPath:string?"},
    {"SceneListChanged", "scenes:[sceneIndex:number sceneName:string sceneUuid:string]"},
    {"SceneCreated", "sceneName:string sceneUuid:string isGroup:boolean"},
    {"SceneRemoved", "sceneName:string sceneUuid:string isGroup:boolean"},
    {"InputCreated",
     "inputName:string inputUuid:string inputKind:string unversionedInputKind:string inputKindCaps:number "
     "inputSettings:object defaultInputSettings:object"},
    {"InputRemoved", "inputName:string inputUuid:string"},
    {"InputActiveStateChanged", "inputName:string inputUuid:string videoActive:boolean"},
    {"InputShowStateChanged", "inputName:string inputUuid:string videoShowing:boolean"},
    {"InputSettingsChanged", "inputName:string inputUuid:string inputSettings:object"},
    {"InputMuteStateChanged", "inputName:string inputUuid:string inputMuted:boolean"},
    {"InputVolumeChanged", "inputName:string inputUuid:string inputVolumeMul:number inputVolumeDb:number"},
    {"InputAudioBalanceChanged", "inputName:string inputUuid:string inputAudioBalance:number"},
    {"InputAudioSyncOffsetChanged", "inputName:string inputUuid:string inputAudioSyncOffset:number"},
    {"InputAudioTracksChanged", "inputName:string inputUuid:string inputAudioTracks:object"},
    {"InputAudioMonitorTypeChanged", "inputName:string inputUuid:string monitorType:string"},
    {"MediaInputPlaybackStarted", "inputName:string inputUuid:string"},
    {"MediaInputPlaybackEnded", "inputName:string inputUuid:string"},
    {"MediaInputActionTriggered", "inputName:string inputUuid:string mediaAction:string"},
    {"SceneItemCreated",
     "sceneName:string sceneUuid:string sourceName:string sourceUuid:string sceneItemId:number sceneItemIndex:number"},
    {"SceneItemRemoved", "sceneName:string sceneUuid:string sourceName:string sourceUuid:string sceneItemId:number"},
    {"SceneItemEnableStateChanged", "sceneName:string sceneUuid:string sceneItemId:number sceneItemEnabled:boolean"},
    {"SceneItemListReindexed",
     "sceneName:string sceneUuid:string sceneItems:[sceneItemId:number sceneItemIndex:number]"},
    {"SceneItemTransformChanged", "sceneName:string sceneUuid:string sceneItemId:number sceneItemTransform:object"},
    {"CurrentSceneCollectionChanging", "sceneCollectionName:string"},
    {"CurrentSceneCollectionChanged", "sceneCollectionName:string"},
    {"SceneCollectionListChanged", "sceneCollections:array"},
    {"CurrentProfileChanged", "profileName:string"},
    {"ProfileListChanged", "profiles:array"},
    {"SourceFilterCreated",
     "sourceName:string filterName:string filterKind:string filterIndex:number filterSettings:object "
     "defaultFilterSettings:object"},
    {"SourceFilterSettingsChanged", "sourceName:string filterName:string filterSettings:object"},
    {"VendorEvent", "vendorName:string eventType:string eventData:object"},
};

struct ObsEvents : ::testing::Test {
  ObsEvents() { client.identify({{"eventSubscriptions", intent::kAll | intent::kSceneItemTransformChanged}}); }

  // What came since the last call, without the vendor's, each checked against its shape.
  std::vector<Json> heard() {
    std::vector<Json> out;
    for (Json& event : client.events()) {
      const std::string type = event["eventType"];
      EXPECT_TRUE(kShapes.contains(type)) << type;
      if (kShapes.contains(type)) {
        EXPECT_THAT(breaches(event["eventData"], kShapes.at(type), type), IsEmpty());
      }
      if (type != "VendorEvent") out.push_back(std::move(event));
    }
    return out;
  }
  std::vector<std::string> types() {
    std::vector<std::string> out;
    for (const Json& event : heard()) out.push_back(event["eventType"]);
    return out;
  }
  std::vector<std::string> states() {
    std::vector<std::string> out;
    for (const Json& event : heard()) {
      std::string state = event["eventData"].value("outputState", std::string());
      if (state.empty()) continue;
      out.push_back(state.substr(std::string("OBS_WEBSOCKET_OUTPUT_").size()));
    }
    return out;
  }
  void leg(const char* role, const char* state) {
    bench.studio.add_event("leg.state", std::string("platform/") + role, {{"state", state}, {"from", "x"}});
  }

  ObsBench bench;
  ObsClient client = bench.client();
};

TEST_F(ObsEvents, begin_with_what_happens_after_the_client_came) {
  client.request("StartStream");
  client.request("StopStream");
  ObsClient late = bench.client();
  late.identify();
  client.request("StartStream");
  client.request("StopStream");
  EXPECT_EQ(late.events().size(), 8u) << "four states and four events of the vendor, none of what was before";
}

TEST_F(ObsEvents, states_of_the_stream_are_told_in_order) {
  bench.studio.add_event("program.starting", "s");
  bench.studio.add_event("program.started", "s");
  bench.studio.add_event("program.stopping", "s");
  bench.studio.add_event("program.ended", "s", {{"failure", ""}});
  EXPECT_THAT(states(), ElementsAre("STARTING", "STARTED", "STOPPING", "STOPPED"));
  bench.studio.add_event("program.starting", "s");
  bench.studio.add_event("program.failed", "s");
  EXPECT_THAT(states(), ElementsAre("STARTING", "STOPPED"));
}

TEST_F(ObsEvents, the_stream_reconnects_when_the_last_leg_is_lost) {
  bench.studio.add_event("program.started", "s");
  leg("main", "connecting");
  leg("backup", "connecting");
  EXPECT_THAT(states(), ElementsAre("STARTED")) << "a first connect is no reconnect";
  leg("main", "live");
  leg("backup", "live");
  leg("main", "backoff");
  EXPECT_THAT(states(), IsEmpty()) << "the backup carries it";
  leg("backup", "backoff");
  leg("main", "connecting");
  leg("main", "live");
  leg("backup", "live");
  EXPECT_THAT(states(), ElementsAre("RECONNECTING", "RECONNECTED"));
}

TEST_F(ObsEvents, a_cut_is_a_scene_change) {
  client.request("StartStream");
  client.events();
  bench.studio.add_event("program.scene", "Break", {{"from", "Main"}});
  const std::vector<Json> events = heard();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0]["eventType"], "CurrentProgramSceneChanged");
  EXPECT_EQ(events[0]["eventIntent"], 4);
  EXPECT_EQ(events[0]["eventData"]["sceneName"], "Break");
  EXPECT_EQ(events[0]["eventData"]["sceneUuid"],
            client.request("GetSceneList")["responseData"]["scenes"][1]["sceneUuid"]);
}

// "+clip" for each input that becomes active, "-clip" for one that no longer is; both kinds of event must agree.
struct ObsInputStates : ObsEvents {
  ObsInputStates() {
    client.send({{"op", 3},
                 {"d", {{"eventSubscriptions", intent::kInputActiveStateChanged | intent::kInputShowStateChanged}}}});
    client.answer();
    desk.identify({{"eventSubscriptions", 0}});
  }
  std::vector<std::string> changes() {
    std::vector<std::string> active;
    std::vector<std::string> showing;
    for (const Json& event : heard()) {
      const Json& data = event["eventData"];
      const bool is_active = event["eventType"] == "InputActiveStateChanged";
      EXPECT_EQ(event["eventIntent"], is_active ? 1 << 17 : 1 << 18);
      const bool on = data[is_active ? "videoActive" : "videoShowing"];
      (is_active ? active : showing).push_back((on ? "+" : "-") + data["inputName"].get<std::string>());
    }
    EXPECT_EQ(active, showing);
    return active;
  }

  ObsClient desk = bench.client();  ///< who asks; `client` listens
};

TEST_F(ObsInputStates, follow_the_program_from_its_start_to_its_end) {
  desk.request("StartStream");
  EXPECT_THAT(changes(), ElementsAre("+clip")) << "bars are switched off in this scene";
  desk.request("SetCurrentProgramScene", {{"sceneName", "Break"}});
  EXPECT_THAT(changes(), ElementsAre("-clip", "+bars"));
  desk.request("StopStream");
  EXPECT_THAT(changes(), ElementsAre("-bars"));
}

TEST_F(ObsInputStates, follow_the_layers_of_the_scene_on_air) {
  desk.request("StartStream");
  changes();
  bench.studio.edit([](Json& show) { show["scenes"]["Main"]["layers"][1]["visible"] = true; });
  EXPECT_THAT(changes(), ElementsAre("+bars"));
  bench.studio.edit([](Json& show) { show["scenes"]["Break"]["layers"] = Json::array(); });
  EXPECT_THAT(changes(), IsEmpty()) << "another scene";
  bench.studio.edit([](Json& show) {
    show["scenes"]["Main"]["layers"].erase(0);
    show["sources"].erase("clip");
  });
  EXPECT_THAT(changes(), IsEmpty()) << "an input that is gone has no state: InputRemoved tells";
}

TEST_F(ObsInputStates, of_a_show_without_scenes_are_those_of_its_first_input) {
  bench.studio.edit([](Json& show) {
    show["scenes"] = Json::object();
    show["on_air"] = "";
  });
  desk.request("StartStream");
  EXPECT_THAT(changes(), ElementsAre("+bars"));
}

TEST_F(ObsInputStates, in_a_transition_both_scenes_are_active_and_preview_is_showing) {
  desk.request("StartStream");
  changes();
  bench.studio.edit([](Json& show) { show["preview"] = "Break"; });
  std::vector<Json> events = heard();
  ASSERT_EQ(events.size(), 1u) << "bars show, and are not on air";
  EXPECT_EQ(events[0]["eventType"], "InputShowStateChanged");
  EXPECT_EQ(events[0]["eventData"]["inputName"], "bars");
  bench.studio.add_event("program.transition_started", "Break",
                         {{"from", "Main"}, {"transition", "fade"}, {"frame", 1}});
  bench.studio.add_event("program.scene", "Break", {{"from", "Main"}});
  events = heard();
  ASSERT_EQ(events.size(), 1u) << "clip stays until the end";
  EXPECT_EQ(events[0]["eventType"], "InputActiveStateChanged");
  EXPECT_EQ(events[0]["eventData"]["inputName"], "bars");
  bench.studio.add_event("program.transition_ended", "Break",
                         {{"from", "Main"}, {"transition", "fade"}, {"frame", 9}, {"how", "completed"}});
  EXPECT_THAT(changes(), ElementsAre("-clip"));
}

TEST_F(ObsInputStates, are_not_told_to_whoever_did_not_ask) {
  ObsClient other = bench.client();
  other.identify({{"eventSubscriptions", intent::kAll}});
  desk.request("StartStream");
  for (const Json& event : other.events()) EXPECT_FALSE(event["eventType"].get<std::string>().starts_with("Input"));
  EXPECT_THAT(changes(), ElementsAre("+clip"));
}

TEST_F(ObsEvents, off_air_the_scene_that_the_show_begins_with_is_the_one) {
  bench.studio.edit([](Json& show) { show["on_air"] = "Break"; });
  EXPECT_THAT(types(), ElementsAre("CurrentProgramSceneChanged"));
}

TEST_F(ObsEvents, the_recording_tells_its_file_when_it_ends) {
  bench.studio.add_event("record.state", "record", {{"state", "waiting"}, {"path", "/r/a.mp4"}});
  bench.studio.add_event("record.state", "record", {{"state", "recording"}, {"path", "/r/a.mp4"}});
  bench.studio.add_event("record.state", "record", {{"state", "stopped"}, {"path", "/r/a.mp4"}});
  const std::vector<Json> events = heard();
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0]["eventData"],
            (Json{{"outputActive", false}, {"outputState", "OBS_WEBSOCKET_OUTPUT_STARTING"}, {"outputPath", nullptr}}));
  EXPECT_EQ(events[1]["eventData"],
            (Json{{"outputActive", true}, {"outputState", "OBS_WEBSOCKET_OUTPUT_STARTED"}, {"outputPath", nullptr}}));
  EXPECT_EQ(
      events[2]["eventData"],
      (Json{{"outputActive", false}, {"outputState", "OBS_WEBSOCKET_OUTPUT_STOPPED"}, {"outputPath", "/r/a.mp4"}}));
}

TEST_F(ObsEvents, scenes_and_inputs_come_and_go) {
  bench.studio.edit([](Json& show) {
    show["sources"]["logo"] = {{"type", "color"}, {"color", "#ff0000"}};
    show["scenes"]["Titles"] = {{"layers", Json::array({{{"source", "logo"}}})}};
  });
  EXPECT_THAT(types(), ElementsAre("InputCreated", "SceneCreated", "SceneItemCreated", "SceneListChanged"));
  bench.studio.edit([](Json& show) {
    show["scenes"].erase("Titles");
    show["sources"].erase("logo");
  });
  EXPECT_THAT(types(), ElementsAre("InputRemoved", "SceneRemoved", "SceneListChanged"));
}

TEST_F(ObsEvents, items_change_move_come_and_go) {
  bench.studio.edit([](Json& show) { show["scenes"]["Main"]["layers"][1]["visible"] = true; });
  EXPECT_THAT(types(), ElementsAre("SceneItemEnableStateChanged"));
  bench.studio.edit(
      [](Json& show) { std::swap(show["scenes"]["Main"]["layers"][0], show["scenes"]["Main"]["layers"][1]); });
  EXPECT_THAT(types(), ElementsAre("SceneItemListReindexed"));
  bench.studio.edit([](Json& show) { show["scenes"]["Main"]["layers"].erase(0); });
  EXPECT_THAT(types(), ElementsAre("SceneItemRemoved"));
  bench.studio.edit([](Json& show) { show["scenes"]["Main"]["layers"][0]["y"] = 5; });
  EXPECT_THAT(types(), ElementsAre("SceneItemTransformChanged"));
}

TEST_F(ObsEvents, what_is_dragged_is_told_as_it_moves) {
  const auto blur = [&](int radius, const char* told) {
    bench.studio.edit(
        [&](Json& show) {
          show["scenes"]["Main"]["layers"][0]["filters"] =
              Json::array({{{"type", "blur"}, {"name", "soft"}, {"radius", radius}}});
        },
        told);
  };
  blur(4, "show.changed");
  types();
  blur(9, "show.changing");
  const std::vector<Json> moved = heard();
  ASSERT_EQ(moved.size(), 1u);
  EXPECT_EQ(moved[0]["eventType"], "SourceFilterSettingsChanged");
  EXPECT_EQ(moved[0]["eventData"]["filterSettings"]["radius"], 9);
  blur(9, "show.changed");
  EXPECT_THAT(types(), ElementsAre()) << "it rests where it was told to be";
}

TEST_F(ObsEvents, studio_mode_preview_and_transitions_are_told) {
  bench.studio.edit([](Json& show) { show["preview"] = "Break"; });
  EXPECT_THAT(types(), ElementsAre("CurrentPreviewSceneChanged"));
  bench.studio.edit([](Json& show) { show["transition"] = "wipe"; });
  EXPECT_THAT(types(), ElementsAre("CurrentSceneTransitionChanged", "CurrentSceneTransitionDurationChanged"));
  bench.studio.edit([](Json& show) { show["transitions"]["wipe"] = {{"type", "wipe"}, {"duration_ms", 900}}; });
  EXPECT_THAT(types(), ElementsAre("CurrentSceneTransitionDurationChanged"));
  bench.studio.edit([](Json& show) { show["scenes"]["Main"]["layers"][0]["locked"] = true; });
  EXPECT_THAT(types(), ElementsAre("SceneItemLockStateChanged"));
  bench.studio.edit([](Json& show) { show["studio_mode"] = false; });
  EXPECT_THAT(types(), ElementsAre("StudioModeStateChanged"));
  const auto tell = [&](const char* type, const char* how) {
    bench.studio.add_event(type, "Break", {{"from", "Main"}, {"transition", "fade"}, {"frame", 1}, {"how", how}});
  };
  tell("program.transition_started", "");
  tell("program.transition_ended", "completed");
  tell("program.transition_started", "");
  tell("program.transition_ended", "cut");
  EXPECT_THAT(types(), ElementsAre("SceneTransitionStarted", "SceneTransitionVideoEnded", "SceneTransitionEnded",
                                   "SceneTransitionStarted", "SceneTransitionEnded"));
}

TEST_F(ObsEvents, settings_of_an_input_and_its_kind_change) {
  bench.studio.edit([](Json& show) { show["sources"]["bars"]["tone_hz"] = 880; });
  EXPECT_THAT(types(), ElementsAre("InputSettingsChanged"));
  bench.studio.edit([](Json& show) { show["sources"]["bars"] = {{"type", "color"}}; });
  EXPECT_THAT(types(), ElementsAre("InputRemoved", "InputCreated"));
}

TEST_F(ObsEvents, the_mixer_tells_what_of_a_strip_changed_and_nothing_else) {
  ObsClient hand = bench.client();  // what a client asks for comes back to it before it is answered
  hand.identify({{"eventSubscriptions", 0}});
  hand.request("SetInputVolume", {{"inputName", "clip"}, {"inputVolumeDb", -20}});
  const std::vector<Json> volume = heard();
  ASSERT_EQ(volume.size(), 1u);
  EXPECT_EQ(volume[0]["eventType"], "InputVolumeChanged");
  EXPECT_EQ(volume[0]["eventData"]["inputName"], "clip");
  EXPECT_NEAR(volume[0]["eventData"]["inputVolumeMul"].get<double>(), 0.1, 1e-9);
  hand.request("SetInputMute", {{"inputName", "clip"}, {"inputMuted", true}});
  EXPECT_THAT(types(), ElementsAre("InputMuteStateChanged"));
  hand.request("SetInputAudioBalance", {{"inputName", "clip"}, {"inputAudioBalance", 0}});
  EXPECT_THAT(types(), ElementsAre("InputAudioBalanceChanged"));
  hand.request("SetInputAudioSyncOffset", {{"inputName", "clip"}, {"inputAudioSyncOffset", 20}});
  EXPECT_THAT(types(), ElementsAre("InputAudioSyncOffsetChanged"));
  hand.request("SetInputAudioTracks", {{"inputName", "clip"}, {"inputAudioTracks", {{"2", true}}}});
  EXPECT_THAT(types(), ElementsAre("InputAudioTracksChanged"));
  hand.request("SetInputAudioMonitorType",
               {{"inputName", "clip"}, {"monitorType", "OBS_MONITORING_TYPE_MONITOR_AND_OUTPUT"}});
  EXPECT_THAT(types(), ElementsAre("InputAudioMonitorTypeChanged"));
}

TEST_F(ObsEvents, what_is_played_tells_its_beginning_its_end_and_what_was_done_to_it) {
  ObsClient hand = bench.client();
  hand.identify({{"eventSubscriptions", 0}});
  hand.request("TriggerMediaInputAction",
               {{"inputName", "clip"}, {"mediaAction", "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_PAUSE"}});
  const std::vector<Json> action = heard();
  ASSERT_EQ(action.size(), 1u);
  EXPECT_EQ(action[0]["eventType"], "MediaInputActionTriggered");
  EXPECT_EQ(action[0]["eventIntent"], intent::kMediaInputs);
  EXPECT_EQ(action[0]["eventData"]["inputName"], "clip");
  EXPECT_EQ(action[0]["eventData"]["mediaAction"], "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_PAUSE");
  bench.studio.add_event("source.state", "clip", {{"state", "live"}, {"from", "opening"}});
  EXPECT_THAT(types(), ElementsAre("MediaInputPlaybackStarted"));
  for (const char* from : {"stalled", "resting"}) {
    bench.studio.add_event("source.state", "clip", {{"state", "live"}, {"from", from}});
    EXPECT_THAT(types(), IsEmpty());
  }
  bench.studio.add_event("source.state", "clip", {{"state", "ended"}, {"from", "live"}});
  EXPECT_THAT(types(), ElementsAre("MediaInputPlaybackEnded"));
}

TEST_F(ObsEvents, volume_meters_come_every_50_ms_to_whoever_asked_for_them) {
  client.request("StartStream");
  bench.studio.set([](Snapshot& s) {
    StripSnapshot& strip = s.mixer.strips.emplace_back();
    strip.name = "clip";
    strip.gain_db = -20;
    strip.meter.peak_db = {-20, -40};
    strip.meter.rms_db = {-26, -46};
  });
  const auto meters = [&] {
    std::vector<Json> out;
    for (Json& event : client.events()) {
      if (event["eventType"] == "InputVolumeMeters") out.push_back(std::move(event));
    }
    return out;
  };
  bench.loop.advance(Millis(200));
  EXPECT_THAT(meters(), IsEmpty()) << "nobody asked";
  client.send({{"op", 3}, {"d", {{"eventSubscriptions", intent::kInputVolumeMeters}}}});
  for (int i = 0; i < 10; ++i) bench.loop.advance(Millis(50));
  const std::vector<Json> told = meters();
  ASSERT_EQ(told.size(), 10u);
  EXPECT_EQ(told[0]["eventIntent"], intent::kInputVolumeMeters);
  const Json& input = told[0]["eventData"]["inputs"][0];
  EXPECT_EQ(input["inputName"], "clip");
  ASSERT_EQ(input["inputLevelsMul"].size(), 2u);
  EXPECT_NEAR(input["inputLevelsMul"][0][0].get<double>(), 0.05, 0.001);
  EXPECT_NEAR(input["inputLevelsMul"][0][1].get<double>(), 0.1, 1e-6);
  EXPECT_NEAR(input["inputLevelsMul"][0][2].get<double>(), 1, 1e-6) << "before the fader";
  bench.studio.set([](Snapshot& s) { s.mixer.strips.back().meter.channels = 6; });
  for (int i = 0; i < 2; ++i) bench.loop.advance(Millis(50));
  EXPECT_EQ(meters().back()["eventData"]["inputs"][0]["inputLevelsMul"].size(), 6u) << "a 5.1 program's";
  client.send({{"op", 3}, {"d", {{"eventSubscriptions", intent::kAll}}}});
  for (int i = 0; i < 4; ++i) bench.loop.advance(Millis(50));
  EXPECT_THAT(meters(), IsEmpty());
}

TEST_F(ObsEvents, another_show_is_another_scene_collection) {
  bench.studio.edit([](Json& show) { show["name"] = "Channel Two"; });
  EXPECT_THAT(types(), ElementsAre("CurrentSceneCollectionChanging", "SceneCollectionListChanged",
                                   "CurrentSceneCollectionChanged", "ProfileListChanged", "CurrentProfileChanged"));
}

TEST_F(ObsEvents, an_edit_of_something_else_is_told_to_vendors_alone) {
  bench.studio.edit([](Json& show) { show["program"]["hold_ms"] = 100; });
  const std::vector<Json> events = client.events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0]["eventType"], "VendorEvent");
  EXPECT_EQ(events[0]["eventIntent"], 512);
  EXPECT_EQ(events[0]["eventData"]["vendorName"], "mainstay");
  EXPECT_EQ(events[0]["eventData"]["eventType"], "show.changed");
  EXPECT_EQ(events[0]["eventData"]["eventData"]["subject"], "Channel One");
}

TEST_F(ObsEvents, missed_events_are_made_up_for) {
  bench.studio.set([](Snapshot& s) {
    s.phase = Phase::on_air;
    s.program.scene = "Break";
  });
  for (int i = 0; i < 5; ++i) bench.studio.add_event("macro.log", "m");  // the hub has not run yet
  bench.studio.forget_events();
  bench.studio.add_event("macro.log", "m");
  EXPECT_THAT(types(), ElementsAre("CurrentProgramSceneChanged", "StreamStateChanged"));
}

}  // namespace
}  // namespace mainstay::obs
