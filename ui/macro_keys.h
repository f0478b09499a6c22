// The show's macros as actions of the window: each with its key, followed as the show changes. Keys that the window
// itself uses stay the window's.
// Owned by the main window.
// Thread-safety: the user-interface thread.
#pragma once

#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/studio/snapshot.h"

class QAction;
class QWidget;

namespace mainstay::ui {

class MacroKeys : public QObject {
 public:
  /// `run` starts the macro of that name.
  MacroKeys(QWidget* window, std::function<void(const std::string& name)> run);

  /// True when something is other than it was.
  bool show_macros(const std::vector<MacroSnapshot>& macros);
  /// Those with a key, by name; one whose key is the window's has no shortcut.
  const QList<QAction*>& actions() const { return actions_; }
  /// In words, which keys are the window's; empty: none.
  const QString& collisions() const { return collisions_; }

 private:
  /// The window's own keys and what they do.
  std::vector<std::pair<QKeySequence, QString>> own_keys() const;
  void make_actions();

  QWidget* const window_;
  const std::function<void(const std::string&)> run_;
  std::vector<MacroSnapshot> macros_;
  std::vector<std::pair<QKeySequence, QString>> own_;
  QList<QAction*> actions_;
  QString collisions_;
};

}  // namespace mainstay::ui
