#include "engine/studio/studio.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "engine/ffi/av/av_init.h"
#include "engine/studio/command_registry.h"

namespace mainstay {
namespace {

using ::testing::HasSubstr;

const Json kShow = Json::parse(R"({
  "mainstay": 1, "name": "Test",
  "program": {"width": 160, "height": 90, "rate": "50/1"},
  "sources": {"bars": {"type": "bars", "clock": false}, "blue": {"type": "color", "color": "#0000ff"}},
  "scenes": {"Bars": {"layers": [{"source": "bars"}]}, "Blue": {"layers": [{"source": "blue"}]}},
  "on_air": "Bars",
  "encode": {"video": [{"name": "v0", "preset": "ultrafast", "kbps": 300, "keyint_s": 1}], "audio": [{"name": "a0", "kbps": 64}]},
  "destinations": {"nowhere": {"main": {"url": "rtmp://127.0.0.1:1/live", "key": "hidden-key"}}}
})");

// A real studio on the machine's clock, in a folder of its own.
class StudioTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::temp_directory_path() / ("mainstay-studio-" + std::to_string(::getpid()) + "-" +
                                                  ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
    path_ = (folder_ / "show.json").string();
    std::ofstream(path_) << kShow.dump();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  CallResult call(const std::string& command, Json params = nullptr, Role role = Role::admin) {
    std::promise<CallResult> answer;
    studio_.call(command, std::move(params), {.face = Face::script, .role = role, .name = "test"},
                 [&](CallResult result) { answer.set_value(std::move(result)); });
    return answer.get_future().get();
  }
  Json must(const std::string& command, Json params = nullptr) {
    CallResult result = call(command, std::move(params));
    EXPECT_TRUE(result.ok()) << command << ": " << (result.error ? result.error->message : "");
    return result.value;
  }
  // The first event of that type after `number`, waited for.
  Event await(const std::string& type, std::int64_t after = 0) {
    std::mutex mutex;
    std::condition_variable_any news;
    const auto listening = studio_.on_event([&] {
      { std::lock_guard lock(mutex); }
      news.notify_all();
    });
    Event found;
    const auto look = [&] {
      for (const Event& event : studio_.events(after, 2000)) {
        if (event.type == type) return found = event, true;
      }
      return false;
    };
    std::unique_lock lock(mutex);
    EXPECT_TRUE(clock_.wait(lock, news, {}, clock_.now() + Seconds(10), look)) << type;
    return found;
  }
  // Looks until it holds; figures such as frame counts have no event.
  bool becomes(const std::function<bool()>& holds) {
    const Instant limit = clock_.now() + Seconds(10);
    while (!holds() && clock_.now() < limit) clock_.wait_until(clock_.now() + Millis(5), {});
    return holds();
  }
  std::int64_t last_event() {
    const auto all = studio_.events(0, 2000);
    return all.empty() ? 0 : all.back().number;
  }
  Json state(const std::string& path) { return must("state.get", {{"path", path}}); }
  void go_on_air() {
    must("show.open", {{"path", path_}});
    must("program.start");
  }

  SteadyClock clock_;
  Log log_{{.level = LogLevel::off}};
  ffi::AvInit av_{log_, clock_};
  show::Secrets secrets_{log_.redactor(), {.file = "/nonexistent/secrets.json"}};
  Studio studio_{clock_, log_, secrets_};
  std::filesystem::path folder_;
  std::string path_;
};

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

TEST_F(StudioTest, UndoAndRedoMoveThroughTheEditsAndLeaveTheSceneAlone) {
  go_on_air();
  const Json first = must("show.set", {{"pointer", "/name"}, {"value", "One"}});
  must("show.set", {{"pointer", "/name"}, {"value", "Two"}});
  must("program.cut", {{"scene", "Blue"}});
  must("show.undo");
  EXPECT_EQ(must("show.get", {{"pointer", "/name"}}), "One");
  EXPECT_EQ(state("/program/scene"), "Blue") << "a cut is no edit";
  must("show.undo");
  EXPECT_EQ(must("show.get", {{"pointer", "/name"}}), "Test");
  EXPECT_THAT(call("show.undo").error->message, HasSubstr("nothing to undo"));
  must("show.redo");
  must("show.redo");
  EXPECT_EQ(must("show.get", {{"pointer", "/name"}}), "Two");
  EXPECT_EQ(call("show.redo").error->code, CallErrc::wrong_state);
  must("show.rollback", {{"revision", first["revision"]}, {"keep_scene", false}});
  EXPECT_EQ(must("show.get", {{"pointer", "/name"}}), "One");
  EXPECT_EQ(state("/program/scene"), "Bars");
  EXPECT_EQ(state("/phase"), "on_air");
}

TEST_F(StudioTest, TheHistorySaysWhoDidWhatAndShowsNoSecret) {
  must("show.open", {{"path", path_}});
  must("show.set",
       {{"pointer", "/destinations/nowhere/main/key"}, {"value", "new-hidden-key"}, {"message", "new key"}});
  must("show.tag", {{"name", "before the show"}});
  const Json list = must("show.history");
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0]["author"], "script:test");
  EXPECT_EQ(list[0]["message"], "new key");
  EXPECT_EQ(list[0]["tags"], Json::array({"before the show"}));
  EXPECT_EQ(list[0]["pointers"], Json::array({"/destinations/nowhere/main/key"}));
  EXPECT_EQ(list[1]["kind"], "open");
  EXPECT_THAT(list.dump() + must("show.diff", {{"from", 1}}).dump(), Not(HasSubstr("hidden-key")));
  EXPECT_EQ(call("show.diff", {{"from", 77}}).error->code, CallErrc::not_found);
  EXPECT_EQ(call("show.rollback", {{"revision", 77}}).error->code, CallErrc::not_found);
}

