// Macros of the show have keys in the window, which follow the show and never take one of the window's own.
#include "ui/macro_keys.h"

#include <gmock/gmock.h>

#include <QAction>
#include <QMenu>
#include <QTest>

#include "engine/show/key_text.h"
#include "tests/ui/ui_fixture.h"

namespace mainstay::ui {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class MacroKeysTest : public UiTest {
 protected:
  void see_macros(std::vector<MacroSnapshot> macros) {
    Snapshot snapshot = backup_down_snapshot();
    snapshot.macros = std::move(macros);
    see(std::move(snapshot));
  }
  const QList<QAction*>& actions() { return window_->macros().actions(); }
  std::vector<std::string> texts() {
    std::vector<std::string> out;
    for (const QAction* action : actions()) out.push_back(action->text().toStdString());
    return out;
  }
  bool called(const std::string& what) {
    return spin_until([&] { return studio_.was_called(what); });
  }
};

TEST_F(MacroKeysTest, AKeyRunsItsMacro) {
  open_window();
  see_macros({{"intro", "Ctrl+1"}, {"without a key", ""}});
  ASSERT_THAT(texts(), ElementsAre("intro"));
  QAction* const intro = actions().first();
  EXPECT_EQ(command_of(*intro), "macro.run");
  EXPECT_EQ(intro->shortcut(), QKeySequence("Ctrl+1"));
  EXPECT_FALSE(intro->autoRepeat()) << "a key that is held down is one press";
  EXPECT_THAT(intro->toolTip().toStdString(), HasSubstr("Ctrl+1"));
  press(intro);
  EXPECT_TRUE(called("macro.run intro"));
}

TEST_F(MacroKeysTest, TheKeyItselfReachesTheMacro) {
  open_window();
  see_macros({{"intro", "Ctrl+Shift+F6"}});
  window_->activateWindow();
  ASSERT_TRUE(spin_until([this] { return window_->isActiveWindow(); }));
  QTest::keyClick(window_.get(), Qt::Key_F6, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_TRUE(called("macro.run intro"));
}

TEST_F(MacroKeysTest, TheyFollowTheShow) {
  open_window();
  see_macros({{"intro", "Ctrl+1"}, {"outro", "Ctrl+2"}});
  EXPECT_THAT(texts(), ElementsAre("intro", "outro"));
  QAction* const kept = actions().first();
  see_macros({{"intro", "Ctrl+1"}, {"outro", "Ctrl+2"}});
  EXPECT_EQ(actions().first(), kept) << "nothing is made anew while nothing changes";
  see_macros({{"outro", "Ctrl+1"}});
  ASSERT_THAT(texts(), ElementsAre("outro"));
  press(actions().first());
  EXPECT_TRUE(called("macro.run outro"));
  see_macros({});
  EXPECT_THAT(actions(), IsEmpty());
}

TEST_F(MacroKeysTest, TheWindowsOwnKeysStayItsOwnAndThatIsSaid) {
  open_window();
  see_macros({{"intro", "F5"}, {"leg", "Alt+2"}, {"outro", "Ctrl+1"}});
  EXPECT_THAT(window_->notice().text().toStdString(), HasSubstr("F5 starts “Retry all”, not the macro intro"));
  EXPECT_THAT(window_->notice().text().toStdString(), HasSubstr("Alt+2 starts “Retry now”, not the macro leg"));
  EXPECT_THAT(texts(), ElementsAre("intro", "leg", "outro")) << "the menu still starts them";
  EXPECT_TRUE(actions()[0]->shortcut().isEmpty());
  EXPECT_TRUE(actions()[1]->shortcut().isEmpty());
  EXPECT_EQ(actions()[2]->shortcut(), QKeySequence("Ctrl+1"));
  press(actions()[0]);
  EXPECT_TRUE(called("macro.run intro"));
  EXPECT_EQ(window_->actions_table().retry_all->shortcut(), QKeySequence("F5"));
  keep_screenshot("macro-key-taken");
}

TEST_F(MacroKeysTest, TheNoticeIsDismissedOnceAndComesWithTheNextCollision) {
  open_window();
  see_macros({{"intro", "F5"}});
  press(window_->actions_table().dismiss);
  see_macros({{"intro", "F5"}});
  EXPECT_EQ(window_->notice().text(), "");
  see_macros({{"intro", "F11"}});
  EXPECT_THAT(window_->notice().text().toStdString(), HasSubstr("F11"));
  see_macros({{"intro", "Ctrl+1"}});
  EXPECT_EQ(window_->notice().text(), "");
}

TEST_F(MacroKeysTest, TheMenuListsThemByName) {
  open_window();
  see_macros({{"intro", "Ctrl+1"}});
  press(window_->actions_table().menu);
  const auto menus = window_->findChildren<QMenu*>();
  ASSERT_EQ(menus.size(), 1);
  EXPECT_TRUE(menus.first()->actions().contains(actions().first()));
  // A show that changes meanwhile takes its macros out of the menu that is open.
  see_macros({});
  for (const QAction* action : menus.first()->actions()) EXPECT_NE(action->text(), "intro");
  menus.first()->close();
}

TEST_F(MacroKeysTest, AMacroThatCannotStartSaysSo) {
  open_window();
  see_macros({{"intro", "Ctrl+1"}});
  studio_.fail_with("macro intro runs already");
  press(actions().first());
  ASSERT_TRUE(spin_until([this] { return !window_->notice().text().isEmpty(); }));
  EXPECT_EQ(window_->notice().text(), "Macro: macro intro runs already");
}

TEST_F(MacroKeysTest, EveryKeyOfAShowIsOneForQt) {
  for (const char* key :
       {"F1", "F24", "Ctrl+A", "Alt+9", "Meta+Space", "Ctrl+Return", "Ctrl+Ins", "Ctrl+Del", "Ctrl+Home", "Ctrl+End",
        "Ctrl+PgUp", "Meta+Ctrl+Alt+Shift+PgDown", "Ctrl+Up", "Ctrl+Down", "Ctrl+Left", "Ctrl+Right"}) {
    ASSERT_EQ(show::canonical_key(key), key);
    const QKeySequence keys(QString::fromLatin1(key), QKeySequence::PortableText);
    ASSERT_EQ(keys.count(), 1) << key;
    EXPECT_NE(keys[0].key(), Qt::Key_unknown) << key;
    EXPECT_EQ(keys.toString(QKeySequence::PortableText).toStdString(), key);
  }
}

}  // namespace
}  // namespace mainstay::ui
