// The filters of the chosen layer: their list, and the keys of the one that is chosen in it, each to be taken hold of.
// What is done here is seen at once, and each drag is one step of undo.
// Owned by the main window; the theme and the model outlive it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QLabel>
#include <QWidget>
#include <string>

#include "engine/studio/snapshot.h"
#include "ui/field_form.h"
#include "ui/filter_list.h"
#include "ui/studio_model.h"
#include "ui/widgets.h"

class QAction;
class QHBoxLayout;
class QScrollArea;

namespace mainstay::ui {

class FilterPanel : public QWidget {
  Q_OBJECT

 public:
  /// Actions that it shows as buttons and enables; `view` puts it away.
  struct Actions {
    QAction* add = nullptr;
    QAction* enable = nullptr;
    QAction* earlier = nullptr;
    QAction* later = nullptr;
    QAction* remove = nullptr;
    QAction* match_sound = nullptr;
    QAction* view = nullptr;
  };
  FilterPanel(const Theme& theme, StudioModel& model, const Actions& actions, QWidget* parent = nullptr);

  /// `layer` null: none is chosen. `folder`: of the show.
  void show_layer(const std::string& scene, const LayerSnapshot* layer, const QString& folder);

  // What the actions do.
  void pop_up_kinds();
  void toggle();
  void move(int steps);
  void remove();
  void match_sound();

  // For tests and screenshots.
  FilterList& list() { return *list_; }
  FieldForm* form() const { return form_; }
  QString hint() const { return hint_->text(); }
  /// What is said of sound and picture; empty: they are together.
  QString apart() const { return apart_bar_->isHidden() ? QString() : apart_->text(); }

 private:
  QWidget* make_list();
  void show_form();
  void make_form(const FilterSnapshot& filter);
  void show_apart();
  const StripSnapshot* strip() const;
  void enable_actions();

  const Theme& theme_;
  StudioModel& model_;
  const Actions actions_;
  std::string scene_;
  LayerSnapshot layer_;
  bool has_layer_ = false;
  QString folder_;
  QLabel* heading_;
  ElidedLabel* of_;
  FilterList* list_;
  QScrollArea* scroll_;
  WrapLabel* hint_;
  ElidedLabel* trouble_;
  QWidget* apart_bar_;
  ElidedLabel* apart_;
  FieldForm* form_ = nullptr;
  std::string form_of_;  ///< scene, layer, filter and kind whose keys the form shows
};

}  // namespace mainstay::ui
