// Preview, takes and the T-bar by command, and what the state and the events say of them.
#include "tests/engine/studio/studio_fixture.h"

namespace mainstay {
namespace {

using ::testing::HasSubstr;

class MixTest : public StudioTest {
 protected:
  std::string scene() { return state("/program/scene"); }
  std::string preview() { return state("/program/preview"); }
  Json transition() { return state("/program/transition"); }
  std::string tally(const std::string& source) {
    const Json s = state("/sources/" + source);
    return std::string(s["on_air"].get<bool>() ? "program " : "") + (s["on_preview"].get<bool>() ? "preview" : "");
  }
  /// What is seen is Blue wholly, Bars wholly, or something between: Cb of the middle.
  int blueness() {
    const FramePtr picture = studio_.program_picture();
    return picture ? picture->planes[1][20 * picture->strides[1] + 40] : 0;
  }
};

TEST_F(MixTest, ACutWithoutASceneChangesPreviewAndProgram) {
  go_on_air();
  EXPECT_EQ(call("program.cut").error->code, CallErrc::wrong_state) << "nothing is in preview";
  must("preview.set", {{"scene", "Blue"}});
  EXPECT_EQ(await("preview.changed").subject, "Blue");
  EXPECT_EQ(tally("blue"), "preview");
  must("program.cut");
  EXPECT_EQ(scene(), "Blue");
  EXPECT_EQ(preview(), "Bars");
  EXPECT_TRUE(becomes([&] { return tally("blue") == "program " && tally("bars") == "preview"; }));
  must("program.cut", {{"scene", "Blue"}});
  EXPECT_EQ(preview(), "Bars") << "a scene that is named leaves preview alone";
  EXPECT_EQ(call("preview.set", {{"scene", "Nowhere"}}).error->code, CallErrc::not_found);
}

TEST_F(MixTest, AnAutoTransitionRunsItsFramesAndBothScenesAreOnAirMeanwhile) {
  go_on_air();
  must("preview.set", {{"scene", "Blue"}});
  must("program.auto", {{"transition", "fade"}, {"duration_ms", 400}});
  const Event started = await("program.transition_started");
  EXPECT_EQ(started.subject, "Blue");
  EXPECT_EQ(started.data["from"], "Bars");
  EXPECT_EQ(started.data["transition"], "fade");
  const Event ended = await("program.transition_ended");
  EXPECT_EQ(ended.data["how"], "completed");
  EXPECT_EQ(ended.data["frame"].get<int>() - started.data["frame"].get<int>(), 20) << "400 ms at 50 a second";
  EXPECT_EQ(await("program.scene").data["frame"], started.data["frame"]);
  EXPECT_TRUE(becomes([&] { return transition().is_null() && tally("bars") == "preview"; }));
}

TEST_F(MixTest, TheBarLeadsThereAndBack) {
  go_on_air();
  must("preview.set", {{"scene", "Blue"}});
  must("program.transition", {{"position", 0.5}, {"transition", "fade"}});
  EXPECT_EQ(scene(), "Blue") << "where it leads to";
  EXPECT_TRUE(becomes([&] { return transition().is_object() && transition()["position"] == 0.5; }));
  EXPECT_EQ(tally("bars"), "program preview");
  EXPECT_EQ(tally("blue"), "program ");
  const std::int64_t revision = state("/show/revision");
  must("program.transition", {{"position", 0.7}});
  EXPECT_EQ(state("/show/revision"), revision) << "a bar that moves makes no revisions";
  must("program.transition", {{"position", 0}});
  EXPECT_EQ(scene(), "Bars");
  EXPECT_EQ(preview(), "Blue");
  EXPECT_EQ(await("program.transition_ended").data["how"], "reversed");
  must("program.transition", {{"position", 0.9}});
  must("program.transition", {{"position", 1}});
  EXPECT_TRUE(becomes([&] { return transition().is_null() && blueness() > 230; }));
  EXPECT_EQ(scene(), "Blue");
}

TEST_F(MixTest, ABarThatMovesIsTold) {
  go_on_air();
  must("preview.set", {{"scene", "Blue"}});
  must("program.transition", {{"position", 0.1}, {"transition", "fade"}});
  std::int64_t before = last_event();
  for (const double position : {0.2, 0.4, 0.6}) {
    must("program.transition", {{"position", position}});
    EXPECT_TRUE(becomes([&] {
      const auto all = studio_.events(before, 2000);
      return std::any_of(all.begin(), all.end(), [&](const Event& event) {
        return event.type == "program.bar" && event.subject == "Blue" && event.data["from"] == "Bars" &&
               event.data["transition"] == "fade" && event.data["position"] == position;
      });
    })) << position;
  }
  must("program.transition", {{"position", 1}});
  await("program.transition_ended", before);
}

TEST_F(MixTest, ATransitionIsCutShortTurnedBackOrGoesOn) {
  go_on_air();
  must("preview.set", {{"scene", "Blue"}});
  must("program.transition", {{"position", 0.5}});
  must("program.cut");
  EXPECT_EQ(await("program.transition_ended").data["how"], "cut");
  EXPECT_EQ(scene(), "Blue");

  std::int64_t seen = last_event();
  must("program.transition", {{"position", 0.4}});
  EXPECT_EQ(scene(), "Bars");
  must("program.auto");  // from where the bar stands
  EXPECT_EQ(await("program.transition_ended", seen).data["how"], "completed");
  EXPECT_EQ(scene(), "Bars");

  seen = last_event();
  must("program.auto", {{"scene", "Blue"}, {"duration_ms", 60'000}});
  await("program.transition_started", seen);
  must("program.auto", {{"scene", "Bars"}});
  EXPECT_EQ(await("program.transition_ended", seen).data["how"], "reversed");
  EXPECT_EQ(scene(), "Bars");
}

TEST_F(MixTest, ARollbackDuringATransitionKeepsWhatIsOnAir) {
  go_on_air();
  must("preview.set", {{"scene", "Blue"}});
  const std::int64_t before = state("/show/revision");
  must("show.set", {{"pointer", "/name"}, {"value", "Other"}});
  must("program.transition", {{"position", 0.5}});
  must("show.rollback", {{"revision", before}});
  EXPECT_EQ(scene(), "Blue");
  await("program.transition_started");
  EXPECT_TRUE(transition().is_object()) << "it stands where the bar holds it";
  must("show.rollback", {{"revision", before}, {"keep_scene", false}});
  EXPECT_EQ(scene(), "Bars");
  EXPECT_EQ(await("program.transition_ended").data["how"], "cut");
}

TEST_F(MixTest, ASceneThatLeavesCanBeRemovedWhichEndsTheTransition) {
  go_on_air();
  must("preview.set", {{"scene", "Blue"}});
  must("program.transition", {{"position", 0.5}});
  EXPECT_EQ(call("scene.remove", {{"name", "Blue"}}).error->code, CallErrc::wrong_state) << "it is on air";
  must("scene.remove", {{"name", "Bars"}});
  EXPECT_EQ(await("program.transition_ended").data["how"], "cut");
  EXPECT_EQ(preview(), "");
}

TEST_F(MixTest, BlackIsAStateOfTheProgramAndNotOfTheShow) {
  go_on_air();
  const std::int64_t revision = state("/show/revision");
  must("program.fade_to_black", {{"duration_ms", 100}});
  EXPECT_EQ(await("program.black").subject, "on");
  EXPECT_TRUE(becomes([&] { return state("/program/black") == 1; }));
  must("program.cut", {{"scene", "Blue"}});
  EXPECT_TRUE(becomes([&] { return blueness() == 128; })) << "still black";
  must("program.fade_to_black", {{"state", "off"}, {"duration_ms", 0}});
  EXPECT_TRUE(becomes([&] { return blueness() > 230; }));
  EXPECT_EQ(state("/show/revision"), revision + 1) << "the cut";
}

TEST_F(MixTest, PreviewHasAPictureWhileSomebodyLooks) {
  go_on_air();
  must("preview.set", {{"scene", "Blue"}});
  const auto is_blue = [&] {
    const FramePtr picture = studio_.preview_picture();
    return picture && picture->planes[1][0] > 230;
  };
  EXPECT_TRUE(becomes(is_blue));
  must("preview.set", {{"scene", ""}});
  EXPECT_TRUE(becomes([&] { return studio_.preview_picture() == nullptr; }));
}

TEST_F(MixTest, WithoutStudioModeScenesAreTakenByName) {
  go_on_air();
  must("preview.studio_mode", {{"on", false}});
  EXPECT_THAT(call("program.cut").error->message, HasSubstr("studio mode is off"));
  EXPECT_EQ(call("preview.set", {{"scene", "Blue"}}).error->code, CallErrc::wrong_state);
  must("program.auto", {{"scene", "Blue"}, {"duration_ms", 0}});
  EXPECT_EQ(await("program.scene").subject, "Blue");
}

TEST_F(MixTest, ATransitionIsChosenChangedAndOfAScene) {
  go_on_air();
  EXPECT_EQ(call("transition.choose", {{"name", "nowhere"}}).error->code, CallErrc::not_found);
  must("transition.set", {{"name", "iris"}, {"values", {{"type", "wipe"}, {"shape", "circle"}}}});
  must("transition.choose", {{"name", "iris"}, {"duration_ms", 40}});
  EXPECT_EQ(must("show.get", {{"pointer", "/transitions/iris/duration_ms"}}), 40);
  EXPECT_EQ(state("/program/transition_ms"), 40);
  must("scene.set", {{"name", "Blue"}, {"values", {{"transition", "push"}, {"transition_ms", 100}}}});
  must("program.auto", {{"scene", "Blue"}});
  const Event started = await("program.transition_started");
  EXPECT_EQ(started.data["transition"], "push");
  EXPECT_EQ(await("program.transition_ended").data["frame"].get<int>() - started.data["frame"].get<int>(), 5);
  EXPECT_EQ(call("scene.set", {{"name", "Blue"}, {"values", {{"transition", "no such"}}}}).error->code,
            CallErrc::invalid_show);
}

TEST_F(MixTest, LayersAreAddedMovedChangedAndTakenOut) {
  go_on_air();
  for (const char* source : {"bars", "blue"})
    ASSERT_TRUE(becomes([&] { return told_of(source, "live"); })) << "what going on air brings is over";
  const std::int64_t seen = last_event();
  must("layer.add", {{"scene", "Bars"}, {"source", "blue"}, {"values", {{"width", 40}, {"height", 20}}}});
  must("layer.add", {{"scene", "Bars"}, {"source", "blue"}});
  const auto names = [&] {
    std::vector<std::string> out;
    for (const Json& layer : state("/layers/Bars")) out.push_back(layer["name"]);
    return out;
  };
  EXPECT_EQ(names(), (std::vector<std::string>{"bars", "blue", "blue 2"}));
  must("layer.move", {{"scene", "Bars"}, {"layer", "blue 2"}, {"position", 0}});
  EXPECT_EQ(names(), (std::vector<std::string>{"blue 2", "bars", "blue"}));
  must("layer.set", {{"scene", "Bars"}, {"layer", "blue"}, {"values", {{"x", 20}, {"locked", true}}}});
  EXPECT_EQ(call("layer.set", {{"scene", "Bars"}, {"layer", "blue"}, {"values", {{"x", 30}}}}).error->code,
            CallErrc::wrong_state);
  EXPECT_EQ(call("layer.remove", {{"scene", "Bars"}, {"layer", "blue"}}).error->code, CallErrc::wrong_state);
  must("layer.set", {{"scene", "Bars"}, {"layer", "blue"}, {"values", {{"visible", false}}}});
  must("layer.set", {{"scene", "Bars"}, {"layer", "blue"}, {"values", {{"locked", false}, {"opacity", 0.5}}}});
  must("layer.remove", {{"scene", "Bars"}, {"layer", "blue 2"}});
  const CallResult wrong = call("layer.set", {{"scene", "Bars"}, {"layer", "blue"}, {"values", {{"opacity", 2}}}});
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error->errors.front().pointer, "/scenes/Bars/layers/1/opacity");
  EXPECT_EQ(call("layer.set", {{"scene", "Bars"}, {"layer", "none"}, {"values", {{"x", 1}}}}).error->code,
            CallErrc::not_found);
  for (const Event& event : studio_.events(seen, 2000)) EXPECT_NE(event.type, "source.state") << event.subject;
}

TEST_F(MixTest, ScenesAreAddedRenamedAndRemoved) {
  go_on_air();
  must("scene.add", {{"name", "Copy"}, {"copy_of", "Bars"}});
  EXPECT_EQ(state("/layers/Copy")[0]["source"], "bars");
  EXPECT_FALSE(call("scene.add", {{"name", "Copy"}}).ok());
  must("preview.set", {{"scene", "Copy"}});
  must("scene.rename", {{"name", "Copy"}, {"to", "Second"}});
  EXPECT_EQ(preview(), "Second");
  must("scene.rename", {{"name", "Bars"}, {"to", "First"}});
  EXPECT_EQ(scene(), "First") << "on air under another name";
  must("scene.remove", {{"name", "Second"}});
  EXPECT_EQ(preview(), "");
  EXPECT_EQ(call("scene.remove", {{"name", "First"}}).error->code, CallErrc::wrong_state);
}

}  // namespace
}  // namespace mainstay
