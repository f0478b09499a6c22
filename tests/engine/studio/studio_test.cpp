#include <algorithm>

#include "tests/engine/studio/studio_fixture.h"
#include "tests/support/png.h"

namespace mainstay {
namespace {

using ::testing::HasSubstr;

TEST_F(StudioTest, CommandsSayWhenTheyMayBeCalled) {
  EXPECT_THAT(call("program.stop").error->message, HasSubstr("program.start first"));
  EXPECT_EQ(call("program.start").error->code, CallErrc::wrong_state);
  EXPECT_EQ(call("show.set", {{"pointer", "/name"}, {"value", "A"}}).error->code, CallErrc::wrong_state);
  go_on_air();
  EXPECT_THAT(call("show.open", {{"path", path_}}).error->message, HasSubstr("program.stop first"));
  EXPECT_EQ(call("program.start").error->code, CallErrc::wrong_state);
  EXPECT_EQ(call("program.cut", {{"scene", "Blue"}}, Role::view).error->code, CallErrc::denied);
  must("program.stop");
  EXPECT_EQ(state("/phase"), "off");
}

TEST_F(StudioTest, ACutShowsTheSceneFromTheFrameItNames) {
  go_on_air();
  must("program.cut", {{"scene", "Blue"}});
  const Event cut = await("program.scene");
  EXPECT_EQ(cut.subject, "Blue");
  EXPECT_EQ(cut.data["from"], "Bars");
  EXPECT_GE(cut.data["frame"], 50);
  const auto is_blue = [&] {
    const FramePtr picture = studio_.program_picture();
    return picture && picture->planes[1][0] > 200;  // Cb of blue
  };
  EXPECT_TRUE(becomes(is_blue));
  EXPECT_EQ(state("/program/scene"), "Blue");
  EXPECT_EQ(call("program.cut", {{"scene", "Red"}}).error->code, CallErrc::not_found);
}

TEST_F(StudioTest, WhatDidNotChangeIsNotTouched) {
  go_on_air();
  const auto is_told = [&] {  // it is told after it is so
    const auto events = studio_.events(0, 2000);
    return std::any_of(events.begin(), events.end(),
                       [](const Event& e) { return e.subject == "bars" && e.message.starts_with("live"); });
  };
  EXPECT_TRUE(becomes(is_told));
  const std::int64_t seen = last_event();
  must("show.set", {{"pointer", "/destinations/second"}, {"value", {{"main", {{"url", "srt://127.0.0.1:9"}}}}}});
  EXPECT_TRUE(state("/legs").contains("second"));
  must("show.set", {{"pointer", "/sources/red"}, {"value", {{"type", "color"}, {"color", "#ff0000"}}}});
  must("show.set", {{"pointer", "/scenes/Red/layers"}, {"value", Json::array({{{"source", "red"}}})}});
  EXPECT_TRUE(state("/sources").contains("red"));
  must("show.remove", {{"pointer", "/destinations/second"}});
  EXPECT_FALSE(state("/legs").contains("second"));
  for (const Event& event : studio_.events(seen, 2000)) {
    EXPECT_FALSE(event.subject == "bars" || event.type == "encoder.failed") << event.type << " " << event.message;
  }
  EXPECT_EQ(state("/program/repeated"), 0);
}

TEST_F(StudioTest, ARenditionChangesWhileTheProgramRunsOn) {
  go_on_air();
  must("show.set", {{"pointer", "/encode/video/0/kbps"}, {"value", 500}});
  EXPECT_THAT(state("/encoders/v0/encoder").get<std::string>(), HasSubstr("500 kb/s"));
  must("show.patch",
       {{"patch",
         Json::array({{{"op", "add"},
                       {"path", "/encode/video/-"},
                       {"value", {{"name", "v1"}, {"preset", "ultrafast"}, {"height", 54}, {"kbps", 100}}}}})}});
  const auto frames = [&](const char* name) { return state(std::string("/encoders/") + name + "/frames").get<int>(); };
  EXPECT_TRUE(becomes([&] { return frames("v0") >= 10 && frames("v1") >= 10; }));
  must("show.remove", {{"pointer", "/encode/video/1"}});
  EXPECT_FALSE(state("/encoders").contains("v1"));
  must("program.stop");
}

TEST_F(StudioTest, ADestinationIsSwitchedOffAndOnAndTheShowSaysSo) {
  go_on_air();
  must("destination.stop", {{"name", "nowhere"}});
  EXPECT_EQ(must("show.get", {{"pointer", "/destinations/nowhere/enabled"}}), false);
  const auto leg = [&] { return state("/legs/nowhere/main/state").get<std::string>(); };
  EXPECT_TRUE(becomes([&] { return leg() == "stopped"; }));
  must("destination.start", {{"name", "nowhere"}});
  EXPECT_TRUE(becomes([&] { return leg() != "stopped"; }));
  EXPECT_EQ(call("destination.start", {{"name", "elsewhere"}}).error->code, CallErrc::not_found);
}

TEST_F(StudioTest, ARecordingStartsAndEndsInMidAir) {
  go_on_air();
  must("show.set", {{"pointer", "/record"}, {"value", {{"path", "one.mp4"}}}});
  const Event recording = await("record.state");
  EXPECT_EQ(recording.data["state"], "recording");
  must("record.stop");
  EXPECT_TRUE(state("/recorder").is_null());
  must("program.stop");
  EXPECT_GT(std::filesystem::file_size(folder_ / "one.mp4"), 1000u);
}

TEST_F(StudioTest, AnEditThatIsWrongChangesNothingAndNamesThePlace) {
  go_on_air();
  const std::int64_t revision = state("/show/revision");
  CallResult wrong = call("show.set", {{"pointer", "/encode/video/0/kbps"}, {"value", "fast"}});
  EXPECT_EQ(wrong.error->code, CallErrc::invalid_show);
  EXPECT_EQ(wrong.error->errors[0].pointer, "/encode/video/0/kbps");
  wrong = call("show.set", {{"pointer", "/program/width"}, {"value", 320}});
  EXPECT_EQ(wrong.error->errors[0].pointer, "/program/width");
  EXPECT_THAT(wrong.error->message, HasSubstr("cannot change while on air"));
  wrong = call("show.set", {{"pointer", "/program/audio_layout"}, {"value", "5.1"}});
  EXPECT_EQ(wrong.error->errors[0].pointer, "/program/audio_layout");
  wrong = call("show.set", {{"pointer", "/encode/video/0/encoder"}, {"value", "h264_nvenc"}});
  EXPECT_FALSE(wrong.ok()) << "there is no such hardware here";
  EXPECT_EQ(call("show.set", {{"pointer", "no pointer"}, {"value", 1}}).error->code, CallErrc::invalid_params);
  EXPECT_EQ(state("/show/revision"), revision);
  EXPECT_EQ(must("show.get", {{"pointer", "/program/width"}}), 160);
  EXPECT_THAT(state("/encoders/v0/encoder").get<std::string>(), HasSubstr("libx264"));
}

TEST_F(StudioTest, SecretsAreNotShownAndComeBackAsTheyWere) {
  must("show.open", {{"path", path_}});
  Json shown = must("show.get");
  EXPECT_THAT(shown.dump(), Not(HasSubstr("hidden-key")));
  shown["name"] = "Renamed";
  must("show.apply", {{"show", shown}});
  EXPECT_EQ(must("show.get", {{"pointer", "/name"}}), "Renamed");
  must("show.set", {{"pointer", "/destinations/nowhere/main/key"}, {"value", "another-key"}});
  const CallResult lost = call("show.set", {{"pointer", "/destinations/new"},
                                            {"value", {{"main", {{"url", "rtmp://127.0.0.1/live"}, {"key", "***"}}}}}});
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error->errors[0].pointer, "/destinations/new/main/key");
}

TEST_F(StudioTest, ShowCheckSaysWhatIsWrongWithoutChangingAnything) {
  must("show.open", {{"path", path_}});
  Json broken = must("show.get");
  broken["scenes"]["Bars"]["layers"][0]["source"] = "nobody";
  const Json errors = must("show.check", {{"show", broken}})["errors"];
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0]["pointer"], "/scenes/Bars/layers/0/source");
  EXPECT_EQ(must("show.check")["errors"], Json::array());
}

