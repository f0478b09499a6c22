#include "ui/event_log_panel.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/actions.h"

namespace mainstay::ui {

namespace {

// Paints a row straight from the model: two thousand rows cost nothing but those in sight.
class EventDelegate : public QStyledItemDelegate {
 public:
  EventDelegate(const Theme& theme, const EventLogModel& model, QObject* parent)
      : QStyledItemDelegate(parent), theme_(theme), model_(model) {}

  QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
    return {theme_.gap(20), QFontMetrics(theme_.plain).height() + theme_.gap(0.25)};
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const Event& event = model_.event(index.row());
    const QFontMetrics metrics(theme_.plain);
    const bool trouble = event.level == LogLevel::warning || event.level == LogLevel::error;
    if (option.state & QStyle::State_Selected) painter->fillRect(option.rect, theme_.hover);
    painter->setFont(theme_.plain);
    QRect cell = option.rect.adjusted(theme_.gap(0.2), 0, 0, 0);
    const auto column = [&](int width, const QColor& color, const QString& text) {
      cell.setWidth(width);
      painter->setPen(color);
      painter->drawText(cell, Qt::AlignVCenter | Qt::TextSingleLine,
                        metrics.elidedText(text, Qt::ElideRight, width - theme_.gap(0.5)));
      cell.moveLeft(cell.left() + width);
    };
    column(metrics.horizontalAdvance(QStringLiteral("00:00:00")) + theme_.gap(0.9), theme_.faint,
           model_.time_text(event));
    // An error is a filled mark, a warning a hollow one: told apart without a second alarm colour.
    draw_mark(painter, QRect(cell.topLeft(), QSize(theme_.gap(0.6), cell.height())), event.level);
    cell.moveLeft(cell.left() + theme_.gap(1.1));
    column(theme_.gap(11), theme_.dim, QString::fromStdString(event.subject));
    QFont font = theme_.plain;
    font.setBold(event.level == LogLevel::error);
    painter->setFont(font);
    const QColor plain = event.level == LogLevel::debug ? theme_.faint : theme_.text;
    const int rest = std::max(0, option.rect.right() - cell.left());
    cell.setWidth(rest);
    painter->setPen(trouble ? theme_.amber : plain);
    painter->drawText(cell, Qt::AlignVCenter | Qt::TextSingleLine,
                      QFontMetrics(font).elidedText(QString::fromStdString(event.message), Qt::ElideRight, rest));
  }

 private:
  void draw_mark(QPainter* painter, const QRect& place, LogLevel level) const {
    if (level != LogLevel::warning && level != LogLevel::error) return;
    const int size = theme_.gap(0.55);
    const QRect box(place.left(), place.top() + (place.height() - size) / 2, size, size);
    painter->setPen(theme_.amber);
    painter->setBrush(level == LogLevel::error ? QBrush(theme_.amber) : Qt::NoBrush);
    painter->drawRect(box);
  }

  const Theme& theme_;
  const EventLogModel& model_;
};

}  // namespace

EventLogPanel::EventLogPanel(const Theme& theme, QWidget* parent) : QFrame(parent), theme_(theme) {
  setObjectName(QStringLiteral("panel"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(theme.gap(0.8), theme.gap(0.4), theme.gap(0.4), theme.gap(0.4));
  layout->setSpacing(theme.gap(0.2));
  heading_ = new QWidget(this);
  auto* heading = new QHBoxLayout(heading_);
  heading->setContentsMargins(0, 0, 0, 0);
  heading->setSpacing(theme.gap(0.4));
  title_ = make_heading(theme, tr("EVENTS"), heading_);
  hint_ = make_label(theme.small, tr("Nothing has happened yet"), heading_);
  hint_->setObjectName(QStringLiteral("dim"));
  heading->addWidget(title_);
  heading->addWidget(hint_);
  heading->addStretch();
  layout->addWidget(heading_);

  view_ = new QListView(this);
  view_->setModel(&model_);
  view_->setItemDelegate(new EventDelegate(theme, model_, view_));
  view_->setUniformItemSizes(true);
  view_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  view_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  view_->setAccessibleName(tr("Events"));
  view_->setMinimumHeight(QFontMetrics(theme.plain).height() * 3);
  layout->addWidget(view_, 1);
  connect(view_->verticalScrollBar(), &QScrollBar::valueChanged, this,
          [this](int value) { following_ = value >= view_->verticalScrollBar()->maximum(); });
  connect(view_->verticalScrollBar(), &QScrollBar::rangeChanged, this, [this] {
    if (following_) view_->scrollToBottom();
  });
}

void EventLogPanel::add(const std::vector<Event>& events) {
  const bool follows = following_;
  model_.add(events);
  hint_->setVisible(model_.rowCount() == 0);
  if (follows) follow();
}

void EventLogPanel::follow() {
  following_ = true;
  view_->scrollToBottom();
}

void EventLogPanel::set_utc(bool utc) {
  model_.set_utc(utc);
}

void EventLogPanel::copy() const {
  QModelIndexList rows = view_->selectionModel()->selectedRows();
  std::sort(rows.begin(), rows.end());
  QStringList lines;
  for (const QModelIndex& row : rows) lines << model_.line(row.row());
  if (rows.isEmpty()) {
    for (int row = 0; row < model_.rowCount(); ++row) lines << model_.line(row);
  }
  QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void EventLogPanel::add_button(QAction* action, const QStringList& other_texts) {
  QToolButton* button = make_button(action, heading_, other_texts);
  button->setObjectName(QStringLiteral("small"));
  button->setFont(theme_.small);
  static_cast<QHBoxLayout*>(heading_->layout())->addWidget(button);
}

}  // namespace mainstay::ui
