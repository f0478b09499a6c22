// The console in the window: what is typed runs, what is said is shown, nothing of it costs the window or its layout.
#include <gmock/gmock.h>

#include <QApplication>
#include <QKeyEvent>
#include <QScrollBar>
#include <QSplitter>
#include <QTextBlock>

#include "tests/ui/ui_fixture.h"

namespace mainstay::ui {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ConsolePanelTest : public UiTest {
 protected:
  void open_console(int width = 1280, int height = 720) {
    open_window(width, height);
    press(window_->actions_table().console);
  }
  ConsolePanel& panel() { return *window_->console(); }
  std::string typed() { return panel().input().toPlainText().toStdString(); }
  std::string shown() { return panel().text().toStdString(); }

  /// As a keyboard would: shortcuts first, then the input line.
  void key(int code, Qt::KeyboardModifiers modifiers = Qt::NoModifier, const QString& text = {}) {
    QKeyEvent shortcut(QEvent::ShortcutOverride, code, modifiers, text);
    QApplication::sendEvent(&panel().input(), &shortcut);
    QKeyEvent down(QEvent::KeyPress, code, modifiers, text);
    QApplication::sendEvent(&panel().input(), &down);
  }
  /// True when the key is the input line's own and no action's of the window.
  bool keeps(int code, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QKeyEvent shortcut(QEvent::ShortcutOverride, code, modifiers);
    shortcut.ignore();
    QApplication::sendEvent(&panel().input(), &shortcut);
    return shortcut.isAccepted();
  }
  void type(const QString& text) {
    for (const QChar c : text) c == '\n' ? key(Qt::Key_Return) : key(0, Qt::NoModifier, c);
  }
  bool shows(const std::string& text) {
    return spin_until([&] { return shown().find(text) != std::string::npos; });
  }
  QColor ink_of(const QString& text) {
    const QTextCursor found = panel().output().document()->find(text);
    EXPECT_FALSE(found.isNull()) << qPrintable(text);
    return found.charFormat().foreground().color();
  }
};

TEST_F(ConsolePanelTest, IsHiddenUntilItIsAskedFor) {
  open_window();
  EXPECT_FALSE(panel().isVisible());
  press(window_->actions_table().console);
  EXPECT_TRUE(panel().isVisible());
  EXPECT_FALSE(window_->events().isVisible());
  press(window_->actions_table().console);
  EXPECT_FALSE(panel().isVisible());
  EXPECT_TRUE(window_->events().isVisible());
}

TEST_F(ConsolePanelTest, TakesTheKeyboardAndGivesItBack) {
  open_window();
  press(window_->actions_table().full_screen);
  press(window_->actions_table().console);
  EXPECT_FALSE(window_->isFullScreen());
  EXPECT_EQ(window_->focusWidget(), &panel().input());
  press(window_->actions_table().console);
  EXPECT_EQ(window_->focusWidget(), window_->centralWidget());
}

TEST_F(ConsolePanelTest, SaysWhatToTryWhileItIsEmpty) {
  open_console();
  EXPECT_THAT(panel().output().placeholderText().toStdString(), HasSubstr("program.cut("));
  keep_screenshot("console-empty");
}

TEST_F(ConsolePanelTest, TakesThePlaceOfTheEventsAndItsRoomFromThePicture) {
  open_window();
  see(on_air_snapshot());
  const QSize picture = window_->picture().size();
  const QSize chain = window_->chain().size();
  const QSize events = window_->events().size();
  const QRect legs = window_->legs().geometry();
  press(window_->actions_table().console);
  see(on_air_snapshot());
  const int line = QFontMetrics(theme_.mono).lineSpacing();
  EXPECT_GE(panel().output().viewport()->height(), 9 * line);
  EXPECT_GE(window_->picture().height(), 240) << "what is on air stays in sight";
  EXPECT_EQ(window_->picture().height() + panel().height(), picture.height() + events.height());
  EXPECT_EQ(window_->chain().size(), chain);
  EXPECT_EQ(window_->legs().geometry(), legs);
  press(window_->actions_table().console);
  see(on_air_snapshot());
  EXPECT_EQ(window_->picture().size(), picture);
  EXPECT_EQ(window_->events().size(), events);
}

TEST_F(ConsolePanelTest, KeepsTheHeightThatAPersonGaveIt) {
  open_console();
  see(on_air_snapshot());
  auto* rows = window_->findChild<QSplitter*>();
  QList<int> heights = rows->sizes();
  heights[0] += 50;
  heights[2] -= 50;
  rows->setSizes(heights);
  const int height = panel().height();
  press(window_->actions_table().console);
  press(window_->actions_table().console);
  EXPECT_EQ(panel().height(), height);
}

TEST_F(ConsolePanelTest, TheInputGrowsWithinThePanel) {
  open_console();
  see(on_air_snapshot());
  const QRect place = panel().geometry();
  const int one_line = panel().input().height();
  for (int line = 0; line < 40; ++line) key(Qt::Key_Return, Qt::ShiftModifier);
  see(on_air_snapshot());
  EXPECT_GT(panel().input().height(), one_line);
  EXPECT_EQ(panel().geometry(), place);
  EXPECT_TRUE(panel().rect().contains(panel().input().parentWidget()->geometry()));
}

TEST_F(ConsolePanelTest, RunsWhatIsTypedAndShowsTheAnswer) {
  open_console();
  type("1 + 1\n");
  EXPECT_THAT(console_.sources(), ElementsAre("1 + 1"));
  EXPECT_EQ(typed(), "");
  EXPECT_TRUE(panel().running());
  ASSERT_TRUE(console_.answer({.text = "2"}));
  EXPECT_TRUE(shows("› 1 + 1\n2"));
  EXPECT_FALSE(panel().running());
  EXPECT_TRUE(spin_until([this] { return console_.remembered() == std::vector<std::string>{"1 + 1"}; }));
}

TEST_F(ConsolePanelTest, AnErrorIsAmberWithItsPlaceAndNeverRed) {
  open_console();
  type("legs.nope.kbps\n");
  console_.answer(
      {.ok = false, .error = "console:1:11: TypeError: nope is undefined", .stack = "f a.js:3\n(top) console:1"});
  ASSERT_TRUE(shows("console:1:11: TypeError: nope is undefined\n  f a.js:3\n  (top) console:1"));
  EXPECT_EQ(ink_of("TypeError"), theme_.amber);
  EXPECT_NE(ink_of("TypeError"), theme_.on_air);
  EXPECT_EQ(ink_of("legs.nope"), theme_.dim);
}

TEST_F(ConsolePanelTest, ATablesRowsAreNotBroken) {
  open_console();
  type("legs\n");
  console_.answer({.text = "name    role    kbps\nalpha   main    6001\n" + std::string(300, 'x')});
  ASSERT_TRUE(shows("6001"));
  const QTextBlock row = panel().output().document()->find("alpha").block();
  EXPECT_TRUE(row.blockFormat().nonBreakableLines());
  EXPECT_FALSE(row.next().blockFormat().nonBreakableLines());
  EXPECT_TRUE(QFontInfo(panel().output().document()->find("6001").charFormat().font()).fixedPitch());
}

TEST_F(ConsolePanelTest, AnOpenBracketAsksForAnotherLine) {
  open_console();
  type("on(\"x\", () => {\n");
  EXPECT_THAT(console_.sources(), IsEmpty());
  type("})\n");
  EXPECT_THAT(console_.sources(), ElementsAre("on(\"x\", () => {\n})"));
}

TEST_F(ConsolePanelTest, ShiftEnterAddsALine) {
  open_console();
  type("a");
  key(Qt::Key_Return, Qt::ShiftModifier);
  type("b\n");
  EXPECT_THAT(console_.sources(), ElementsAre("a\nb"));
}

TEST_F(ConsolePanelTest, CtrlEnterRunsTheLineAndPutsNoShowOnAir) {
  open_console();
  see(off_air_snapshot());
  type("a");
  EXPECT_TRUE(keeps(Qt::Key_Return, Qt::ControlModifier));
  key(Qt::Key_Return, Qt::ControlModifier);
  EXPECT_THAT(console_.sources(), ElementsAre("a"));
}

TEST_F(ConsolePanelTest, UpBringsBackWhatWasTypedAndDownTheDraft) {
  open_console();
  type("a\ndraft");
  key(Qt::Key_Up);
  EXPECT_EQ(typed(), "a");
  key(Qt::Key_Up);
  EXPECT_EQ(typed(), "second");
  key(Qt::Key_Up);
  key(Qt::Key_Up);
  EXPECT_EQ(typed(), "first");
  for (int i = 0; i < 5; ++i) key(Qt::Key_Down);
  EXPECT_EQ(typed(), "draft");
}

TEST_F(ConsolePanelTest, TabOffersCandidatesWithTheirHelp) {
  open_console();
  type("program.s");
  key(Qt::Key_Tab);
  EXPECT_EQ(typed(), "program.st");  // as far as they agree
  const CompletionList* list = panel().input().completions();
  ASSERT_NE(list, nullptr);
  ASSERT_TRUE(list->isVisible());
  ASSERT_EQ(list->count(), 2);
  EXPECT_THAT(list->item(0)->data(Qt::UserRole).toString().toStdString(), HasSubstr("Puts the open show on air"));
  EXPECT_TRUE(window_->rect().contains(list->geometry()));
  keep_screenshot("console-completion");
  key(Qt::Key_Down);
  key(Qt::Key_Return);
  EXPECT_EQ(typed(), "program.stop");
  EXPECT_FALSE(list->isVisible());
  EXPECT_THAT(console_.sources(), IsEmpty());
}

TEST_F(ConsolePanelTest, TabCompletesTheOnlyCandidateAtOnce) {
  open_console();
  type("é; program.c");  // the port counts bytes
  key(Qt::Key_Tab);
  EXPECT_EQ(typed(), "é; program.cut");
  EXPECT_FALSE(panel().input().completions() != nullptr && panel().input().completions()->isVisible());
}

TEST_F(ConsolePanelTest, TypingNarrowsTheCandidatesAndEscapeLeavesThem) {
  open_console();
  type("program.");
  key(Qt::Key_Tab);
  ASSERT_EQ(panel().input().completions()->count(), 3);
  type("s");
  EXPECT_EQ(panel().input().completions()->count(), 2);
  EXPECT_TRUE(keeps(Qt::Key_Escape));
  key(Qt::Key_Escape);
  EXPECT_FALSE(panel().input().completions()->isVisible());
  EXPECT_EQ(typed(), "program.s");
}

TEST_F(ConsolePanelTest, EscapeAndCtrlCInterruptOnlyWhatRuns) {
  open_console();
  EXPECT_FALSE(keeps(Qt::Key_Escape));
  key(Qt::Key_C, Qt::ControlModifier);
  EXPECT_EQ(console_.interruptions(), 0);
  EXPECT_FALSE(window_->actions_table().interrupt->isEnabled());
  type("for (;;);\n");
  EXPECT_TRUE(keeps(Qt::Key_Escape));
  key(Qt::Key_Escape);
  key(Qt::Key_C, Qt::ControlModifier);
  press(window_->actions_table().interrupt);
  EXPECT_EQ(console_.interruptions(), 3);
}

TEST_F(ConsolePanelTest, TheWindowStaysAliveWhileALineRuns) {
  open_console();
  type("wait\n");
  EXPECT_EQ(panel().hint(), "Running; Esc interrupts");
  see(on_air_snapshot());
  EXPECT_EQ(window_->on_air().tally().text(), "ON AIR");
  EXPECT_TRUE(panel().running());
}

TEST_F(ConsolePanelTest, ALineThatCannotBeInterruptedIsSaidOnceAndTheWindowGoesOn) {
  open_console();
  type("a\n");
  console_.be_stuck();
  ASSERT_TRUE(shows("cannot be interrupted"));
  see(on_air_snapshot());
  EXPECT_EQ(panel().text().count("cannot be interrupted"), 1);
  EXPECT_TRUE(window_->isVisible());
}

TEST_F(ConsolePanelTest, AnswersWhatIsTooMuch) {
  open_console();
  type("a\nb\nc\nd\n");
  EXPECT_THAT(console_.sources(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(shown(), HasSubstr("Too much is waiting"));
  while (console_.answer({})) continue;
  EXPECT_TRUE(spin_until([this] { return !panel().running(); }));
}

TEST_F(ConsolePanelTest, ShowsWhatIsPrintedBeforeTheAnswer) {
  open_console();
  type("a\n");
  console_.print("one");
  console_.print("two");
  console_.answer({.text = "three"});
  EXPECT_TRUE(shows("one\ntwo\nthree"));
}

TEST_F(ConsolePanelTest, ShowsWhatListenersThrowInAmber) {
  open_console();
  console_.print("before");
  console_.fail("console:1: Error: the listener fell over");
  console_.print("after");
  ASSERT_TRUE(shows("before\nconsole:1: Error: the listener fell over\nafter"));
  const QTextDocument& document = *panel().output().document();
  const auto ink = [](const QTextBlock& block) { return block.begin().fragment().charFormat().foreground().color(); };
  EXPECT_EQ(ink(document.findBlockByNumber(0)), theme_.text);
  EXPECT_EQ(ink(document.findBlockByNumber(1)), theme_.amber);
  EXPECT_EQ(ink(document.findBlockByNumber(2)), theme_.text);
}

TEST_F(ConsolePanelTest, OutputIsBounded) {
  open_console();
  type("a\n");
  for (int line = 0; line < 20'000; ++line) console_.print("line " + std::to_string(line));
  console_.answer({.text = "end"});
  ASSERT_TRUE(shows("\nend"));
  EXPECT_LE(panel().output().document()->blockCount(), ConsolePanel::kMostBlocks);
  EXPECT_THAT(shown(), HasSubstr("line 19999"));
  EXPECT_THAT(shown(), Not(HasSubstr("line 14000\n")));
}

TEST_F(ConsolePanelTest, ALineWithoutEndIsCut) {
  open_console();
  console_.print(std::string(3 * ConsoleFeed::kMostText, 'x'));
  ASSERT_TRUE(shows("more bytes)"));
  EXPECT_LE(panel().text().size(), qsizetype(ConsoleFeed::kMostText * 1.01));
}

TEST_F(ConsolePanelTest, ClearEmptiesIt) {
  open_console();
  console_.print("one");
  ASSERT_TRUE(shows("one"));
  press(window_->actions_table().clear_console);
  EXPECT_EQ(shown(), "");
}

TEST_F(ConsolePanelTest, ExitPutsTheConsoleAwayAndNotTheWindow) {
  open_console();
  type("exit()\n");
  console_.answer({.exit = true, .code = 1});
  EXPECT_TRUE(spin_until([this] { return !panel().isVisible(); }));
  EXPECT_TRUE(window_->isVisible());
}

TEST_F(ConsolePanelTest, AnswersAfterTheWindowHarmNothing) {
  open_console();
  type("a\n");
  window_.reset();
  EXPECT_FALSE(console_.is_listened_to());
  EXPECT_TRUE(console_.answer({.text = "late"}));
}

TEST_F(ConsolePanelTest, AtWork) {
  studio_.set_picture(test_picture());
  open_console();
  see(on_air_snapshot());
  ASSERT_TRUE(spin_until([this] { return window_->picture().has_picture(); }));
  type("legs\n");
  console_.answer({.text = "name     role    state    kbps    rtt_ms\n"
                           "alpha    main    live     6158        23\n"
                           "alpha    backup  backoff     0         –"});
  ASSERT_TRUE(shows("backoff"));
  type("program.cut(\"nowhere\")\n");
  console_.answer({.ok = false, .error = "console:1: there is no scene \"nowhere\": Main, Break"});
  ASSERT_TRUE(shows("nowhere\": Main"));
  EXPECT_EQ(panel().output().verticalScrollBar()->value(), panel().output().verticalScrollBar()->maximum());
  keep_screenshot("console");
}

}  // namespace
}  // namespace mainstay::ui
