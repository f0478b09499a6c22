// The console's panel on a session with its script engine and a studio behind it.
#include "app/script/console_session.h"

#include <gmock/gmock.h>

#include <QApplication>
#include <QKeyEvent>
#include <QTextBlock>

#include "engine/studio/studio.h"
#include "tests/ui/ui_fixture.h"
#include "ui/console_panel.h"

namespace mainstay::ui {
namespace {

using ::testing::HasSubstr;

class ConsoleSessionTest : public ::testing::Test {
 protected:
  bool shows(const std::string& text) {
    return ui::spin_until(pace_, [&] { return panel_.text().toStdString().find(text) != std::string::npos; });
  }
  void press(int code, const QString& text = {}) {
    QKeyEvent down(QEvent::KeyPress, code, Qt::NoModifier, text);
    QApplication::sendEvent(&panel_.input(), &down);
  }

  ManualClock pace_;
  SteadyClock clock_;
  Log log_{Log::Options{.level = LogLevel::off}};
  show::Secrets secrets_{log_.redactor(), {}};
  Studio studio_{clock_, log_, secrets_, {.keep_history = false}};
  script::Options options_;
  script::ConsoleSession session_{{clock_, clock_, log_, studio_}, options_, {}};
  Theme theme_ = Theme::make();
  ConsolePanel panel_{theme_, session_};
};

TEST_F(ConsoleSessionTest, RunsJavaScriptAndCommands) {
  panel_.run("const answer = 6 * 7; answer");
  EXPECT_TRUE(shows("\n42"));
  panel_.run("help program.cut");
  EXPECT_TRUE(shows("program.cut([scene])"));
}

TEST_F(ConsoleSessionTest, AnErrorNamesItsLine) {
  panel_.run("1;\nnope()");
  EXPECT_TRUE(shows("console:2"));
  EXPECT_TRUE(shows("nope is not defined"));
}

TEST_F(ConsoleSessionTest, CompletesFromTheRegistry) {
  panel_.input().insertPlainText("program.cu");
  press(Qt::Key_Tab);
  EXPECT_EQ(panel_.input().toPlainText(), "program.cut");
}

TEST_F(ConsoleSessionTest, AnEndlessLoopIsInterruptedAndTheNextLineRuns) {
  panel_.run("print('begun'); for (;;);");
  ASSERT_TRUE(shows("\nbegun"));
  panel_.interrupt();
  ASSERT_TRUE(ui::spin_until(pace_, [this] { return !panel_.running(); }));
  EXPECT_THAT(panel_.text().toStdString(), HasSubstr("interrupted"));
  panel_.run("'still ' + 'here'");
  EXPECT_TRUE(shows("still here"));
}

TEST_F(ConsoleSessionTest, PrintingWithoutEndLeavesTheWindowAliveAndBounded) {
  panel_.run("for (let i = 0;; ++i) print('line ' + i);");
  const auto last_line = [this] { return panel_.output().document()->lastBlock().text().section(' ', 1).toInt(); };
  ASSERT_TRUE(ui::spin_until(pace_, [&] { return last_line() > 3 * ConsolePanel::kMostBlocks; }));
  panel_.interrupt();
  ASSERT_TRUE(ui::spin_until(pace_, [this] { return !panel_.running(); }));
  EXPECT_LE(panel_.output().document()->blockCount(), ConsolePanel::kMostBlocks);
  panel_.run("6 * 7");
  EXPECT_TRUE(shows("\n42"));
}

}  // namespace
}  // namespace mainstay::ui
