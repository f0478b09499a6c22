#include "ui/event_log_model.h"

#include <QDateTime>
#include <algorithm>

namespace mainstay::ui {

namespace {

QDateTime to_date_time(const Event& event, bool utc) {
  const auto ms = std::chrono::floor<Millis>(event.at.time_since_epoch()).count();
  return utc ? QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC) : QDateTime::fromMSecsSinceEpoch(ms, Qt::LocalTime);
}

}  // namespace

void EventLogModel::add(const std::vector<Event>& events) {
  if (events.empty()) return;
  const auto skip = std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(events.size()) - kMostRows);
  const int fresh = static_cast<int>(static_cast<std::ptrdiff_t>(events.size()) - skip);
  const int surplus = static_cast<int>(rows_.size()) + fresh - kMostRows;
  if (surplus > 0) {
    beginRemoveRows({}, 0, surplus - 1);
    rows_.erase(rows_.begin(), rows_.begin() + surplus);
    endRemoveRows();
  }
  const int first = static_cast<int>(rows_.size());
  beginInsertRows({}, first, first + fresh - 1);
  rows_.insert(rows_.end(), events.begin() + skip, events.end());
  endInsertRows();
}

void EventLogModel::clear() {
  beginResetModel();
  rows_.clear();
  endResetModel();
}

void EventLogModel::set_utc(bool utc) {
  if (utc == utc_) return;
  utc_ = utc;
  if (!rows_.empty()) emit dataChanged(index(0), index(rowCount() - 1));
}

QString EventLogModel::time_text(const Event& event) const {
  return to_date_time(event, utc_).toString(QStringLiteral("HH:mm:ss"));
}

QString EventLogModel::line(int row) const {
  const Event& entry = event(row);
  const QString time = to_date_time(entry, utc_).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
  return QStringLiteral("%1%2 %3 %4: %5")
      .arg(time, QLatin1String(utc_ ? "Z" : ""), QLatin1String(mainstay::to_string(entry.level)),
           QString::fromStdString(entry.subject), QString::fromStdString(entry.message));
}

int EventLogModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant EventLogModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  if (role == Qt::DisplayRole) return QString::fromStdString(event(index.row()).message);
  if (role == Qt::ToolTipRole || role == Qt::AccessibleTextRole) return line(index.row());
  return {};
}

}  // namespace mainstay::ui
