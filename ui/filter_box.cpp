#include "ui/filter_box.h"

namespace mainstay::ui {

FilterBox make_filter_box(const Theme& theme, QWidget* parent) {
  FilterBox box;
  box.panel = make_panel(parent);
  box.layout = new QVBoxLayout(box.panel);
  box.layout->setContentsMargins(theme.gap(0.7), theme.gap(0.5), theme.gap(0.3), theme.gap(0.5));
  box.layout->setSpacing(theme.gap(0.4));
  box.hint = new WrapLabel(theme.plain, theme.dim, box.panel);
  box.layout->addWidget(box.hint);
  box.scroll = new QScrollArea(box.panel);
  box.scroll->setWidgetResizable(true);
  box.scroll->setFrameShape(QFrame::NoFrame);
  box.scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  box.scroll->setFocusPolicy(Qt::NoFocus);
  box.layout->addWidget(box.scroll, 1);
  box.layout->addStretch();  // without a form, what is said stands at the top
  return box;
}

}  // namespace mainstay::ui
