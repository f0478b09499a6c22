#include "tests/app/script/script_fixture.h"

namespace mainstay::script {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST_F(OfflineScriptTest, ACutAfterAnHourFallsOnItsFrameInEachRun) {
  for (int i = 0; i < 3; ++i) {
    studio_.reset();
    host_.reset();
    EXPECT_TRUE(run("program.start(); sleep(3600); program.cut('B'); sleep(1); program.stop()").ok());
    EXPECT_THAT(studio().cuts(), ElementsAre(Pair(0, "Main"), Pair(108000, "B")));
    host_.reset();
  }
}

TEST_F(OfflineScriptTest, NothingGoesOnAirWhileAScriptComputes) {
  EXPECT_EQ(value("program.start(); let x = 0; for (let i = 0; i < 1e6; ++i) x += i;\n"
                  "const before = program.frames; sleep(1); [before, program.frames]"),
            "[0, 30]");
}

TEST_F(OfflineScriptTest, AnAnswerToAnEventOfTheProgramFallsOnTheNextFrame) {
  studio().source_ends_at(900);
  EXPECT_TRUE(run("on('source.state', (e) => { if (e.data.state === 'ended') program.cut('B'); });\n"
                  "program.start(); sleep(60); program.stop()")
                  .ok());
  EXPECT_THAT(studio().cuts(), ElementsAre(Pair(0, "Main"), Pair(901, "B")));
}

TEST_F(OfflineScriptTest, WaitForAConditionLooksAtFixedTimes) {
  EXPECT_EQ(value("program.start(); waitFor(() => program.frames >= 100, 60); program.frames"), "101")
      << "looked at every 50 ms: 99 frames are due before 3.3 s, 101 before 3.35 s";
}

TEST_F(OfflineScriptTest, OffAirAWaitingScriptDrivesTheTime) {
  EXPECT_EQ(value("sleep(86400); now()"), "86400");
  EXPECT_THAT(run("waitFor('leg.state', 3600)").message,
              HasSubstr("TimeoutError: waitFor: not within 3600 s: leg.state"));
  EXPECT_EQ(value("now()"), "90000");
}

TEST_F(OfflineScriptTest, TimeGoesOnWhenTheProgramEndsByItself) {
  EXPECT_EQ(value("program.start(30); const e = waitFor('program.ended', 60); sleep(3600); [e.subject, phase]"),
            R"(["Channel One", "off"])");
}

TEST_F(OfflineScriptTest, AScriptThatDiesLeavesTheProgramOnAirAndLetsItGo) {
  EXPECT_EQ(run("program.start(); sleep(1); throw new Error('x')").end, End::failed);
  EXPECT_EQ(studio().phase(), Phase::on_air);
  host_.reset();
  while (studio().state()["program"]["frames"] < 1000) std::this_thread::yield();
}

using ScriptTimeTest = ScriptTest;

TEST_F(ScriptTimeTest, WaitForAnEventTakesAFilterAndSeesWhatCameSinceTheLastWait) {
  EXPECT_EQ(
      value(
          "destination.start('platform');\n"
          "const e = waitFor('leg.state', 5, {subject: 'platform/main', state: 'connecting'}); [e.type, e.data.from]"),
      R"(["leg.state", "idle"])");
  EXPECT_EQ(value("destination.start('platform'); waitFor('leg.*', 5, (e) => e.data.state === 'connecting').subject"),
            "\"platform/main\"");
}

TEST_F(ScriptTimeTest, UnknownEventsNameTheNearest) {
  EXPECT_THAT(run("waitFor('leg.stat', 1)").message,
              HasSubstr("there is no event \"leg.stat\": did you mean \"leg.state\"?"));
  EXPECT_THAT(run("on('leg.stat', () => 1)").message, HasSubstr("did you mean \"leg.state\"?"));
  EXPECT_THAT(run("sleep('x')").message, HasSubstr("TypeError: sleep: \"x\" is not a number of seconds"));
}

TEST_F(ScriptTimeTest, ListenersComeAndGo) {
  EXPECT_EQ(value("const seen = []; const fn = on('leg.state', (e) => seen.push(e.data.state));\n"
                  "destination.start('platform'); sleep(0); sleep(0.001); off('leg.state', fn);\n"
                  "destination.start('platform'); sleep(0.001); seen"),
            R"(["connecting"])");
}

TEST_F(ScriptTimeTest, AnErrorInAListenerEndsTheWaitItRanIn) {
  EXPECT_EQ(
      run("on('leg.state', () => {\n  throw new Error('heard')\n});\ndestination.start('platform'); sleep(5)").message,
      "test.js:2: heard");
}

TEST_F(ScriptTimeTest, BetweenEvaluationsListenersAreCalledToo) {
  const auto told = std::make_shared<std::promise<std::string>>();
  host().on_error([told](const Outcome& outcome) { told->set_value(outcome.message); });
  run("on('leg.state', () => { throw new Error('idle') })");
  studio().tell("leg.state", "platform/main");
  EXPECT_EQ(told->get_future().get(), "test.js:1: idle");
}

}  // namespace
}  // namespace mainstay::script
