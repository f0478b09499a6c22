// The candidates for what is being typed, each with its help, laid over the window above the input line.
// Owned by the window that it lies over; the input line keeps the keyboard and moves the selection.
// Thread-safety: the user-interface thread.
#pragma once

#include <QListWidget>

#include "ui/console_port.h"
#include "ui/theme.h"

namespace mainstay::ui {

class CompletionList : public QListWidget {
  Q_OBJECT

 public:
  CompletionList(const Theme& theme, QWidget* window);

  /// Shows them with their bottom at `bottom_left`, both in the window's coordinates, as wide as `width` allows.
  void show_candidates(const std::vector<ConsoleCandidate>& candidates, const QPoint& bottom_left, int width);
  void move_selection(int rows);
  QString selected() const;

 private:
  const Theme& theme_;
};

}  // namespace mainstay::ui
