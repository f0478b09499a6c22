#include "ui/notice_bar.h"

#include <QHBoxLayout>
#include <QToolButton>

#include "ui/actions.h"

namespace mainstay::ui {

NoticeBar::NoticeBar(const Theme& theme, QWidget* parent) : QFrame(parent) {
  setObjectName(QStringLiteral("notice"));
  setStyleSheet(QStringLiteral("QFrame#notice { background: %1; border: 1px solid %2; border-radius: %3px; }")
                    .arg(theme.panel.name(), theme.amber.name())
                    .arg(theme.gap(0.3)));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(theme.gap(0.9), theme.gap(0.4), theme.gap(0.4), theme.gap(0.4));
  layout->setSpacing(theme.gap(0.6));
  text_ = new WrapLabel(theme.strong, theme.amber, this);
  layout->addWidget(text_, 1);
  buttons_ = new QHBoxLayout;
  buttons_->setSpacing(theme.gap(0.4));
  layout->addLayout(buttons_);
  hide();
}

void NoticeBar::show_notice(const QString& text, const QList<QAction*>& actions) {
  text_->set_text(text);
  while (QLayoutItem* item = buttons_->takeAt(0)) {
    item->widget()->deleteLater();
    item->widget()->hide();
    delete item;
  }
  for (QAction* action : actions) buttons_->addWidget(make_button(action, this));
  show();
}

void NoticeBar::hide_notice() {
  hide();
}

}  // namespace mainstay::ui
