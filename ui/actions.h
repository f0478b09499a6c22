// Everything the window can do, in one table: a command's name, what a person reads, its shortcut. Buttons and menus
// only show these actions, so that nothing has a face without a shortcut, a tooltip and a command behind it.
// Owned by the main window.
// Thread-safety: the user-interface thread.
#pragma once

#include <QAction>
#include <QKeySequence>
#include <QObject>
#include <QString>
#include <QToolButton>
#include <functional>

namespace mainstay::ui {

struct ActionText {
  const char* command;  ///< "program.start"; what a script would call, or a "view." of the window alone
  QString text;
  QString help;  ///< one sentence; the shortcut is added to the tooltip by itself
  QKeySequence shortcut;
};

/// An action whose shortcut works in the whole window of `owner`, also while no button shows it.
QAction* make_action(QWidget* owner, const ActionText& text, std::function<void()> run);

/// Shows `action`; as wide as the widest of its texts needs, so that a changing text moves nothing.
QToolButton* make_button(QAction* action, QWidget* parent, const QStringList& other_texts = {});

/// The command behind an action, "" when there is none.
QString command_of(const QAction& action);

}  // namespace mainstay::ui
