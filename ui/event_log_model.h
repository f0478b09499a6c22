// The last events, newest at the end; what came before is dropped (the engine and the log on stderr keep more).
// Owned by the event log panel.
// Thread-safety: the user-interface thread.
#pragma once

#include <QAbstractListModel>
#include <deque>
#include <vector>

#include "engine/studio/snapshot.h"

namespace mainstay::ui {

class EventLogModel : public QAbstractListModel {
  Q_OBJECT

 public:
  static constexpr int kMostRows = 2000;

  explicit EventLogModel(QObject* parent = nullptr) : QAbstractListModel(parent) {}

  void add(const std::vector<Event>& events);
  void clear();
  const Event& event(int row) const { return rows_[static_cast<std::size_t>(row)]; }

  bool utc() const { return utc_; }
  void set_utc(bool utc);

  /// "14:03:27", in local time or UTC.
  QString time_text(const Event& event) const;
  /// The row as one line, for the clipboard: date and time, level, subject, message.
  QString line(int row) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  /// The message (DisplayRole), and the whole entry in words (ToolTipRole, AccessibleTextRole).
  QVariant data(const QModelIndex& index, int role) const override;

 private:
  std::deque<Event> rows_;
  bool utc_ = false;
};

}  // namespace mainstay::ui
