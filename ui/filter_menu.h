// The filters of the chosen layer: each switched on and off by a click, moved, taken off, and new ones added. Their
// numbers are set by command (filter.set). Made when it is asked for, gone when it closes; the model outlives it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QMenu>
#include <QString>

#include "engine/studio/snapshot.h"
#include "ui/studio_model.h"

namespace mainstay::ui {

class FilterMenu : public QMenu {
  Q_OBJECT

 public:
  FilterMenu(StudioModel& model, const QString& scene, LayerSnapshot layer, QWidget* parent = nullptr);

 private:
  void add_filter_entry(const FilterSnapshot& filter, int position, int count);
  void add_kinds();

  StudioModel& model_;
  const QString scene_;
  const LayerSnapshot layer_;
};

}  // namespace mainstay::ui
