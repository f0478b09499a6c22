#include <sys/stat.h>

#include <future>

#include "app/script/console_session.h"
#include "app/script/source_scan.h"
#include "tests/app/script/script_fixture.h"

namespace mainstay::script {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class ConsoleTest : public ScriptTest {
 protected:
  ~ConsoleTest() override { session_.reset(); }
  ConsoleSession& session() {
    if (!session_) {
      session_ = std::make_unique<ConsoleSession>(Services{clock(), wall_, log_, studio()}, options_,
                                                  (folder_ / "state" / "history").string());
      session_->on_output([this](const ui::ConsoleLine& line) {
        if (!line.is_error) {
          printed_ += line.text + "\n";
        } else if (!std::exchange(told_, true)) {
          failed_.set_value(line.text);
        }
      });
    }
    return *session_;
  }
  ui::ConsoleResult type(std::string line) {
    const auto result = std::make_shared<std::promise<ui::ConsoleResult>>();
    EXPECT_TRUE(
        session().evaluate(std::move(line), [result](ui::ConsoleResult r) { result->set_value(std::move(r)); }));
    return result->get_future().get();
  }
  std::vector<std::string> completions(const std::string& line) {
    std::vector<std::string> out;
    const auto completion = session().complete(line, line.size());
    for (const auto& candidate : completion.candidates)
      out.push_back(line.substr(0, completion.begin) + candidate.text);
    return out;
  }
  std::promise<std::string> failed_;  ///< what a listener threw first
  bool told_ = false;
  std::unique_ptr<ConsoleSession> session_;
};

TEST_F(ConsoleTest, WhatAListenerThrowsIsNoOutput) {
  type("on('leg.state', () => { throw new Error('fell over') })");
  type("destination.start('platform')");
  EXPECT_THAT(failed_.get_future().get(), HasSubstr("fell over"));
  EXPECT_THAT(printed_, Not(HasSubstr("fell over")));
}

TEST_F(ConsoleTest, NamesLastFromLineToLine) {
  type("let a = 1; const b = 2");
  type("class Thing { twice(x) { return 2 * x } }");
  type("function f() { return a + b }");
  EXPECT_EQ(type("f() + new Thing().twice(4)").text, "11");
}

TEST_F(ConsoleTest, ResultsAndErrorsAreText) {
  EXPECT_EQ(type("[{name: 'v0', kbps: 1}]").text, "name  kbps\n────  ────\nv0       1");
  EXPECT_EQ(type("undefined").text, "");
  const auto error = type("1;\nnope()");
  EXPECT_FALSE(error.ok);
  EXPECT_EQ(error.error, "console:2: ReferenceError: nope is not defined");
  EXPECT_EQ(type("1 +* 2").error, "console:1:4: SyntaxError: Unexpected token `*'");
  const auto end = type("exit(4)");
  EXPECT_TRUE(end.exit);
  EXPECT_EQ(end.code, 4);
}

TEST_F(ConsoleTest, HelpNeedsNoBrackets) {
  EXPECT_TRUE(type("help destination.start").ok);
  EXPECT_THAT(printed_, HasSubstr("Connects a destination."));
  type("help");
  EXPECT_THAT(printed_, HasSubstr("waitFor(event or fn"));
  type("help sleep");
  EXPECT_THAT(printed_, HasSubstr("sleep(seconds)\n    Waits"));
}

TEST_F(ConsoleTest, ALineThatHangsEnds) {
  options_.limits.computing = Millis(30);
  EXPECT_THAT(type("while (true) {}").error, HasSubstr("computed for 0.03 s without a wait"));
  EXPECT_EQ(type("1 + 1").text, "2");
}

TEST_F(ConsoleTest, CompletionKnowsCommandsStateEventsAndNames) {
  EXPECT_THAT(completions("dest"), ElementsAre("destination"));
  EXPECT_THAT(completions("destination.st"), ElementsAre("destination.start", "destination.stop"));
  EXPECT_THAT(completions("x = legs.platform.main.k"), ElementsAre("x = legs.platform.main.kbps"));
  EXPECT_THAT(completions("program."),
              ElementsAre("program.cut", "program.frames", "program.scene", "program.start", "program.stop"));
  EXPECT_THAT(completions("waitFor(\"leg.sta"), ElementsAre("waitFor(\"leg.state"));
  EXPECT_THAT(completions("destination.start('pl"), ElementsAre("destination.start('platform"));
  EXPECT_THAT(completions("program.cut(\""), ElementsAre("program.cut(\"Main"));
  EXPECT_THAT(completions("help program.c"), ElementsAre("help program.cut"));
  EXPECT_TRUE(completions("nothing.at.all.").empty());
  type("var myOwnName = 1");
  EXPECT_THAT(completions("myO"), ElementsAre("myOwnName"));
  EXPECT_EQ(session().complete("sle", 3).candidates.at(0).help, "sleep(seconds): Waits, on the program's clock.");
}

TEST_F(ConsoleTest, TheHistoryIsKeptBoundedAndPrivate) {
  log_.redactor().add("hunter2hunter2");
  session().remember("first");
  session().remember("if (a) {\n  b \\ c\n}");
  session().remember("key = 'hunter2hunter2'");
  session().remember("key = 'hunter2hunter2'");
  session_.reset();
  EXPECT_THAT(session().history(), ElementsAre("first", "if (a) {\n  b \\ c\n}", "key = '***'"));
  struct stat status {};
  ASSERT_EQ(stat((folder_ / "state" / "history").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  for (std::size_t i = 0; i <= HistoryFile::kMostEntries; ++i) session().remember("line " + std::to_string(i));
  session_.reset();
  EXPECT_EQ(session().history().size(), HistoryFile::kMostEntries);
  EXPECT_THAT(session().history(), Not(Contains("line 0")));
}

TEST(SourceScanTest, OpenBracketsTemplatesAndCommentsAskForMore) {
  for (const char* open : {"f(", "if (a) {", "[1,", "`a", "`a ${b", "`a ${`b`} c", "/* c", "f({a: '}'"})
    EXPECT_TRUE(is_unfinished(open)) << open;
  for (const char* closed : {"", "1", "f()", "'('", "\"{\"", "// {", "/* ( */", "/[(]/.test(x)", "a / b / c",
                             "`a ${b} (`", "x = /\\//", ")"}) {
    EXPECT_FALSE(is_unfinished(closed)) << closed;
  }
}

TEST(SourceScanTest, OnlyTheOutermostNamesBecomeLasting) {
  EXPECT_EQ(with_lasting_names("let a = 1; const b = 2\nlet c"), "var a = 1; var b = 2\nvar c");
  EXPECT_EQ(with_lasting_names("{ let a = 1 } for (let i;;) {} f(() => { const x = 1 }); letter; x.let"),
            "{ let a = 1 } for (let i;;) {} f(() => { const x = 1 }); letter; x.let");
  EXPECT_EQ(with_lasting_names("'let a'; `\nlet b`; /let c/; // let d\nclass A extends B {}"),
            "'let a'; `\nlet b`; /let c/; // let d\nvar A = class A extends B {}");
}

}  // namespace
}  // namespace mainstay::script
