#include "ui/filter_list.h"

#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>

#include "ui/filter_menu.h"

namespace mainstay::ui {

namespace {

constexpr int kEnabledRole = Qt::UserRole;
constexpr int kCurrentRole = Qt::UserRole + 1;
constexpr int kKindRole = Qt::UserRole + 2;
constexpr int kStateRole = Qt::UserRole + 3;

/// The square at the row's left that switches it.
QRect switch_box(const QRect& row) {
  return {row.left(), row.top(), row.height(), row.height()};
}

class FilterDelegate : public QStyledItemDelegate {
 public:
  FilterDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), theme_(theme) {}

  QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
    return {theme_.gap(8), theme_.gap(1.9)};
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const QRect row = option.rect.adjusted(0, 1, 0, -1);
    const bool enabled = index.data(kEnabledRole).toBool();
    const bool lit = index.data(kCurrentRole).toBool() || option.state & QStyle::State_MouseOver;
    painter->fillRect(row, lit ? theme_.hover : theme_.raised);
    if (index.data(kCurrentRole).toBool())
      painter->fillRect(QRect(row.left(), row.top(), 2, row.height()), theme_.focus);
    draw_switch(*painter, switch_box(row), enabled);
    QRect text = row.adjusted(row.height() + theme_.gap(0.2), 0, -theme_.gap(0.4), 0);
    const QString state = index.data(kStateRole).toString();
    painter->setFont(theme_.small);
    if (!state.isEmpty()) {
      painter->setPen(theme_.amber);
      painter->drawText(text, Qt::AlignVCenter | Qt::AlignRight, state);
      text.setRight(text.right() - QFontMetrics(theme_.small).horizontalAdvance(state) - theme_.gap(0.5));
    }
    painter->setFont(theme_.strong);
    painter->setPen(enabled ? theme_.text : theme_.faint);
    const QFontMetrics metrics(theme_.strong);
    const QString name = metrics.elidedText(index.data().toString(), Qt::ElideRight, text.width());
    painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft, name);
    text.adjust(metrics.horizontalAdvance(name) + theme_.gap(0.6), 0, 0, 0);
    painter->setFont(theme_.small);
    painter->setPen(theme_.dim);
    painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                      QFontMetrics(theme_.small)
                          .elidedText(index.data(kKindRole).toString(), Qt::ElideRight, std::max(0, text.width())));
  }

 private:
  void draw_switch(QPainter& painter, const QRect& box, bool on) const {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double size = theme_.gap(0.75);
    const QRectF mark(box.center().x() - size / 2 + 0.5, box.center().y() - size / 2 + 0.5, size, size);
    painter.setPen(QPen(on ? theme_.calm : theme_.faint, 1.4));
    painter.setBrush(on ? QBrush(theme_.calm) : QBrush(Qt::NoBrush));
    painter.drawEllipse(mark);
    painter.restore();
  }

  const Theme& theme_;
};

}  // namespace

FilterList::FilterList(const Theme& theme, QWidget* parent) : QListWidget(parent), theme_(theme) {
  setItemDelegate(new FilterDelegate(theme, this));
  setSelectionMode(QAbstractItemView::NoSelection);
  setFocusPolicy(Qt::NoFocus);
  setMouseTracking(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setAccessibleName(tr("Filters"));
}

void FilterList::show_filters(const std::vector<FilterSnapshot>& filters) {
  if (filters == filters_) return;
  filters_ = filters;
  while (count() > static_cast<int>(filters_.size())) delete takeItem(count() - 1);
  while (count() < static_cast<int>(filters_.size())) new QListWidgetItem(this);
  refresh();
}

void FilterList::refresh() {
  const int chosen = current_position();
  for (int row = 0; row < count(); ++row) {
    const FilterSnapshot& filter = filters_[static_cast<std::size_t>(row)];
    QListWidgetItem* const at = item(row);
    at->setText(QString::fromStdString(filter.name));
    at->setData(kEnabledRole, filter.enabled);
    at->setData(kCurrentRole, row == chosen);
    at->setData(kKindRole, filter.name == filter.kind ? QString() : in_words(filter.kind));
    at->setData(kStateRole, filter.state == "live" ? QString() : QString::fromStdString(filter.state));
    at->setToolTip(filter.detail.empty() ? tr("The dot: on or off") : QString::fromStdString(filter.detail));
  }
}

void FilterList::choose(const std::string& name) {
  current_ = name;
  refresh();
  emit current_changed();
}

const FilterSnapshot* FilterList::current() const {
  if (filters_.empty()) return nullptr;
  const auto found =
      std::find_if(filters_.begin(), filters_.end(), [&](const FilterSnapshot& one) { return one.name == current_; });
  return found == filters_.end() ? filters_.data() : &*found;
}

int FilterList::current_position() const {
  const FilterSnapshot* const filter = current();
  return filter == nullptr ? -1 : static_cast<int>(filter - filters_.data());
}

void FilterList::mousePressEvent(QMouseEvent* event) {
  const QModelIndex index = indexAt(event->pos());
  if (!index.isValid() || event->button() != Qt::LeftButton) return;
  const QRect row = visualRect(index).adjusted(0, 1, 0, -1);
  if (switch_box(row).contains(event->pos())) {
    emit enabled_wanted(index.data().toString(), !index.data(kEnabledRole).toBool());
  } else {
    choose(index.data().toString().toStdString());
  }
}

}  // namespace mainstay::ui
