#include "ui/legs_panel.h"

#include <QScrollArea>
#include <QVBoxLayout>

namespace mainstay::ui {

namespace {

QString hint_for(const Snapshot& snapshot) {
  if (snapshot.show_name.empty() && snapshot.show_path.empty()) {
    return LegsPanel::tr("No show open. Open one with Ctrl+O, or start with: mainstay SHOW.json");
  }
  if (snapshot.phase == Phase::off) return LegsPanel::tr("The legs connect when the show goes on air: Ctrl+Return.");
  return LegsPanel::tr(
      "This show has no destinations: nothing is pushed.\nAdd one in the console (Ctrl+J):\n"
      "show.set(\"/destinations/platform\", {main: {url: \"rtmp://…\", key: \"…\"}})\n"
      "or in the show file: Ctrl+Shift+R takes it over.");
}

}  // namespace

LegsPanel::LegsPanel(const Theme& theme, StudioModel& model, QWidget* parent)
    : QWidget(parent), theme_(theme), model_(model) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme.gap(0.4));
  layout->addWidget(make_heading(theme, tr("DESTINATIONS"), this));

  auto* scroll = new QScrollArea(this);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setFocusPolicy(Qt::NoFocus);
  list_ = new QWidget(scroll);
  list_layout_ = new QVBoxLayout(list_);
  list_layout_->setContentsMargins(0, 0, 0, 0);
  list_layout_->setSpacing(theme.gap(0.5));
  hint_ = new WrapLabel(theme.plain, theme.dim, list_);
  hint_->set_text(hint_for({}));
  list_layout_->addWidget(hint_);
  list_layout_->addStretch();
  scroll->setWidget(list_);
  layout->addWidget(scroll, 1);
}

void LegsPanel::make_cards(std::size_t count) {
  // Cards are reused: a leg that goes from live to down must not flicker.
  while (cards_.size() > count) {
    delete cards_.back();
    cards_.pop_back();
  }
  while (cards_.size() < count) {
    const int number = static_cast<int>(cards_.size()) + 1;
    auto* card = new LegCard(
        theme_, number,
        [this](const std::string& destination, const std::string& role) { model_.retry_now(destination, role); },
        list_);
    list_layout_->insertWidget(static_cast<int>(cards_.size()) + 1, card);
    cards_.push_back(card);
  }
}

void LegsPanel::show_snapshot(const Snapshot& snapshot) {
  make_cards(snapshot.legs.size());
  for (std::size_t i = 0; i < cards_.size(); ++i) cards_[i]->show_leg(snapshot.legs[i]);
  hint_->setVisible(cards_.empty());
  if (cards_.empty()) hint_->set_text(hint_for(snapshot));
}

}  // namespace mainstay::ui