TEST_F(StudioTest, EveryCommandIsDescribed) {
  const Json list = must("command.list");
  EXPECT_EQ(list.size(), studio_.registry().commands().size());
  for (const Json& command : list) {
    EXPECT_FALSE(command["help"].get<std::string>().empty()) << command["name"];
    for (const Json& param : command["params"])
      EXPECT_FALSE(param["help"].get<std::string>().empty()) << command["name"];
    EXPECT_EQ(must("command.help", {{"name", command["name"]}}), command);
  }
}

TEST_F(StudioTest, EveryEventThatHappensIsDeclared) {
  go_on_air();
  must("program.cut", {{"scene", "Blue"}});
  await("program.scene");
  must("program.stop");
  for (const Event& event : studio_.events(0, 2000)) {
    const EventType* type = find_event_type(event.type);
    ASSERT_NE(type, nullptr) << event.type;
    for (const auto& [key, value] : event.data.items()) {
      EXPECT_TRUE(std::any_of(type->data.begin(), type->data.end(), [&](const auto& d) { return d.first == key; }))
          << event.type << "." << key;
    }
  }
}

TEST_F(StudioTest, ASourceThatCameBackIsNoFailureAtTheEndButAnOutageOnRecord) {
  const std::filesystem::path picture = folder_ / "late.png";
  go_on_air();
  must("show.set", {{"pointer", "/sources/late"}, {"value", {{"type", "image"}, {"path", picture.string()}}}});
  const Json layers = Json::parse(R"([{"source": "bars"}, {"source": "late"}])");
  must("show.set", {{"pointer", "/scenes/Bars/layers"}, {"value", layers}});
  ASSERT_TRUE(becomes([&] { return told_of("late", "failed"); }));
  EXPECT_NE(must("state.report")["errors"], Json::array()) << "while it fails it is an error";
  // It comes back while another scene is on air.
  must("program.cut", {{"scene", "Blue"}});
  test::write_file(picture.string(), test::png(8, 8, [](int, int) { return test::Rgba{9, 9, 9}; }));
  ASSERT_TRUE(becomes([&] { return told_of("late", "live"); }));
  must("program.stop");
  EXPECT_EQ(await("program.ended").data["failure"], "");
  const Json report = must("state.report");
  EXPECT_EQ(report["errors"], Json::array());
  for (const Json& source : report["sources"]) {
    if (source["name"] != "late") continue;
    ASSERT_EQ(source["outages"].size(), 1U) << source;
    EXPECT_GT(source["outages"][0]["recover_ms"], 0);
    EXPECT_THAT(source["outages"][0]["detail"].get<std::string>(), testing::HasSubstr("late.png"));
  }
}