TEST_F(StudioTest, WhatWasNotSavedIsStillInTheHistoryTheNextTime) {
  must("show.open", {{"path", path_}});
  must("show.set", {{"pointer", "/name"}, {"value", "Unsaved"}});
  EXPECT_LT(state("/show/saved_revision"), state("/show/revision"));
  must("show.open", {{"path", path_}});
  EXPECT_EQ(must("show.get", {{"pointer", "/name"}}), "Test");
  must("show.undo");
  EXPECT_EQ(must("show.get", {{"pointer", "/name"}}), "Unsaved");
  must("show.save");
  must("show.open", {{"path", path_}});
  EXPECT_EQ(must("show.get", {{"pointer", "/name"}}), "Unsaved");
  EXPECT_EQ(state("/show/saved_revision"), state("/show/revision"));
}

TEST_F(StudioTest, AFileChangedFromOutsideIsOfferedAndTakenOver) {
  go_on_air();
  const std::int64_t seen = last_event();
  Json other = kShow;
  other["name"] = "From outside";
  std::ofstream(path_) << other.dump();
  await("show.file_changed", seen);
  EXPECT_EQ(must("show.get", {{"pointer", "/name"}}), "Test");
  must("show.reload");
  EXPECT_EQ(must("show.get", {{"pointer", "/name"}}), "From outside");
  EXPECT_EQ(must("show.history")[0]["kind"], "external");
}

TEST_F(StudioTest, AChangeThatFailsHalfWayIsTakenBackAsAWholeWhenAskedFor) {
  go_on_air();
  const Json missing = {{"type", "file"}, {"path", "missing.mp4"}};
  const std::int64_t seen = last_event();
  const CallResult taken_back =
      call("show.patch", {{"patch", Json::array({{{"op", "replace"}, {"path", "/sources/blue"}, {"value", missing}},
                                                 {{"op", "replace"}, {"path", "/name"}, {"value", "Half"}}})},
                          {"on_failure", "rollback"}});
  ASSERT_FALSE(taken_back.ok());
  EXPECT_THAT(taken_back.error->message, HasSubstr("missing.mp4"));
  EXPECT_THAT(taken_back.error->message, HasSubstr("taken back as a whole"));
  EXPECT_EQ(must("show.get", {{"pointer", "/name"}}), "Test");
  EXPECT_EQ(must("show.get", {{"pointer", "/sources/blue/type"}}), "color");
  EXPECT_EQ(await("show.rolled_back", seen).data["revision"], state("/show/revision"));
  EXPECT_EQ(must("show.history")[0]["kind"], "rollback");
  // Kept when it is not asked for.
  must("show.set", {{"pointer", "/sources/blue"}, {"value", missing}});
  EXPECT_EQ(must("show.get", {{"pointer", "/sources/blue/type"}}), "file");
  // And a change that works is answered as one that runs.
  must("show.set", {{"pointer", "/sources/blue"}, {"value", {{"type", "color"}}}, {"on_failure", "rollback"}});
}

TEST_F(StudioTest, AnExportHoldsTheSecretsAndIsTheOwnersAlone) {
  must("show.open", {{"path", path_}});
  const std::string copy = (folder_ / "copy.json").string();
  must("show.export", {{"path", copy}});
  std::ifstream file(copy);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  EXPECT_THAT(text, HasSubstr("hidden-key"));
  EXPECT_EQ(std::filesystem::status(copy).permissions() & std::filesystem::perms::others_read,
            std::filesystem::perms::none);
}

TEST_F(StudioTest, ANewShowIsBarsAndLivesWhereItIsSaved) {
  must("show.new");
  EXPECT_EQ(must("show.get", {{"pointer", "/sources/bars/type"}}), "bars");
  EXPECT_THAT(call("show.save").error->message, HasSubstr("name the file"));
  const std::string path = (folder_ / "new.json").string();
  must("show.save", {{"path", path}});
  must("show.open", {{"path", path}});
  EXPECT_EQ(state("/show/path"), path);
}

}  // namespace
}  // namespace mainstay
