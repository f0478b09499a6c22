#include <sys/stat.h>
#include <unistd.h>

#include "tests/app/script/script_fixture.h"

namespace mainstay::script {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

using ScriptErrorsTest = ScriptTest;

TEST_F(ScriptErrorsTest, ASyntaxErrorHasLineAndColumn) {
  const Outcome outcome = run("let a = 1;\nlet b = = 2;");
  EXPECT_EQ(outcome.end, End::syntax);
  EXPECT_EQ(outcome.message, "test.js:2:9: SyntaxError: Unexpected token `='");
}

TEST_F(ScriptErrorsTest, ASyntaxErrorAtRunTimeIsAFailure) {
  EXPECT_EQ(run("\nJSON.parse('{')").end, End::failed);
  const Outcome outcome = run("\neval('let ( =')");
  EXPECT_EQ(outcome.end, End::failed);
  EXPECT_THAT(outcome.message, StartsWith("test.js:2: SyntaxError"));
}

TEST_F(ScriptErrorsTest, AThrownErrorHasItsLine) {
  const Outcome outcome = run("function f() {\n  throw new Error('no\\nway');\n}\nf();");
  EXPECT_EQ(outcome.end, End::failed);
  EXPECT_EQ(outcome.message, "test.js:2: no way");
  EXPECT_THAT(outcome.stack, HasSubstr("f test.js:2"));
  EXPECT_EQ(run("\nthrow {a: 1}").message, "test.js:2: thrown: {a: 1}");
  EXPECT_EQ(run("throw undefined").message, "test.js:1: thrown: undefined");
  EXPECT_EQ(run("nothing.x").message, "test.js:1: ReferenceError: nothing is not defined");
}

TEST_F(ScriptErrorsTest, AnErrorThatIsOnlyAValueIsNotThrown) {
  EXPECT_TRUE(run("new Error('x')").ok());
}

TEST_F(ScriptErrorsTest, ARejectionThatNothingHandlesIsAnError) {
  const Outcome outcome = run("new Promise((yes, no) => {\n  no(new Error('lost'));\n})");
  EXPECT_EQ(outcome.end, End::failed);
  EXPECT_EQ(outcome.message, "test.js:2: a rejected promise that nothing handles: lost");
  EXPECT_TRUE(run("Promise.reject(1).catch(() => {})").ok());
  EXPECT_EQ(run("Promise.resolve(1).then(() => { throw new TypeError('later') })").end, End::failed);
}

TEST_F(ScriptErrorsTest, PromiseJobsRunInOrderBeforeTheEnd) {
  run("var order = [];\n"
      "Promise.resolve().then(() => order.push(2)).then(() => order.push(4));\n"
      "Promise.all([1, Promise.resolve(2)]).then((list) => order.push(list));\n"
      "new Promise((yes) => yes(Promise.resolve(9))).finally(() => order.push('f')); order.push(1)");
  EXPECT_THAT(value("order"), StartsWith("[1, 2, "));
  EXPECT_THAT(value("order"), HasSubstr("[1, 2]"));
  EXPECT_THAT(value("order"), HasSubstr("\"f\""));
}

TEST_F(ScriptErrorsTest, AnEndlessLoopEndsAtItsLimitWhateverItCatches) {
  options_.limits.total = Millis(50);
  const Outcome outcome = run("while (true) { try { while (true) {} } catch (e) {} finally { } }");
  EXPECT_EQ(outcome.end, End::time_limit);
  EXPECT_EQ(outcome.message, "test.js: ended: its time limit of 0.05 s is over");
  EXPECT_EQ(value("1 + 1"), "2") << "the session goes on";
}

TEST_F(ScriptErrorsTest, WaitingIsNotComputing) {
  options_.limits.computing = Millis(500);  // more than a loaded machine takes from a thread at once
  EXPECT_TRUE(run("for (let i = 0; i < 30; ++i) sleep(0.02)").ok());
  EXPECT_EQ(run("while (true) {}").end, End::time_limit);
}

TEST_F(ScriptErrorsTest, MemoryWithoutBoundEndsTheScriptAndNothingElse) {
  options_.limits.memory_bytes = 64 * 1024 * 1024;
  for (const char* source : {"const a = []; while (true) a.push({x: [1, 2, 3]})",
                             "let s = 'x'; while (true) { s += s + 'y'; s.charCodeAt(1); }",
                             "const b = []; while (true) b.push(new Uint8Array(1 << 20).fill(1))"}) {
    const Outcome outcome = run(source);
    EXPECT_NE(outcome.end, End::done) << source;
    if (outcome.end == End::memory_limit) {
      EXPECT_EQ(outcome.message, "test.js: ended: it took more than 64 MiB of memory");
    }
    host_.reset();
  }
  EXPECT_EQ(value("1 + 1"), "2");
}

TEST_F(ScriptErrorsTest, OneCallThatWouldTakeTooMuchIsRefused) {
  for (const char* source : {"'x'.repeat(2 ** 30)", "'x'.padEnd(2 ** 30)", "new ArrayBuffer(2 ** 31 - 1)",
                             "new Float64Array(2 ** 28)", "new Array(2 ** 32 - 1).fill(1)", "new Array(1e9).join('x')",
                             "Array.from({length: 1e9})", "new RegExp('('.repeat(100000) + ')'.repeat(100000))"}) {
    EXPECT_THAT(run(source).message, HasSubstr("RangeError: ")) << source;
  }
  EXPECT_EQ(value("/(a)b/.exec('ab')[1] + new RegExp('a+').exec('caa')[0] + new Uint8Array([1, 2]).length"),
            "\"aaa2\"");
}

TEST_F(ScriptErrorsTest, EndlessRecursionIsARangeError) {
  EXPECT_THAT(run("function f() { return f(); }\nf()").message,
              HasSubstr("RangeError: Maximum call stack size exceeded"));
  EXPECT_THAT(run("new Proxy({}, {get: (t, k, r) => r[k]}).x").message, HasSubstr("RangeError"));
}

TEST_F(ScriptErrorsTest, AnInterruptionEndsAWaitAndALoop) {
  for (const char* source :
       {"print('here'); sleep(3600)", "print('here'); while (true) {}", "print('here'); waitFor(() => false, 3600)",
        "print('here'); waitFor('leg.state', 3600)"}) {
    options_.print = [this](std::string_view) { host_->interrupt(); };
    EXPECT_EQ(run(source).end, End::interrupted) << source;
    host_.reset();
  }
}

TEST_F(ScriptErrorsTest, AnInterruptionIsNotLostHoweverEarlyItComes) {
  for (int i = 0; i < 200; ++i) {
    std::stop_source stop;
    NamedThread stopper("stopper", [&](std::stop_token) { stop.request_stop(); });
    const auto outcome = host().run({"while (true) {}", "test.js", false}, stop.get_token());
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->end, End::interrupted);
  }
}

