#include "tests/app/script/script_fixture.h"

namespace mainstay::script {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using ScriptCommandsTest = ScriptTest;

TEST_F(ScriptCommandsTest, ParametersGoByPositionOrByName) {
  EXPECT_EQ(value("destination.start('platform')"), "");
  EXPECT_EQ(value("destination.start({name: 'platform'})"), "");
  EXPECT_THAT(studio().calls(),
              ElementsAre(R"(destination.start {"name":"platform"})", R"(destination.start {"name":"platform"})"));
}

TEST_F(ScriptCommandsTest, AResultIsTheValue) {
  EXPECT_EQ(value("program.cut('B').revision"), "7");
}

TEST_F(ScriptCommandsTest, AnObjectIsAParameterWhereItCanBeOneAndItsKeysAreNotNames) {
  run("show.apply({mainstay: 1}); show.apply({show: {mainstay: 2}, message: 'm'}); show.set('/a', {pointer: 1})");
  EXPECT_THAT(studio().calls(), ElementsAre(R"(show.apply {"show":{"mainstay":1},"message":""})",
                                            R"(show.apply {"show":{"mainstay":2},"message":"m"})",
                                            R"(show.set {"pointer":"/a","value":{"pointer":1}})"));
}

TEST_F(ScriptCommandsTest, ARefusedCallThrowsACommandError) {
  EXPECT_EQ(value("let e; try { destination.start('x') } catch (error) { e = error }\n"
                  "[e instanceof CommandError, e instanceof Error, e.code, e.command, e.message]"),
            R"([true, true, "not_found", "destination.start", "there is no destination \"x\""])");
  EXPECT_EQ(run("\n  destination.start('x')").message, "test.js:2: CommandError: there is no destination \"x\"");
}

TEST_F(ScriptCommandsTest, WrongTypesSayWhatWasExpectedAndWhere) {
  const Outcome outcome = run("\n\ndestination.start(42)");
  EXPECT_EQ(outcome.end, End::failed);
  EXPECT_THAT(outcome.message, StartsWith("test.js:3: CommandError: destination.start: name: "));
  EXPECT_THAT(value("destination.start({nam: 'x'})"), HasSubstr("did you mean \"name\"?"));
  EXPECT_THAT(value("destination.start('a', 'b')"), HasSubstr("2 parameters are too many"));
  EXPECT_THAT(value("destination.start(() => 1)"), HasSubstr("TypeError: destination.start"));
  EXPECT_THAT(value("program.start(0/0)"), HasSubstr("NaN cannot be a parameter"));
  EXPECT_THAT(value("const o = {}; o.o = o; show.set('/a', o)"), HasSubstr("cannot be written as JSON"));
  EXPECT_TRUE(studio().calls().empty());
}

TEST_F(ScriptCommandsTest, AnUnknownCommandNamesTheNearest) {
  EXPECT_EQ(run("destination.strat('platform')").message,
            "test.js:1: CommandError: there is no command \"destination.strat\": did you mean \"destination.start\"?");
  EXPECT_THAT(run("\nprogram.cutt('B')").message, StartsWith("test.js:2: TypeError: "));
  EXPECT_THAT(run("program.cutt('B')").message, HasSubstr("did you mean \"program.cut\"?"));
}

TEST_F(ScriptCommandsTest, ACallThatIsNeverAnsweredEndsAtItsLimit) {
  options_.limits.call = Millis(20);
  studio().never_answer();
  EXPECT_THAT(run("program.stop()").message, HasSubstr("program.stop: no answer within"));
}

TEST_F(ScriptCommandsTest, StateIsReadLive) {
  EXPECT_EQ(value("legs.platform.main.kbps"), "6012.5");
  run("var leg = legs.platform.main");
  Json state = studio().state();
  state["legs"]["platform"]["main"]["kbps"] = 10;
  studio().set_state(state);
  EXPECT_EQ(value("leg.kbps"), "10");
  EXPECT_EQ(value("[phase, program.scene, program.nothing, legs.nowhere, sources.clip.state, sources.length]"),
            R"(["off", "Main", undefined, undefined, "live", 2])");
  EXPECT_EQ(value("Object.keys(legs.platform)"), R"(["main", "backup"])");
  EXPECT_EQ(value("JSON.stringify(legs.platform.backup)"), R"("{\"state\":\"backoff\",\"kbps\":0}")");
}

TEST_F(ScriptCommandsTest, StateCannotBeSet) {
  EXPECT_THAT(run("'use strict'; legs.platform.main.kbps = 1").message, HasSubstr("cannot be set: use a command"));
}

TEST_F(ScriptCommandsTest, HelpComesFromTheRegistry) {
  run("help(destination.start)");
  EXPECT_THAT(printed_, HasSubstr("destination.start(name)\n  Connects a destination.\n"));
  run("help('destination')");
  EXPECT_THAT(printed_, HasSubstr("destination.stop(name)"));
  run("help('destination.strt')");
  EXPECT_THAT(printed_, HasSubstr("did you mean \"destination.start\"?"));
}

}  // namespace
}  // namespace mainstay::script
