// Where a file or playlist is, and the keys that hold it and send it elsewhere: of the layer that is chosen, or of the
// only one of the scene that plays something. Hidden when nothing plays.
// Owned by the mix panel; the theme and the model outlive it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QAction>
#include <QLabel>
#include <QSlider>
#include <QToolButton>
#include <QWidget>
#include <optional>
#include <string>

#include "ui/studio_model.h"
#include "ui/theme.h"

namespace mainstay::ui {

class MediaBar : public QWidget {
  Q_OBJECT

 public:
  struct Actions {
    QAction* restart = nullptr;
    QAction* pause = nullptr;
    QAction* next = nullptr;
  };
  MediaBar(const Theme& theme, StudioModel& model, const Actions& actions, QWidget* parent = nullptr);

  /// `chosen`: the source of the layer that was clicked; empty: none was.
  void show_snapshot(const Snapshot& snapshot, const SceneSnapshot& scene, const std::string& chosen);

  // What the actions do.
  void toggle_pause();
  void restart();
  void next();

  const std::string& source() const { return source_; }
  QString text() const { return time_->text(); }
  QSlider& slider() { return *slider_; }

 private:
  void show_place(const MediaSnapshot& media);
  void seek();

  StudioModel& model_;
  const Actions actions_;
  std::string source_;
  bool paused_ = false;
  QToolButton* next_button_ = nullptr;
  QSlider* slider_;
  QLabel* time_;
};

}  // namespace mainstay::ui