TEST_F(StudioTest, ASourceThatStillFailsAtTheEndIsAFailureAlsoWhenItWasCutTo) {
  go_on_air();
  must("show.set", {{"pointer", "/sources/gone"}, {"value", {{"type", "image"}, {"path", "gone.png"}}}});
  const Json layers = Json::parse(R"([{"source": "blue"}, {"source": "gone"}])");
  must("show.set", {{"pointer", "/scenes/Blue/layers"}, {"value", layers}});
  ASSERT_TRUE(becomes([&] { return told_of("gone", "failed"); }));
  must("program.cut", {{"scene", "Blue"}});
  must("program.stop");
  EXPECT_THAT(await("program.ended").data["failure"].get<std::string>(), testing::HasSubstr("gone.png"));
}

TEST_F(StudioTest, ASourceThatFailedAndWasTakenOutIsForgiven) {
  go_on_air();
  must("show.set", {{"pointer", "/sources/gone"}, {"value", {{"type", "image"}, {"path", "gone.png"}}}});
  const Json layers = Json::parse(R"([{"source": "bars"}, {"source": "gone"}])");
  must("show.set", {{"pointer", "/scenes/Bars/layers"}, {"value", layers}});
  ASSERT_TRUE(becomes([&] { return told_of("gone", "failed"); }));  // the program's owner has noted it
  must("show.set", {{"pointer", "/scenes/Bars/layers"}, {"value", Json::parse(R"([{"source": "bars"}])")}});
  must("show.remove", {{"pointer", "/sources/gone"}});
  ASSERT_TRUE(becomes([&] { return !call("state.get", {{"path", "/sources/gone"}}).ok(); }));
  must("program.stop");
  EXPECT_EQ(await("program.ended").data["failure"], "");
}

}  // namespace
}  // namespace mainstay
