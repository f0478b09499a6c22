// A scene's layers, the topmost first: the eye shows and hides one, the lock keeps it where it is, dragging is left to
// the keys and buttons that move it up and down.
// Owned by the mix panel; the theme outlives it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QListWidget>

#include "engine/studio/snapshot.h"
#include "ui/theme.h"

namespace mainstay::ui {

class LayerList : public QListWidget {
  Q_OBJECT

 public:
  explicit LayerList(const Theme& theme, QWidget* parent = nullptr);

  void show_scene(const SceneSnapshot& scene);
  QString scene() const { return QString::fromStdString(scene_.name); }
  void choose(const QString& layer);
  /// The one that was clicked last; null: none.
  const LayerSnapshot* current() const;
  /// Its place, 0: the bottom; -1: none.
  int current_position() const;

 signals:
  void visible_wanted(const QString& layer, bool visible);
  void locked_wanted(const QString& layer, bool locked);
  void current_changed();

 protected:
  void mousePressEvent(QMouseEvent* event) override;

 private:
  void refresh();

  const Theme& theme_;
  SceneSnapshot scene_;
  std::string current_;
};

}  // namespace mainstay::ui
