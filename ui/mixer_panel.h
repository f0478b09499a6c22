// The mixer: a strip for each source that can be heard, the program bus with its loudness, and what is heard here.
// Owned by the main window; the theme and the model outlive it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QWidget>
#include <vector>

#include "ui/monitor_panel.h"
#include "ui/strip_view.h"
#include "ui/studio_model.h"
#include "ui/widgets.h"

class QHBoxLayout;
class QToolButton;

namespace mainstay::ui {

class MixerPanel : public QWidget {
  Q_OBJECT

 public:
  MixerPanel(const Theme& theme, StudioModel& model, const MonitorPanel::Actions& monitor, QWidget* parent = nullptr);

  void add_button(QAction* action);
  void show_snapshot(const Snapshot& snapshot);
  const std::vector<StripView*>& strips() const { return strips_; }
  StripView& program() const { return *program_; }
  MonitorPanel& monitor() const { return *monitor_; }
  const Metric& integrated() const { return *integrated_; }
  const Metric& true_peak() const { return *true_peak_; }

 signals:
  /// Somebody took hold of it.
  void strip_chosen(const QString& strip);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* make_loudness();
  void make_strips(std::size_t count);
  void show_program(const BusSnapshot& bus, const MixerSnapshot& mixer);

  const Theme& theme_;
  StudioModel& model_;
  QHBoxLayout* head_;
  QWidget* list_;
  QHBoxLayout* list_layout_;
  WrapLabel* hint_;
  std::vector<StripView*> strips_;
  StripView* program_;
  MonitorPanel* monitor_;
  QWidget* loudness_;
  Metric* momentary_;
  Metric* short_term_;
  Metric* integrated_;
  Metric* range_;
  Metric* true_peak_;
  Metric* limiter_;
};

}  // namespace mainstay::ui
