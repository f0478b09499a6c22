// What happened, newest at the bottom. Follows by itself unless somebody has scrolled up to read.
// Owned by the main window; the theme outlives it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QFrame>
#include <QListView>

#include "ui/event_log_model.h"
#include "ui/widgets.h"

class QAction;

namespace mainstay::ui {

class EventLogPanel : public QFrame {
  Q_OBJECT

 public:
  explicit EventLogPanel(const Theme& theme, QWidget* parent = nullptr);

  void add(const std::vector<Event>& events);
  void set_utc(bool utc);
  /// The selected lines, or all, to the clipboard.
  void copy() const;
  void follow();
  /// Buttons for the panel's heading.
  void add_button(QAction* action, const QStringList& other_texts = {});

  EventLogModel& model() { return model_; }
  bool following() const { return following_; }
  QListView& view() { return *view_; }

 private:
  const Theme& theme_;
  EventLogModel model_;
  QWidget* heading_;
  QLabel* title_;
  QLabel* hint_;
  QListView* view_;
  bool following_ = true;
};

}  // namespace mainstay::ui
