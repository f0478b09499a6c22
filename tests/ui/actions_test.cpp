// Every face of the window has a shortcut, a tooltip and a command behind it, and what costs a stream is asked twice.
#include <gmock/gmock.h>

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QMenu>
#include <QSet>
#include <QTest>

#include "engine/studio/studio.h"
#include "tests/ui/ui_fixture.h"

namespace mainstay::ui {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ActionsTest : public UiTest {
 protected:
  QAction* action(const QString& command) {
    for (QAction* candidate : window_->findChildren<QAction*>()) {
      if (command_of(*candidate) == command) return candidate;
    }
    ADD_FAILURE() << "no action " << qPrintable(command);
    return nullptr;
  }
  bool called(const std::string& what) {
    return spin_until([&] { return studio_.was_called(what); });
  }
  static Snapshot with_scenes(Snapshot s) {
    s.scenes = {"Break", "Main"};
    s.layers = {{"Break", {{"bars", "bars"}, {"logo", "logo"}, {"clock", "clock"}}}, {"Main", {{"clip", "clip"}}}};
    s.layers[0].layers[1].filters = {{"key", "chroma_key"}, {"blur", "blur"}, {"sharpen", "sharpen"}};
    s.layers[0].layers[1].sound_ahead_ms = 80;
    s.mixer.strips.push_back({.name = "clip"});
    s.mixer.strips.push_back({.name = "logo"});
    s.mixer.strips.front().filters = {{"denoise", {{"enabled", true}}}};
    s.program.preview = "Break";
    s.sources.push_back({.name = "logo", .type = "playlist", .state = "live", .media = MediaSnapshot{}});
    return s;
  }
  /// The one in the middle, so that it can move both ways.
  void choose_layer() {
    LayerList& layers = window_->mix().layers();
    const QRect row = layers.visualItemRect(layers.item(1));
    QTest::mouseClick(layers.viewport(), Qt::LeftButton, {}, QPoint(row.left() + row.width() / 2, row.center().y()));
    window_->filters().list().choose("blur");
  }
};

TEST_F(ActionsTest, EveryActionHasAShortcutATooltipAndACommand) {
  open_window();
  see(backup_down_snapshot());
  const auto actions = window_->findChildren<QAction*>();
  EXPECT_GE(actions.size(), 24);
  for (const QAction* candidate : actions) {
    const std::string name = candidate->text().toStdString();
    EXPECT_FALSE(candidate->shortcut().isEmpty()) << name;
    EXPECT_FALSE(command_of(*candidate).isEmpty()) << name;
    EXPECT_FALSE(candidate->text().isEmpty());
    EXPECT_THAT(candidate->toolTip().toStdString(),
                HasSubstr(candidate->shortcut().toString(QKeySequence::NativeText).toStdString()))
        << name;
  }
}

// What a window has for itself; all else, scripts and remote clients can do as well.
const QSet<QString> kOfTheWindowAlone{
    "view.full_screen",  "view.utc",           "view.console",      "view.mixer",       "view.dismiss",
    "view.menu",         "events.copy",        "events.follow",     "show.copy_errors", "console.clear",
    "console.interrupt", "app.quit",           "view.add_layer",    "view.multiview",   "view.filters",
    "view.add_filter",   "view.strip_filters", "view.copy_address",
};

TEST_F(ActionsTest, BehindEveryActionIsACommandOfTheStudioUnlessItIsTheWindowsOwn) {
  open_window();
  see(backup_down_snapshot());
  Log log(Log::Options{.level = LogLevel::off});
  show::Secrets secrets(log.redactor(), {});
  const Studio studio(clock_, log, secrets, {.keep_history = false});
  QSet<QString> own;
  for (const QAction* candidate : window_->findChildren<QAction*>()) {
    const QString command = command_of(*candidate);
    if (studio.registry().find(command.toStdString()) != nullptr) continue;
    EXPECT_TRUE(kOfTheWindowAlone.contains(command)) << command.toStdString() << " is no command";
    own.insert(command);
  }
  EXPECT_EQ(own, kOfTheWindowAlone);  // nothing on the list that is not there, or has become a command
}

TEST_F(ActionsTest, PressingAnActionAsksTheStudioForTheCommandItNames) {
  Log log(Log::Options{.level = LogLevel::off});
  show::Secrets secrets(log.redactor(), {});
  const Studio studio(clock_, log, secrets, {.keep_history = false});
  open_window();
  window_->open_show("/shows/a.json");
  ASSERT_TRUE(called("show.open /shows/a.json"));
  int pressed = 0;
  for (QAction* candidate : window_->findChildren<QAction*>()) {
    const std::string command = command_of(*candidate).toStdString();
    if (studio.registry().find(command) == nullptr) continue;
    see(with_scenes(backup_down_snapshot()));
    choose_layer();
    const std::size_t before = studio_.calls().size();
    candidate->setEnabled(true);
    candidate->trigger();
    for (QFileDialog* dialog : window_->findChildren<QFileDialog*>()) {
      emit dialog->fileSelected("/shows/b.json");
      delete dialog;
    }
    if (window_->stop_confirm().armed()) candidate->trigger();  // what ends the show is asked twice
    const auto asked = [&] {
      const std::vector<std::string> calls = studio_.calls();
      return std::any_of(calls.begin() + static_cast<std::ptrdiff_t>(before), calls.end(),
                         [&](const std::string& call) { return (call + " ").starts_with(command + " "); });
    };
    EXPECT_TRUE(spin_until(asked)) << candidate->text().toStdString() << " does not call " << command;
    ++pressed;
  }
  EXPECT_GE(pressed, 11);
}

TEST_F(ActionsTest, TheShowIsSavedUndoneAndRedoneByCommands) {
  open_window();
  see(off_air_snapshot());
  press(action("show.undo"));
  press(action("show.redo"));
  press(action("show.save"));
  EXPECT_TRUE(called("show.save"));
  EXPECT_THAT(studio_.calls(), ElementsAre("show.undo", "show.redo", "show.save"));
  EXPECT_EQ(action("show.undo")->shortcut(), QKeySequence("Ctrl+Z"));
  EXPECT_EQ(action("show.redo")->shortcut(), QKeySequence("Ctrl+Shift+Z"));
  EXPECT_EQ(action("show.save")->shortcut(), QKeySequence("Ctrl+S"));
}

TEST_F(ActionsTest, AFileThatWasChangedFromOutsideIsOffered) {
  open_window();
  see(on_air_snapshot());
  EXPECT_FALSE(action("show.reload")->isEnabled());
  studio_.add_event(LogLevel::warning, "/shows/a.json", "the show file was changed by another program: show.reload …",
                    {}, "show.file_changed");
  ASSERT_TRUE(spin_until([this] { return action("show.reload")->isEnabled(); }));
  EXPECT_EQ(window_->notice().text(), "a.json: the show file was changed by another program");
  press(action("show.reload"));
  EXPECT_TRUE(called("show.reload"));
  EXPECT_EQ(window_->notice().text(), "");
}

TEST_F(ActionsTest, EveryButtonShowsAnAction) {
  open_window();
  see(backup_down_snapshot());
  const auto buttons = window_->findChildren<QAbstractButton*>();
  EXPECT_GE(buttons.size(), 11);
  for (const QAbstractButton* button : buttons) {
    const auto* tool = qobject_cast<const QToolButton*>(button);
    ASSERT_NE(tool, nullptr) << "a button that shows no action: " << button->text().toStdString();
    ASSERT_NE(tool->defaultAction(), nullptr) << button->text().toStdString();
    EXPECT_FALSE(command_of(*tool->defaultAction()).isEmpty());
    EXPECT_FALSE(tool->toolTip().isEmpty());
  }
}

TEST_F(ActionsTest, NoTwoActionsShareAShortcut) {
  open_window();
  see(backup_down_snapshot());
  QSet<QString> seen;
  for (const QAction* candidate : window_->findChildren<QAction*>()) {
    const QString keys = candidate->shortcut().toString();
    EXPECT_FALSE(seen.contains(keys)) << keys.toStdString();
    seen.insert(keys);
  }
}

TEST_F(ActionsTest, EveryActionCanBeTriggeredAtAnyTime) {
  open_window();
  for (const Snapshot& snapshot : {Snapshot{}, off_air_snapshot(), backup_down_snapshot()}) {
    see(snapshot);
    for (QAction* candidate : window_->findChildren<QAction*>()) {
      const QString command = command_of(*candidate);
      if (command == "app.quit") continue;
      EXPECT_NO_THROW(candidate->trigger()) << command.toStdString();
    }
    for (QFileDialog* dialog : window_->findChildren<QFileDialog*>()) delete dialog;
    for (QMenu* menu : window_->findChildren<QMenu*>()) delete menu;
  }
}

TEST_F(ActionsTest, TheMenuListsWhatTheWindowCanDo) {
  open_window();
  press(action("view.menu"));
  const auto menus = window_->findChildren<QMenu*>();
  ASSERT_EQ(menus.size(), 1);
  EXPECT_TRUE(menus.first()->actions().contains(window_->actions_table().quit));
  EXPECT_TRUE(menus.first()->actions().contains(window_->actions_table().stop));
  menus.first()->close();
}

TEST_F(ActionsTest, GoOnAirIsACommandToTheStudio) {
  open_window();
  see(off_air_snapshot());
  press(action("program.start"));
  EXPECT_TRUE(called("program.start 0"));
}

TEST_F(ActionsTest, OnePressNeverEndsTheShow) {
  open_window();
  see(on_air_snapshot());
  press(action("program.stop"));
  EXPECT_TRUE(window_->stop_confirm().armed());
  EXPECT_EQ(action("program.stop")->text(), "Press again to end");
  see(on_air_snapshot());
  EXPECT_THAT(studio_.calls(), Not(Contains("program.stop")));
}

TEST_F(ActionsTest, TheSecondPressEndsTheShow) {
  open_window();
  see(on_air_snapshot());
  press(action("program.stop"));
  press(action("program.stop"));
  EXPECT_TRUE(called("program.stop"));
  EXPECT_EQ(action("program.stop")->text(), "End show");
}

TEST_F(ActionsTest, ADoubleClickIsOnePress) {
  confirm_times_ = {.deaf_ms = 60'000, .armed_ms = 60'000};
  open_window();
  see(on_air_snapshot());
  press(action("program.stop"));
  press(action("program.stop"));
  see(on_air_snapshot());
  EXPECT_THAT(studio_.calls(), Not(Contains("program.stop")));
}

TEST_F(ActionsTest, AHeldKeyIsOnePress) {
  open_window();
  for (const QAction* candidate : window_->findChildren<QAction*>()) EXPECT_FALSE(candidate->autoRepeat());
}

TEST_F(ActionsTest, TheConfirmationExpires) {
  confirm_times_ = {.deaf_ms = 0, .armed_ms = 1};
  open_window();
  see(on_air_snapshot());
  press(action("program.stop"));
  EXPECT_TRUE(spin_until([this] { return !window_->stop_confirm().armed(); }));
  EXPECT_EQ(action("program.stop")->text(), "End show");
  press(action("program.stop"));
  see(on_air_snapshot());
  EXPECT_THAT(studio_.calls(), Not(Contains("program.stop")));
}

TEST_F(ActionsTest, TheStopButtonKeepsItsWidthWhenItAsks) {
  open_window();
  see(on_air_snapshot());
  QToolButton* button = nullptr;
  for (QToolButton* candidate : window_->findChildren<QToolButton*>()) {
    if (candidate->defaultAction() == action("program.stop")) button = candidate;
  }
  ASSERT_NE(button, nullptr);
  const QRect before = button->geometry();
  press(action("program.stop"));
  see(on_air_snapshot());
  EXPECT_EQ(button->geometry(), before);
  EXPECT_GE(button->width(), button->sizeHint().width());
}

TEST_F(ActionsTest, RetryAllReachesTheLegsThatAreDownAndNoOther) {
  open_window();
  see(backup_down_snapshot());
  press(window_->actions_table().retry_all);
  EXPECT_TRUE(called("destination.retry platform backup"));
  EXPECT_THAT(studio_.calls(), Not(Contains("destination.retry platform main")));
}

TEST_F(ActionsTest, ALegsOwnRetryReachesThatLeg) {
  open_window();
  see(backup_down_snapshot());
  EXPECT_FALSE(window_->legs().cards()[0]->retry_action().isEnabled());
  QAction& retry = window_->legs().cards()[1]->retry_action();
  EXPECT_EQ(retry.shortcut(), QKeySequence("Alt+2"));
  press(&retry);
  EXPECT_TRUE(called("destination.retry platform backup"));
}

TEST_F(ActionsTest, TakeMainReachesEachDestinationOnce) {
  open_window();
  see(on_air_snapshot());
  press(action("destination.take_main"));
  EXPECT_TRUE(called("destination.take_main platform"));
  EXPECT_THAT(studio_.calls(), ElementsAre("destination.take_main platform"));
}

TEST_F(ActionsTest, OnlyWhatMakesSenseCanBePressed) {
  open_window();
  EXPECT_FALSE(action("program.start")->isEnabled());  // no show
  EXPECT_FALSE(action("program.stop")->isEnabled());
  see(off_air_snapshot());
  EXPECT_TRUE(action("program.start")->isEnabled());
  see(on_air_snapshot());
  EXPECT_FALSE(action("program.start")->isEnabled());
  EXPECT_FALSE(action("show.open")->isEnabled());
  EXPECT_FALSE(window_->actions_table().retry_all->isEnabled());
  EXPECT_TRUE(action("program.stop")->isEnabled());
}

TEST_F(ActionsTest, OpeningAsksForAFileWithoutBlocking) {
  open_window();
  press(action("show.open"));
  const auto dialogs = window_->findChildren<QFileDialog*>();
  ASSERT_EQ(dialogs.size(), 1);
  EXPECT_FALSE(dialogs.first()->isModal());
  emit dialogs.first()->fileSelected("/shows/a.json");
  EXPECT_TRUE(called("show.open /shows/a.json"));
  delete dialogs.first();
}

TEST_F(ActionsTest, OpenAgainReadsTheSameFile) {
  studio_.refuse_with({{"/program", "expected an object"}});
  open_window();
  window_->open_show("/shows/a.json");
  ASSERT_TRUE(spin_until([this] { return window_->shows_refused(); }));
  studio_.refuse_with({});
  press(window_->actions_table().reload);
  ASSERT_TRUE(spin_until([this] { return !window_->shows_refused(); }));
  EXPECT_THAT(studio_.calls(), ElementsAre("show.open /shows/a.json", "show.open /shows/a.json"));
}

TEST_F(ActionsTest, ErrorsOfARefusedShowCanBeCopied) {
  studio_.refuse_with({{"/program/rate", "expected a rate"}, {"", "the file is empty"}});
  open_window();
  window_->open_show("/shows/a.json");
  ASSERT_TRUE(spin_until([this] { return window_->shows_refused(); }));
  press(action("show.copy_errors"));
  EXPECT_EQ(QApplication::clipboard()->text(), "/program/rate: expected a rate\n(whole file): the file is empty");
}

TEST_F(ActionsTest, ARefusedShowNeverCoversThePictureOnAir) {
  studio_.refuse_with({{"/program/rate", "expected a rate"}});
  open_window();
  see(on_air_snapshot());
  window_->open_show("/shows/a.json");
  ASSERT_TRUE(spin_until([this] { return !window_->notice().text().isEmpty(); }));
  EXPECT_FALSE(window_->shows_refused());
  EXPECT_THAT(window_->notice().text().toStdString(), HasSubstr("/program/rate: expected a rate"));
}

TEST_F(ActionsTest, QuittingOffAirClosesAtOnce) {
  open_window();
  see(off_air_snapshot());
  press(action("app.quit"));
  EXPECT_FALSE(window_->isVisible());
}

TEST_F(ActionsTest, QuittingOnAirAsksAndStayingKeepsTheShow) {
  open_window();
  see(on_air_snapshot());
  press(action("app.quit"));
  press(action("app.quit"));
  window_->close();  // the window manager's cross asks too
  EXPECT_TRUE(window_->isVisible());
  EXPECT_EQ(action("view.dismiss")->text(), "Stay on air");
  press(action("view.dismiss"));
  EXPECT_EQ(window_->notice().text(), "");
  see(on_air_snapshot());
  EXPECT_THAT(studio_.calls(), IsEmpty());
  EXPECT_FALSE(window_->actions_table().end_and_quit->isEnabled());
}

TEST_F(ActionsTest, QuittingOnAirEndsTheShowFirst) {
  open_window();
  see(on_air_snapshot());
  press(action("app.quit"));
  press(window_->actions_table().end_and_quit);
  EXPECT_TRUE(called("program.stop"));
  EXPECT_TRUE(window_->isVisible());
  studio_.set(off_air_snapshot());
  EXPECT_TRUE(spin_until([this] { return !window_->isVisible(); }));
}

TEST_F(ActionsTest, ACommandThatFailsSaysSoInTheWindow) {
  studio_.fail_with("no encoder is named \"libx265\"");
  open_window();
  see(off_air_snapshot());
  press(action("program.start"));
  ASSERT_TRUE(spin_until([this] { return !window_->notice().text().isEmpty(); }));
  EXPECT_EQ(window_->notice().text(), "Go on air: no encoder is named \"libx265\"");
  EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
  press(action("view.dismiss"));
  EXPECT_EQ(window_->notice().text(), "");
}

TEST_F(ActionsTest, AShowThatFailsOnAirSaysWhy) {
  open_window();
  see(on_air_snapshot());
  studio_.set_failure("the program stopped: out of memory");
  see(off_air_snapshot());
  EXPECT_EQ(window_->notice().text(), "The show failed: the program stopped: out of memory");
  EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
}

TEST_F(ActionsTest, TheClockAndTheEventsSwitchToUtcTogether) {
  open_window();
  press(action("view.utc"));
  EXPECT_TRUE(window_->events().model().utc());
  EXPECT_THAT(window_->wall_clock().text().toStdString(), HasSubstr("UTC"));
}

}  // namespace
}  // namespace mainstay::ui
