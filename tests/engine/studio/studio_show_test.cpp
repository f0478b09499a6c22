#include "tests/engine/studio/studio_fixture.h"

namespace mainstay {
namespace {

using ::testing::HasSubstr;

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

TEST_F(StudioTest, AFileThatIsBrokenIsNotTakenOverAndTheShowStaysOnAir) {
  go_on_air();
  std::ofstream(path_) << R"({"mainstay": 1, "program": {"widht": 160}, "sources": {}})";
  const CallResult wrong = call("show.reload");
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error->code, CallErrc::invalid_show);
  EXPECT_THAT(wrong.error->message, HasSubstr("/program/widht"));
  std::ofstream(path_) << "{\"mainstay\": 1, \"prog";  // half written
  EXPECT_EQ(call("show.reload").error->code, CallErrc::invalid_show);
  EXPECT_EQ(state("/phase"), "on_air");
  EXPECT_EQ(must("show.get", {{"pointer", "/program/width"}}), 160);
  EXPECT_EQ(state("/show/revision"), 1);
}

TEST_F(StudioTest, AFileWhoseProgramCannotBeTakenOverOnAirIsTakenOverOffAir) {
  go_on_air();
  Json other = kShow;
  other["program"]["width"] = 320;
  std::ofstream(path_) << other.dump();
  const CallResult refused = call("show.reload");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error->code, CallErrc::failed);
  EXPECT_EQ(refused.error->errors[0].pointer, "/program/width");
  EXPECT_EQ(state("/program/width"), 160);
  must("program.stop");
  must("show.reload");
  must("program.start");
  EXPECT_EQ(state("/program/width"), 320);
}

TEST_F(StudioTest, CommandsWaitForTheOneBeforeThemAlsoWhenItIsDoneAside) {
  must("show.open", {{"path", path_}});
  std::mutex mutex;
  std::map<std::string, std::string> answered;
  const auto send = [&](const std::string& command, Json params = nullptr) {
    studio_.call(command, std::move(params), {.face = Face::script}, [&, command](const CallResult& result) {
      std::lock_guard lock(mutex);
      answered[command] = result.ok() ? "" : result.error->message;
    });
  };
  // Out of order, each would be refused: stopped off air, opened on air.
  send("program.start");
  send("show.set", {{"pointer", "/encode/video/0/kbps"}, {"value", 400}});  // opens an encoder
  send("destination.retry", {{"name", "nowhere"}});                         // on air only
  send("program.stop");
  send("show.open", {{"path", path_}});
  must("show.new");
  EXPECT_TRUE(becomes([&] {
    std::lock_guard lock(mutex);
    return answered.size() == 5;
  }));
  for (const auto& [command, why] : answered) EXPECT_EQ(why, "") << command;
}

}  // namespace
}  // namespace mainstay