TEST_F(ScriptErrorsTest, ExitEndsAtOnceAndCannotBeCaught) {
  const Outcome outcome = run("try { exit(3) } catch (e) {} finally { print('no') } print('no')");
  EXPECT_EQ(outcome.end, End::exited);
  EXPECT_EQ(outcome.code, 3);
  EXPECT_EQ(printed_, "");
  EXPECT_THAT(run("exit('x')").message, HasSubstr("whole number from 0 to 255"));
}

TEST_F(ScriptErrorsTest, FilesStayUnderTheScriptsFolder) {
  write("part.js", "var fromPart = 5;\nfromPart + 1");
  EXPECT_EQ(value("include('part.js') + fromPart"), "11");
  EXPECT_EQ(value("writeText('out.txt', 'hä'); readText('./out.txt')"), "\"hä\"");
  symlink("/etc", (folder_ / "link").c_str());
  symlink("/nowhere/at/all", (folder_ / "dangling").c_str());
  mkdir((folder_ / "sub").c_str(), 0755);
  for (const char* path : {"../x", "/etc/passwd", "link/passwd", "sub/../../x", "..", ".", "link/new.txt"}) {
    const std::string quoted = "'" + std::string(path) + "'";
    EXPECT_NE(run("readText(" + quoted + ")").end, End::done) << path;
    EXPECT_THAT(run("writeText(" + quoted + ", 'x')").message, HasSubstr("outside the script's folder")) << path;
  }
  EXPECT_TRUE(run("writeText('dangling', 'x')").ok()) << "the link is replaced, not followed";
  EXPECT_EQ(value("readText('dangling')"), "\"x\"");
  EXPECT_THAT(run("readText('none.txt')").message, HasSubstr("test.js:1: cannot read \"none.txt\""));
  mkfifo((folder_ / "pipe").c_str(), 0600);
  EXPECT_THAT(run("readText('pipe')").message, HasSubstr("it is not a file"));
}

TEST_F(ScriptErrorsTest, AnErrorInAnIncludedFileNamesThatFile) {
  write("bad part.js", "\n\nlet = ;");
  const Outcome syntax = run("include('bad part.js')");
  EXPECT_EQ(syntax.end, End::syntax);
  EXPECT_THAT(syntax.message, StartsWith("bad part.js:3"));
  write("throws.js", "\nthrow new Error('inside')");
  EXPECT_EQ(run("include('throws.js')").message, "throws.js:2: inside");
  write("self.js", "include('self.js')");
  EXPECT_THAT(run("include('self.js')").message, HasSubstr("32 files deep"));
}

TEST_F(ScriptErrorsTest, ProgramsRunOnlyIfAllowed) {
  EXPECT_THAT(run("exec('true')").message, HasSubstr("--allow-exec"));
}

TEST_F(ScriptErrorsTest, AProgramsOutputAndCodeComeBack) {
  options_.allow_exec = true;
  EXPECT_EQ(value("exec('sh', ['-c', 'echo out; echo err >&2; exit 3'])"),
            R"({code: 3, stdout: "out\n", stderr: "err\n"})");
  EXPECT_THAT(run("exec('no-such-program-here')").message, HasSubstr("cannot run \"no-such-program-here\""));
  EXPECT_THAT(run("exec('sleep', [60], 0.05)").message, HasSubstr("did not end within 0.05 s"));
}

TEST_F(ScriptErrorsTest, ARunningProgramEndsWithTheScript) {
  options_.allow_exec = true;
  options_.limits.total = Millis(100);
  EXPECT_EQ(run("exec('sleep', [3600], 3600)").end, End::time_limit);
}

}  // namespace
}  // namespace mainstay::script
