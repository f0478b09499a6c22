#include "ui/completion_list.h"

#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>

namespace mainstay::ui {

namespace {

constexpr int kMostRows = 8;
constexpr int kHelp = Qt::UserRole;

class CandidateDelegate : public QStyledItemDelegate {
 public:
  CandidateDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), theme_(theme) {}

  void set_text_width(int width) { text_width_ = width; }

  QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
    return {theme_.gap(20), QFontMetrics(theme_.mono).height() + theme_.gap(0.3)};
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    if (option.state & QStyle::State_Selected) painter->fillRect(option.rect, theme_.hover);
    QRect cell = option.rect.adjusted(theme_.gap(0.5), 0, -theme_.gap(0.5), 0);
    painter->setFont(theme_.mono);
    painter->setPen(theme_.text);
    painter->drawText(cell, Qt::AlignVCenter | Qt::TextSingleLine, index.data().toString());
    cell.setLeft(cell.left() + text_width_ + theme_.gap(1));
    painter->setFont(theme_.small);
    painter->setPen(theme_.dim);
    painter->drawText(
        cell, Qt::AlignVCenter | Qt::TextSingleLine,
        QFontMetrics(theme_.small).elidedText(index.data(kHelp).toString(), Qt::ElideRight, std::max(0, cell.width())));
  }

 private:
  const Theme& theme_;
  int text_width_ = 0;
};

}  // namespace

CompletionList::CompletionList(const Theme& theme, QWidget* window) : QListWidget(window), theme_(theme) {
  setObjectName(QStringLiteral("completion"));
  setItemDelegate(new CandidateDelegate(theme, this));
  setFocusPolicy(Qt::NoFocus);
  setUniformItemSizes(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setAccessibleName(tr("Completions"));
  hide();
}

void CompletionList::show_candidates(const std::vector<ConsoleCandidate>& candidates, const QPoint& bottom_left,
                                     int width) {
  clear();
  const QFontMetrics metrics(theme_.mono);
  int widest = 0;
  for (const ConsoleCandidate& candidate : candidates) {
    auto* item = new QListWidgetItem(QString::fromStdString(candidate.text), this);
    item->setData(kHelp, QString::fromStdString(candidate.help));
    item->setToolTip(QString::fromStdString(candidate.help));
    widest = std::max(widest, metrics.horizontalAdvance(item->text()));
  }
  static_cast<CandidateDelegate*>(itemDelegate())->set_text_width(std::min(widest, width / 2));
  setCurrentRow(0);
  const int rows = std::clamp(count(), 1, kMostRows);
  const int height = std::min(rows * sizeHintForRow(0) + 2 * frameWidth() + 2, bottom_left.y());
  setGeometry(bottom_left.x(), bottom_left.y() - height, width, height);
  raise();
  show();
}

void CompletionList::move_selection(int rows) {
  if (count() == 0) return;
  setCurrentRow((currentRow() + rows + count()) % count());
}

QString CompletionList::selected() const {
  return currentItem() == nullptr ? QString() : currentItem()->text();
}

}  // namespace mainstay::ui
