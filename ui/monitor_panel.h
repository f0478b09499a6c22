// The sound at this machine: which bus is heard (or who is in solo), through which device, how loud, and how that goes.
// Owned by the mixer panel; the theme and the model outlive it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QComboBox>
#include <QFrame>
#include <QStringList>

#include "ui/strip_view.h"
#include "ui/studio_model.h"
#include "ui/widgets.h"

class QAction;
class QToolButton;

namespace mainstay::ui {

class MonitorPanel : public QFrame {
  Q_OBJECT

 public:
  /// Actions that it shows as buttons: heard or not, and the list of devices anew.
  struct Actions {
    QAction* listen = nullptr;
    QAction* devices = nullptr;
  };
  MonitorPanel(const Theme& theme, StudioModel& model, const Actions& actions, QWidget* parent = nullptr);

  void show_snapshot(const Snapshot& snapshot);
  /// Asks for the devices of this machine; the answer may take seconds.
  void list_devices();

  // What the actions do.
  void toggle_listening();
  void toggle_mute();

  // For tests.
  StripView& strip() { return *strip_; }
  QComboBox& buses() { return *buses_; }
  QComboBox& devices() { return *devices_; }
  QString state() const { return state_->text(); }
  QString heard() const { return heard_->text(); }

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void show_devices();
  void devices_listed(const Json& devices, const QString& failure);

  const Theme& theme_;
  StudioModel& model_;
  const Actions actions_;
  MonitorSnapshot monitor_;
  bool declared_ = false;
  bool listed_ = false;
  QStringList known_;  ///< devices, as they were listed last
  QString default_;    ///< of those, the system's own
  StripView* strip_;
  QComboBox* buses_;
  QComboBox* devices_;
  WrapLabel* state_;
  WrapLabel* heard_;
};

}  // namespace mainstay::ui
