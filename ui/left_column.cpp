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
    : QSplitter(Qt::Vertical, parent),
      panels_(panels),
      events_height_(theme.gap(kEvents)),
      tall_height_(theme.gap(kConsole)) {
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
  lowest_->addWidget(panels.mixer);
  lowest_->addWidget(panels.filters);
  lowest_->addWidget(panels.strip_filters);
  if (panels.console != nullptr) lowest_->addWidget(panels.console);
  fit_lowest();

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

QWidget* LeftColumn::panel_of(Lowest which) const {
  switch (which) {
    case Lowest::events:
      return panels_.events;
    case Lowest::mixer:
      return panels_.mixer;
    case Lowest::filters:
      return panels_.filters;
    case Lowest::strip_filters:
      return panels_.strip_filters;
    case Lowest::console:
      return panels_.console;
  }
  return nullptr;
}

/// Faders and sliders need the room.
bool LeftColumn::hides_chain() const {
  const QWidget* const now = lowest_->currentWidget();
  return now == panels_.mixer || now == panels_.filters || now == panels_.strip_filters;
}

void LeftColumn::show_lowest(Lowest which) {
  QWidget* const wanted = panel_of(which);
  if (wanted == nullptr || lowest_->currentWidget() == wanted) return;
  QList<int> heights = sizes();
  (lowest_->currentWidget() == panels_.events ? events_height_ : tall_height_) = heights[2];
  lowest_->setCurrentWidget(wanted);
  panels_.chain->setVisible(!hides_chain());
  fit_lowest();
  const int room = heights[0] + heights[2];
  const int wished = which == Lowest::events ? events_height_ : tall_height_;
  heights[2] = std::min(wished, room - widget(0)->minimumSizeHint().height());
  heights[0] = room - heights[2];
  setSizes(heights);
}

// A panel that is not shown asks for no room: the mixer's faders would take it from the picture.
void LeftColumn::fit_lowest() {
  for (int i = 0; i < lowest_->count(); ++i) {
    QWidget* const panel = lowest_->widget(i);
    const bool shown = panel == lowest_->currentWidget();
    panel->setSizePolicy(QSizePolicy::Preferred, shown ? QSizePolicy::Preferred : QSizePolicy::Ignored);
  }
}

void LeftColumn::show_picture_alone(bool alone) {
  panels_.chain->setVisible(!alone && !hides_chain());
  lowest_->setVisible(!alone);
}

}  // namespace mainstay::ui
