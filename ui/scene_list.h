// The show's scenes: what is on air is red, what stands in preview is green, a click chooses.
// Owned by the mix panel; the theme outlives it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QListWidget>

#include "engine/studio/snapshot.h"
#include "ui/theme.h"

namespace mainstay::ui {

class SceneList : public QListWidget {
  Q_OBJECT

 public:
  explicit SceneList(const Theme& theme, QWidget* parent = nullptr);

  void show_snapshot(const Snapshot& snapshot);
  /// The scene `steps` further than the one in preview (or, without studio mode, on air); empty: none.
  QString neighbour(int steps) const;

 signals:
  void chosen(const QString& scene);

 private:
  const Theme& theme_;
  std::vector<std::string> scenes_;
  QString current_;
};

}  // namespace mainstay::ui
