// The window's part for its lowest place: events, mixer, filters and console, one at a time.
#include <QFileInfo>

#include "ui/main_window.h"

namespace mainstay::ui {

void MainWindow::add_lowest_handlers(WindowHandlers& h) {
  h.mixer = [this] { show_mixer(actions_.mixer->isChecked()); };
  h.reset_loudness = [this] { model_.reset_loudness(); };
  h.strip_filters = [this] { show_strip_filters(actions_.strip_filters->isChecked()); };
  h.add_band = [this] { strip_filters_->add_band(); };
  h.remove_strip_filter = [this] { strip_filters_->remove(); };
  h.listen = [this] { mixer_->monitor().toggle_listening(); };
  h.mute_monitor = [this] { mixer_->monitor().toggle_mute(); };
  h.monitor_devices = [this] { mixer_->monitor().list_devices(); };
  h.filters = [this] { show_filters(actions_.filters->isChecked()); };
  h.add_filter = [this] { filters_->pop_up_kinds(); };
  h.enable_filter = [this] { filters_->toggle(); };
  h.filter = [this](int steps) { filters_->move(steps); };
  h.remove_filter = [this] { filters_->remove(); };
  h.match_sound = [this] { filters_->match_sound(); };
  if (console_port_ == nullptr) return;
  h.console = [this] { show_console(actions_.console->isChecked()); };
  h.interrupt = [this] { console_->interrupt(); };
  h.clear_console = [this] { console_->clear(); };
}

void MainWindow::make_lowest() {
  const WindowActions& a = actions_;
  events_ = new EventLogPanel(theme_, this);
  events_->add_button(a.follow_events);
  events_->add_button(a.utc);
  events_->add_button(a.copy_events);
  mixer_ = new MixerPanel(theme_, model_, {a.listen, a.monitor_devices}, this);
  mixer_->add_button(a.reset_loudness);
  mixer_->add_button(a.strip_filters);
  mixer_->add_button(a.mixer);
  events_->add_button(a.mixer);
  filters_ = new FilterPanel(
      theme_, model_,
      {a.add_filter, a.enable_filter, a.filter_earlier, a.filter_later, a.remove_filter, a.match_sound, a.filters},
      this);
  strip_filters_ = new StripFilterPanel(theme_, model_, {a.add_band, a.remove_strip_filter, a.strip_filters}, this);
  connect(mixer_, &MixerPanel::strip_chosen, strip_filters_, &StripFilterPanel::choose_strip);
  if (console_port_ == nullptr) return;
  console_ = new ConsolePanel(theme_, *console_port_, this);
  console_->add_button(a.interrupt);
  console_->add_button(a.clear_console);
  // At the same place across in both.
  console_->add_button(a.console);
  events_->add_button(a.console);
}

void MainWindow::connect_console() {
  connect(console_, &ConsolePanel::running_changed, actions_.interrupt, &QAction::setEnabled);
  connect(console_, &ConsolePanel::exit_wanted, this, [this] { show_console(false); });
}

/// `which`, or the events again.
void MainWindow::show_lowest(LeftColumn::Lowest which, bool shown) {
  using Lowest = LeftColumn::Lowest;
  if (shown && isFullScreen()) toggle_full_screen();
  const Lowest now = shown ? which : Lowest::events;
  actions_.mixer->setChecked(now == Lowest::mixer);
  actions_.filters->setChecked(now == Lowest::filters);
  actions_.strip_filters->setChecked(now == Lowest::strip_filters);
  if (console_ != nullptr) {
    actions_.console->setChecked(now == Lowest::console);
    actions_.clear_console->setEnabled(now == Lowest::console);
  }
  left_->show_lowest(now);
}

void MainWindow::show_console(bool shown) {
  if (console_ == nullptr) return;
  show_lowest(LeftColumn::Lowest::console, shown);
  shown ? console_->take_focus() : centralWidget()->setFocus();
}

void MainWindow::show_mixer(bool shown) {
  show_lowest(LeftColumn::Lowest::mixer, shown);
}

void MainWindow::show_filters(bool shown) {
  if (shown && mix_->chosen_layer() == nullptr) mix_->choose_top_layer();
  show_lowest(LeftColumn::Lowest::filters, shown);
}

/// Where they come from is where they go back to.
void MainWindow::show_strip_filters(bool shown) {
  shown ? show_lowest(LeftColumn::Lowest::strip_filters, true) : show_mixer(true);
}

void MainWindow::refresh_filters() {
  const QString path = QString::fromStdString(model_.snapshot().show_path);
  const QString folder = path.isEmpty() ? QString() : QFileInfo(path).absolutePath();
  filters_->show_layer(mix_->scene(), mix_->chosen_layer(), folder);
}

}  // namespace mainstay::ui
