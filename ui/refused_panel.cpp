#include "ui/refused_panel.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/actions.h"

namespace mainstay::ui {

namespace {

constexpr std::size_t kMostErrors = 500;

}  // namespace

RefusedPanel::RefusedPanel(const Theme& theme, const QList<QAction*>& actions, QWidget* parent)
    : QFrame(parent), theme_(theme) {
  setObjectName(QStringLiteral("panel"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(theme.gap(1.2), theme.gap(1), theme.gap(1.2), theme.gap(1));
  layout->setSpacing(theme.gap(0.6));
  title_ = make_label(theme.title, {}, this);
  title_->setWordWrap(true);
  set_tone(*title_, Tone::warning);
  advice_ = make_label(theme.plain, {}, this);
  advice_->setObjectName(QStringLiteral("dim"));
  advice_->setWordWrap(true);
  layout->addWidget(title_);
  layout->addWidget(advice_);

  list_ = new QTreeWidget(this);
  list_->setColumnCount(2);
  list_->setHeaderHidden(true);
  list_->setRootIsDecorated(false);
  list_->setWordWrap(true);
  list_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  list_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  list_->setFrameShape(QFrame::NoFrame);
  list_->setAccessibleName(tr("Errors of the refused show"));
  list_->header()->setStretchLastSection(true);
  list_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
  layout->addWidget(list_, 1);

  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(theme.gap(0.5));
  for (QAction* action : actions) buttons->addWidget(make_button(action, this));
  buttons->addStretch();
  layout->addLayout(buttons);
}

void RefusedPanel::show_errors(const QString& path, const std::vector<show::ShowError>& errors,
                               const QString& still_open) {
  const int count = static_cast<int>(errors.size());
  const QString name = QFileInfo(path).fileName();
  title_->setText(count == 1 ? tr("%1 was refused: 1 error").arg(name)
                             : tr("%1 was refused: %2 errors").arg(name).arg(count));
  const QString kept =
      still_open.isEmpty() ? tr("Nothing was opened.") : tr("Nothing was changed: “%1” stays open.").arg(still_open);
  advice_->setText(kept + tr(" Correct the file, then open it again with Ctrl+R."));
  list_->clear();
  for (std::size_t i = 0; i < errors.size() && i < kMostErrors; ++i) {
    const QString pointer = QString::fromStdString(errors[i].pointer);
    const QString message = QString::fromStdString(errors[i].message);
    auto* item = new QTreeWidgetItem(list_, {pointer.isEmpty() ? tr("(whole file)") : pointer, message});
    item->setFont(0, theme_.mono);
    item->setForeground(0, theme_.calm);
    item->setTextAlignment(0, Qt::AlignLeft | Qt::AlignTop);
    item->setToolTip(1, message);
  }
}

QString RefusedPanel::text() const {
  QStringList lines;
  for (int i = 0; i < list_->topLevelItemCount(); ++i) {
    const QTreeWidgetItem* item = list_->topLevelItem(i);
    lines << item->text(0) + QStringLiteral(": ") + item->text(1);
  }
  return lines.join(QLatin1Char('\n'));
}

}  // namespace mainstay::ui
