#include "ui/refused_panel.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QTextBlockFormat>
#include <QTextCursor>
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
  title_ = new ElidedLabel(theme, theme.title, this);
  title_->set_color(theme.amber);
  title_->set_elide(Qt::ElideMiddle);
  advice_ = new WrapLabel(theme.plain, theme.dim, this);
  layout->addWidget(title_);
  layout->addWidget(advice_);

  list_ = new QTextEdit(this);
  list_->setReadOnly(true);
  list_->setFrameShape(QFrame::NoFrame);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setAccessibleName(tr("Errors of the refused show"));
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
  title_->set_text(count == 1 ? tr("%1 was refused: 1 error").arg(name)
                              : tr("%1 was refused: %2 errors").arg(name).arg(count));
  const QString kept =
      still_open.isEmpty() ? tr("Nothing was opened.") : tr("Nothing was changed: “%1” stays open.").arg(still_open);
  advice_->set_text(kept + tr(" Correct the file, then open it again with Ctrl+R."));
  write_list(errors);
}

void RefusedPanel::write_list(const std::vector<show::ShowError>& errors) {
  QTextCharFormat pointer_format;
  pointer_format.setFont(theme_.mono);
  pointer_format.setForeground(theme_.calm);
  QTextCharFormat message_format;
  message_format.setFont(theme_.plain);
  message_format.setForeground(theme_.text);
  QTextBlockFormat first_line;
  first_line.setTopMargin(theme_.gap(0.6));
  QTextBlockFormat second_line;
  second_line.setLeftMargin(theme_.gap(1.2));

  QStringList lines;
  list_->clear();
  QTextCursor cursor(list_->document());
  // As plain text: a show file can hold anything.
  for (std::size_t i = 0; i < errors.size() && i < kMostErrors; ++i) {
    const QString pointer = errors[i].pointer.empty() ? tr("(whole file)") : QString::fromStdString(errors[i].pointer);
    const QString message = QString::fromStdString(errors[i].message);
    i == 0 ? cursor.setBlockFormat(first_line) : cursor.insertBlock(first_line);
    cursor.insertText(pointer, pointer_format);
    cursor.insertBlock(second_line);
    cursor.insertText(message, message_format);
    lines << pointer + QStringLiteral(": ") + message;
  }
  if (errors.size() > kMostErrors) {
    const auto rest = static_cast<qulonglong>(errors.size() - kMostErrors);
    lines << tr("… and %1 more").arg(rest);
    cursor.insertBlock(first_line);
    cursor.insertText(lines.last(), message_format);
  }
  list_->moveCursor(QTextCursor::Start);
  text_ = lines.join(QLatin1Char('\n'));
}

}  // namespace mainstay::ui
