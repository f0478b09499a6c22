// The filters of the chosen layer: each switched on and off by a click, moved, taken off, and new ones added. Their
// numbers are set by command (filter.set). Owned by the mix panel; the model outlives it. Thread-safety: the
// user-interface thread.
#pragma once

#include <QMenu>
#include <QString>
#include <optional>

#include "engine/studio/snapshot.h"
#include "ui/studio_model.h"

namespace mainstay::ui {

class FilterMenu : public QMenu {
  Q_OBJECT

 public:
  explicit FilterMenu(StudioModel& model, QWidget* parent = nullptr);

  /// Null: none is chosen. What is open stays as it is until it closes.
  void show_layer(const QString& scene, const LayerSnapshot* layer);

 private:
  void fill();
  void add_filter_entry(const FilterSnapshot& filter, int position, int count);
  void add_kinds();

  StudioModel& model_;
  QString scene_;
  std::optional<LayerSnapshot> layer_;
  bool outdated_ = false;
};

}  // namespace mainstay::ui
