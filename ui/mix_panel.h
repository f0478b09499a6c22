// What a producer works with during a show: scenes, the layers of the one that is made ready, and how it is taken: CUT,
// AUTO, the T-bar, the transition and its length, fade to black.
// Owned by the main window; the theme and the model outlive it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QComboBox>
#include <QFrame>
#include <QLabel>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>
#include <vector>

#include "ui/layer_list.h"
#include "ui/media_bar.h"
#include "ui/scene_list.h"
#include "ui/studio_model.h"

namespace mainstay::ui {

class MixPanel : public QFrame {
  Q_OBJECT

 public:
  /// Actions that it shows as buttons.
  struct Actions {
    QAction* cut = nullptr;
    QAction* take = nullptr;
    QAction* black = nullptr;
    QAction* filters = nullptr;
    QAction* add_layer = nullptr;
    QAction* layer_up = nullptr;
    QAction* layer_down = nullptr;
    MediaBar::Actions media;
  };
  MixPanel(const Theme& theme, StudioModel& model, const Actions& actions, QWidget* parent = nullptr);

  void show_snapshot(const Snapshot& snapshot);
  /// Lower: where the window is small, the pictures need the room.
  void set_compact(bool compact);

  // What the actions do.
  void choose_neighbour(int steps);
  void choose(const QString& scene);
  void move_layer(int steps);
  void pop_up_sources();
  void toggle_layer_visible();
  void toggle_layer_locked();
  MediaBar& media() { return *media_; }

  /// Whose layers are listed.
  std::string scene() const { return layers_->scene().toStdString(); }
  void choose_top_layer();
  /// Null: none is chosen.
  const LayerSnapshot* chosen_layer() const { return layers_->current(); }

  // For tests.
  SceneList& scenes() { return *scenes_; }
  LayerList& layers() { return *layers_; }
  QSlider& bar() { return *bar_; }
  QComboBox& transitions() { return *transitions_; }
  QSpinBox& duration() { return *duration_; }

 signals:
  void layer_chosen();

 private:
  QWidget* make_scenes();
  QWidget* make_layers();
  QWidget* make_controls();
  void connect_controls();
  void show_transition(const Snapshot& snapshot);
  void show_bar(const Snapshot& snapshot);
  void move_bar(int value);
  void enable_layer_actions();

  const Theme& theme_;
  StudioModel& model_;
  const Actions actions_;
  std::vector<QToolButton*> take_buttons_;
  bool studio_mode_ = true;
  QString on_air_;
  SceneList* scenes_;
  LayerList* layers_;
  QLabel* layers_heading_;
  MediaBar* media_;
  QSlider* bar_;
  QComboBox* transitions_;
  QSpinBox* duration_;
  QToolButton* black_button_ = nullptr;
  bool bar_done_ = false;  ///< it was pushed to its end and rests there until the engine has followed
};

}  // namespace mainstay::ui
