// All legs of all destinations, one card each.
// Owned by the main window; the theme and the model outlive it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QWidget>
#include <vector>

#include "ui/leg_card.h"
#include "ui/studio_model.h"

class QVBoxLayout;

namespace mainstay::ui {

class LegsPanel : public QWidget {
  Q_OBJECT

 public:
  LegsPanel(const Theme& theme, StudioModel& model, QWidget* parent = nullptr);

  void show_snapshot(const Snapshot& snapshot);
  const std::vector<LegCard*>& cards() const { return cards_; }
  QString hint() const { return hint_->text(); }

 private:
  void make_cards(std::size_t count);

  const Theme& theme_;
  StudioModel& model_;
  QWidget* list_;
  QVBoxLayout* list_layout_;
  WrapLabel* hint_;
  std::vector<LegCard*> cards_;
};

}  // namespace mainstay::ui
