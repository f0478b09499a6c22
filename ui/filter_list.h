// A layer's filters in the order in which they work: the box at the left switches one, a click chooses it.
// Owned by the filter panel; the theme outlives it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QListWidget>
#include <string>
#include <vector>

#include "engine/studio/snapshot.h"
#include "ui/theme.h"

namespace mainstay::ui {

class FilterList : public QListWidget {
  Q_OBJECT

 public:
  explicit FilterList(const Theme& theme, QWidget* parent = nullptr);

  void show_filters(const std::vector<FilterSnapshot>& filters);
  void choose(const std::string& name);
  /// The one that was clicked last, else the first; null: there is none.
  const FilterSnapshot* current() const;
  /// Its place, 0: the first; -1: none.
  int current_position() const;

 signals:
  void enabled_wanted(const QString& filter, bool enabled);
  void current_changed();

 protected:
  void mousePressEvent(QMouseEvent* event) override;

 private:
  void refresh();

  const Theme& theme_;
  std::vector<FilterSnapshot> filters_;
  std::string current_;
};

}  // namespace mainstay::ui
