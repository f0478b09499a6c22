#include "ui/left_column.h"

#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace mainstay::ui {

namespace {

// In units of the theme.
constexpr double kPicture = 35;
constexpr double kChain = 7;
constexpr double kEvents = 9;
constexpr double kConsole = 21;

}  // namespace

LeftColumn::LeftColumn(const Theme& theme, const Panels& panels, QWidget* parent)
    : QSplitter(Qt::Vertical, parent), panels_(panels), other_height_(theme.gap(kConsole)) {
  // A notice takes its room from the picture alone: nothing that can be clicked moves.
  auto* upper = new QWidget(this);
  auto* layout = new QVBoxLayout(upper);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme.gap(0.5));
  layout->addWidget(panels.stage, 1);
  layout->addWidget(panels.mix);
  layout->addWidget(panels.notice);
  lowest_ = new QStackedWidget(this);
  lowest_->addWidget(panels.events);
  if (panels.console != nullptr) lowest_->addWidget(panels.console);

  setChildrenCollapsible(false);
  setHandleWidth(theme.gap(0.5));
  addWidget(upper);
  addWidget(panels.chain);
  addWidget(lowest_);
  setStretchFactor(0, 1);
  setStretchFactor(1, 0);
  setStretchFactor(2, 0);
  setSizes({theme.gap(kPicture), theme.gap(kChain), theme.gap(kEvents)});
}

void LeftColumn::show_console(bool shown) {
  QWidget* const wanted = shown ? panels_.console : panels_.events;
  if (lowest_->currentWidget() == wanted) return;
  QList<int> heights = sizes();
  lowest_->setCurrentWidget(wanted);
  const int room = heights[0] + heights[2];
  const int height = std::min(other_height_, room - widget(0)->minimumSizeHint().height());
  other_height_ = std::exchange(heights[2], height);
  heights[0] = room - height;
  setSizes(heights);
}

void LeftColumn::show_picture_alone(bool alone) {
  panels_.chain->setVisible(!alone);
  lowest_->setVisible(!alone);
}

}  // namespace mainstay::ui
