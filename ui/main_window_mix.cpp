// The window's part for scenes: preview beside program, and what mixes them.
#include <QHBoxLayout>

#include "ui/main_window.h"

namespace mainstay::ui {

void MainWindow::add_mix_handlers(WindowHandlers& h) {
  h.cut = [this] { model_.cut(); };
  h.take = [this] { model_.take(); };
  h.black = [this] { model_.fade_to_black(); };
  h.scene = [this](int steps) { mix_->choose_neighbour(steps); };
  h.layer = [this](int steps) { mix_->move_layer(steps); };
  h.add_layer = [this] { mix_->pop_up_sources(); };
  h.multiview = [this] { show_multiview(actions_.multiview->isChecked()); };
  h.layer_visible = [this] { mix_->toggle_layer_visible(); };
  h.layer_locked = [this] { mix_->toggle_layer_locked(); };
  h.media_pause = [this] { mix_->media().toggle_pause(); };
  h.media_restart = [this] { mix_->media().restart(); };
  h.media_next = [this] { mix_->media().next(); };
  h.studio_mode = [this] { model_.set_studio_mode(actions_.studio_mode->isChecked()); };
}

QWidget* MainWindow::make_pictures(const StudioPort& port) {
  auto* pictures = new QWidget(this);
  auto* layout = new QHBoxLayout(pictures);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme_.gap(0.5));
  preview_ = new PictureView(theme_, port, clock_, Bus::preview, pictures);
  picture_ = new PictureView(theme_, port, clock_, Bus::program, pictures);
  layout->addWidget(preview_, 1);
  layout->addWidget(picture_, 1);
  preview_->hide();
  multiview_ = new MultiviewWindow(theme_, port, clock_, this);
  connect(multiview_, &MultiviewWindow::closed, this, [this] { actions_.multiview->setChecked(false); });
  return pictures;
}

void MainWindow::show_multiview(bool shown) {
  actions_.multiview->setChecked(shown);
  multiview_->setVisible(shown);
}

MixPanel* MainWindow::make_mix() {
  const WindowActions& a = actions_;
  const MediaBar::Actions media{a.media_restart, a.media_pause, a.media_next};
  auto* mix = new MixPanel(theme_, model_,
                           {a.cut, a.take, a.black, a.filters, a.add_layer, a.layer_up, a.layer_down, media}, this);
  connect(mix, &MixPanel::layer_chosen, this, &MainWindow::refresh_filters);
  return mix;
}

/// A show without scenes has nothing to mix: the program alone then.
void MainWindow::refresh_mix(const Snapshot& snapshot) {
  const bool scenes = !snapshot.scenes.empty() && !isFullScreen();
  preview_->setVisible(scenes && snapshot.program.studio_mode);
  mix_->setVisible(scenes);
  preview_->show_snapshot(snapshot);
  multiview_->show_snapshot(snapshot);
  mix_->show_snapshot(snapshot);
  refresh_filters();
}

}  // namespace mainstay::ui
