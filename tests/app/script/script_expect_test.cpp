#include "app/script/junit.h"
#include "tests/app/script/script_fixture.h"

namespace mainstay::script {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

using ScriptExpectTest = ScriptTest;

TEST_F(ScriptExpectTest, EachMatcherHoldsAndFails) {
  for (const char* holds :
       {"expect(1).toBe(1)", "expect({a: [1]}).toEqual({a: [1]})", "expect(2).toBeGreaterThan(1)",
        "expect(1).toBeLessThan(2)", "expect(0.1 + 0.2).toBeCloseTo(0.3)", "expect([1, {a: 1}]).toContain({a: 1})",
        "expect('abc').toContain('b')", "expect('abc').toMatch(/^a/)",
        "expect(() => { throw new TypeError('x') }).toThrow(TypeError)",
        "expect(() => destination.start('x')).toThrow('not_found')", "expect(NaN).toBe(NaN)", "assert(true)"}) {
    EXPECT_TRUE(run(holds).ok()) << holds << ": " << run(holds).message;
  }
  for (const char* fails : {"expect(1).toBe('1')", "expect({a: 1}).toEqual({b: 1})", "expect(1).toBeGreaterThan(1)",
                            "expect(2).toBeLessThan(2)", "expect(1).toBeCloseTo(1.1)", "expect([1]).toContain(2)",
                            "expect('abc').toMatch(/z/)", "expect(() => 1).toThrow()", "expect(1).not.toBe(1)",
                            "expect('1').toBeGreaterThan(0)", "assert(0, 'why')"}) {
    EXPECT_THAT(run(fails).message, StartsWith("test.js:1: AssertionError: ")) << fails;
  }
  EXPECT_EQ(run("expect([1]).toEqual([2])").message, "test.js:1: AssertionError: expected [1] to equal [2]");
}

TEST_F(ScriptExpectTest, TestsRunAtOnceAndAFailureDoesNotStopTheRest) {
  const Outcome outcome =
      run("const order = []; beforeEach(() => order.push('b')); afterEach(() => order.push('a'));\n"
          "test('good', () => order.push(1));\n"
          "test('bad', () => {\n  expect(1).toBe(2);\n});\n"
          "test('promised', () => Promise.resolve().then(() => { throw new Error('late'); }));\n"
          "test('never', () => new Promise(() => {}));\n"
          "order");
  EXPECT_EQ(outcome.value, R"(["b", 1, "a", "b", "a", "b", "a", "b", "a"])");
  const auto tests = host().tests();
  ASSERT_EQ(tests.size(), 4u);
  EXPECT_TRUE(tests[0].ok());
  EXPECT_EQ(tests[1].message, "test.js:4: AssertionError: expected 1 to be 2");
  EXPECT_EQ(tests[2].message, "test.js:6: late");
  EXPECT_THAT(tests[3].message, HasSubstr("never settled"));
}

TEST_F(ScriptExpectTest, JUnitNamesEachTestAndHowTheScriptEnded) {
  const Outcome outcome =
      run("test('a <b> & \"c\"', () => {}); test('d', () => { throw new Error('\\u0001]]>') }); throw 1");
  const std::string xml = junit_xml("test.js", host().tests(), outcome);
  EXPECT_THAT(xml, HasSubstr("tests=\"3\" failures=\"1\" errors=\"1\""));
  EXPECT_THAT(xml, HasSubstr("name=\"a &lt;b&gt; &amp; &quot;c&quot;\""));
  EXPECT_THAT(xml, HasSubstr("<error message=\"test.js:1: thrown: 1\">"));
  EXPECT_THAT(xml, HasSubstr("message=\"test.js:1: \xEF\xBF\xBD]]&gt;\""));
}

TEST_F(ScriptExpectTest, TablesAlignTheirColumns) {
  run("table([{name: 'v0', kbps: 6000}, {name: 'audio', kbps: 160}]); table({main: {state: 'live'}}); table([])");
  EXPECT_EQ(printed_,
            "name   kbps\n─────  ────\nv0     6000\naudio   160\n"
            "      state\n────  ─────\nmain  live\n(no rows)\n");
  EXPECT_EQ(value("[{a: 1}]"), "a\n─\n1") << "the console shows a list of objects as a table";
}

}  // namespace
}  // namespace mainstay::script
