#include "ui/main_window.h"

#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDateTime>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMenu>
#include <QMimeData>
#include <QStackedWidget>
#include <QStyle>
#include <QVBoxLayout>
#include <algorithm>

namespace mainstay::ui {

namespace {

// The right column takes this much of the width, between these bounds in units. At 1280×720 and 1920×1080 it leaves the
// picture a box of nearly its own shape.
constexpr double kRightShare = 0.366;
constexpr double kRightLeast = 31;
constexpr double kRightMost = 40;
// A window that is lower or narrower has little room for anything.
constexpr double kLow = 48;
constexpr double kNarrow = 80;

QString dropped_file(const QMimeData& data) {
  return data.urls().size() == 1 ? data.urls().first().toLocalFile() : QString();
}

}  // namespace

MainWindow::MainWindow(const Theme& theme, StudioModel& model, const StudioPort& port, Clock& clock,
                       Confirm::Times confirm_times, ConsolePort* console)
    : theme_(theme),
      model_(model),
      clock_(clock),
      stop_confirm_(confirm_times),
      quit_(model),
      macros_(this, [this](const std::string& name) { model_.run_macro(name); }),
      console_port_(console) {
  actions_ = WindowActions::make(this, handlers());
  setWindowTitle(tr("Mainstay"));
  setAcceptDrops(true);
  auto* body = new QWidget(this);
  auto* layout = new QVBoxLayout(body);
  layout->setContentsMargins(theme.gap(0.6), theme.gap(0.6), theme.gap(0.6), theme.gap(0.6));
  layout->setSpacing(theme.gap(0.5));
  header_ = make_header();
  pictures_ = make_pictures(port);
  auto* columns = new QHBoxLayout;
  columns->setSpacing(theme.gap(0.6));
  columns->addWidget(make_left(), 1);
  right_ = make_right();
  columns->addWidget(right_);
  layout->addWidget(header_);
  layout->addLayout(columns, 1);
  setCentralWidget(body);
  // No button has the focus to begin with: the space bar must do nothing.
  body->setFocusPolicy(Qt::ClickFocus);
  body->setFocus();
  resize(1280, 720);
  connect_model();
  if (console_ != nullptr) connect_console();
  refresh();
}

WindowHandlers MainWindow::handlers() {
  WindowHandlers h;
  h.open = [this] { ask_for_show(); };
  h.reload = [this] { last_path_.isEmpty() ? ask_for_show() : open_show(last_path_); };
  h.save = [this] { model_.save(); };
  h.undo = [this] { model_.undo(); };
  h.redo = [this] { model_.redo(); };
  h.take_over = [this] {
    note_file_change({});
    model_.take_over();
  };
  h.start = [this] { model_.start(); };
  h.stop = [this] { stop_confirm_.press(); };
  h.retry_all = [this] { model_.retry_all(); };
  h.take_main = [this] { model_.take_main_all(); };
  add_mix_handlers(h);
  h.full_screen = [this] { toggle_full_screen(); };
  h.utc = [this] {
    events_->set_utc(actions_.utc->isChecked());
    refresh_clock();
  };
  h.copy_events = [this] { events_->copy(); };
  h.follow_events = [this] { events_->follow(); };
  add_lowest_handlers(h);
  h.copy_address = [this] { QApplication::clipboard()->setText(on_air_->audience().address()); };
  h.copy_errors = [this] { QApplication::clipboard()->setText(refused_->text()); };
  h.dismiss = [this] { dismiss(); };
  h.menu = [this] { pop_up_menu(); };
  h.quit = [this] { quit_.request(); };
  h.end_and_quit = [this] { quit_.end_and_quit(); };
  return h;
}

QWidget* MainWindow::make_header() {
  auto* header = new QWidget(this);
  auto* layout = new QHBoxLayout(header);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme_.gap(0.5));
  QToolButton* start = make_button(actions_.start, header);
  start->setObjectName(QStringLiteral("primary"));
  stop_button_ = make_button(actions_.stop, header, {tr("Press again to end")});
  menu_button_ = make_button(actions_.menu, header);
  layout->addWidget(make_button(actions_.open, header));
  layout->addSpacing(theme_.gap(1));
  layout->addWidget(start);
  layout->addWidget(stop_button_);
  layout->addSpacing(theme_.gap(1));
  layout->addWidget(make_button(actions_.retry_all, header));
  layout->addWidget(make_button(actions_.full_screen, header));
  layout->addStretch();
  wall_clock_ = make_label(theme_.title, {}, header);
  wall_clock_->setToolTip(tr("Time of day"));
  wall_clock_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  wall_clock_->setFixedWidth(QFontMetrics(theme_.title).horizontalAdvance(QStringLiteral("00:00:00 UTC")) + 4);
  layout->addWidget(wall_clock_);
  layout->addSpacing(theme_.gap(0.5));
  layout->addWidget(menu_button_);
  return header;
}

QWidget* MainWindow::make_left() {
  stage_ = new QStackedWidget(this);
  refused_ = new RefusedPanel(theme_, {actions_.reload, actions_.copy_errors, actions_.dismiss}, stage_);
  stage_->addWidget(pictures_);
  stage_->addWidget(refused_);
  notice_ = new NoticeBar(theme_, this);
  chain_ = new ChainPanel(theme_, this);
  make_lowest();
  mix_ = make_mix();
  mix_->hide();
  left_ = new LeftColumn(theme_, {stage_, mix_, notice_, chain_, events_, mixer_, filters_, strip_filters_, console_},
                         this);
  return left_;
}

QWidget* MainWindow::make_right() {
  auto* right = new QWidget(this);
  auto* layout = new QVBoxLayout(right);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(theme_.gap(0.6));
  on_air_ = new OnAirPanel(theme_, actions_.copy_address, right);
  legs_ = new LegsPanel(theme_, model_, right);
  layout->addWidget(on_air_);
  layout->addWidget(legs_, 1);
  return right;
}

void MainWindow::connect_model() {
  connect(&model_, &StudioModel::updated, this, &MainWindow::refresh);
  connect(&model_, &StudioModel::events_added, this, &MainWindow::take_events);
  connect(&model_, &StudioModel::show_refused, this, &MainWindow::show_refused);
  connect(&model_, &StudioModel::show_opened, this, [this] {
    problem_.clear();
    stage_->setCurrentWidget(pictures_);
    refresh_notice();
  });
  connect(&model_, &StudioModel::command_failed, this, [this](const QString& what, const QString& why) {
    problem_ = tr("%1: %2").arg(what, why);
    refresh_notice();
  });
  connect(&model_, &StudioModel::show_ended, this, [this](const QString& failure) {
    if (failure.isEmpty()) return;
    problem_ = tr("The show failed: %1").arg(failure);
    refresh_notice();
  });
  connect(&model_, &StudioModel::answering_changed, this, &MainWindow::refresh_notice);
  connect(&stop_confirm_, &Confirm::armed_changed, this, &MainWindow::arm_stop);
  connect(&stop_confirm_, &Confirm::confirmed, this, [this] { model_.stop(); });
  connect(&quit_, &QuitFlow::state_changed, this, &MainWindow::refresh_notice);
  connect(&quit_, &QuitFlow::finished, this, [this] {
    close();
    emit finished();
  });
}

void MainWindow::take_events(const std::vector<Event>& events) {
  events_->add(events);
  for (const Event& event : events) {
    if (event.type == "show.file_changed") {
      const QString what = QString::fromStdString(event.message).section(QLatin1Char(':'), 0, 0);
      note_file_change(QFileInfo(QString::fromStdString(event.subject)).fileName() + QStringLiteral(": ") + what);
    } else if (event.type == "show.opened" || event.type == "show.saved") {
      note_file_change({});
    }
  }
}

void MainWindow::note_file_change(const QString& what) {
  file_changed_ = what;
  actions_.take_over->setEnabled(!what.isEmpty());
  refresh_notice();
}

void MainWindow::refresh() {
  const Snapshot& snapshot = model_.snapshot();
  picture_->show_snapshot(snapshot);
  refresh_mix(snapshot);
  on_air_->show_snapshot(snapshot);
  legs_->show_snapshot(snapshot);
  mixer_->show_snapshot(snapshot);
  strip_filters_->show_mixer(snapshot.mixer);
  chain_->show_snapshot(snapshot);
  actions_.enable_for(snapshot);
  if (macros_.show_macros(snapshot.macros)) {
    keys_taken_ = macros_.collisions();
    refresh_notice();
  }
  actions_.follow_events->setEnabled(!events_->following());
  if (!actions_.stop->isEnabled()) stop_confirm_.disarm();
  if (snapshot.phase == Phase::on_air && shows_refused()) stage_->setCurrentWidget(pictures_);
  refresh_clock();
  QString title = tr("Mainstay");
  if (!snapshot.show_name.empty()) title = QString::fromStdString(snapshot.show_name) + QStringLiteral(" – ") + title;
  if (snapshot.phase == Phase::on_air) title = tr("ON AIR – ") + title;
  setWindowTitle(title);
}

void MainWindow::refresh_clock() {
  const auto ms = std::chrono::floor<Millis>(clock_.utc_now().time_since_epoch()).count();
  const bool utc = actions_.utc->isChecked();
  const QDateTime now = QDateTime::fromMSecsSinceEpoch(ms, utc ? Qt::UTC : Qt::LocalTime);
  wall_clock_->setText(now.toString(QStringLiteral("HH:mm:ss")) + QLatin1String(utc ? " UTC" : ""));
}

void MainWindow::refresh_notice() {
  const bool asked = quit_.state() == QuitFlow::State::asked;
  actions_.end_and_quit->setEnabled(asked);
  actions_.dismiss->setText(asked ? tr("Stay on air") : tr("Close"));
  if (asked) {
    notice_->show_notice(tr("On air. Quitting ends the show."), {actions_.end_and_quit, actions_.dismiss});
  } else if (quit_.state() == QuitFlow::State::ending) {
    notice_->show_notice(tr("Ending the show, then quitting…"), {});
  } else if (!model_.answering()) {
    notice_->show_notice(tr("The engine does not answer: what you see may be old. The program and the legs may still "
                            "run; look at a receiver before you end anything."),
                         {});
  } else if (!problem_.isEmpty()) {
    notice_->show_notice(problem_, {actions_.dismiss});
  } else if (!file_changed_.isEmpty()) {
    notice_->show_notice(file_changed_, {actions_.take_over, actions_.dismiss});
  } else if (!keys_taken_.isEmpty()) {
    notice_->show_notice(keys_taken_, {actions_.dismiss});
  } else {
    notice_->hide_notice();
  }
}

void MainWindow::ask_for_show() {
  auto* dialog =
      new QFileDialog(this, tr("Open show"), QFileInfo(last_path_).path(), tr("Shows (*.json);;All files (*)"));
  dialog->setFileMode(QFileDialog::ExistingFile);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setModal(false);
  connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::open_show);
  dialog->show();
}

void MainWindow::open_show(const QString& path) {
  last_path_ = path;
  model_.open_show(path);
}

void MainWindow::show_refused(const QString& path, const std::vector<show::ShowError>& errors) {
  refused_->show_errors(path, errors, QString::fromStdString(model_.snapshot().show_name));
  if (!model_.busy()) {
    stage_->setCurrentWidget(refused_);
    return;
  }
  // The picture of a show on air is never covered.
  problem_ = refused_->title() + QStringLiteral(": ") + refused_->text().section(QLatin1Char('\n'), 0, 0);
  refresh_notice();
}

bool MainWindow::shows_refused() const {
  return stage_->currentWidget() == refused_;
}

void MainWindow::arm_stop(bool armed) {
  actions_.stop->setText(armed ? tr("Press again to end") : tr("End show"));
  stop_button_->setProperty("armed", armed);
  stop_button_->style()->unpolish(stop_button_);
  stop_button_->style()->polish(stop_button_);
}

void MainWindow::toggle_full_screen() {
  const bool enter = !isFullScreen();
  for (QWidget* widget : {header_, right_}) widget->setVisible(!enter);
  left_->show_picture_alone(enter);
  const int margin = enter ? 0 : theme_.gap(0.6);
  centralWidget()->layout()->setContentsMargins(margin, margin, margin, margin);
  if (enter) {
    preview_->hide();
    mix_->hide();
  }
  setWindowState(enter ? windowState() | Qt::WindowFullScreen : windowState() & ~Qt::WindowFullScreen);
}

void MainWindow::dismiss() {
  if (quit_.state() == QuitFlow::State::asked) return quit_.stay();
  if (!problem_.isEmpty()) {
    problem_.clear();
    return refresh_notice();
  }
  if (!file_changed_.isEmpty()) {
    file_changed_.clear();  // the action stays, for later
    return refresh_notice();
  }
  if (!keys_taken_.isEmpty()) {
    keys_taken_.clear();
    return refresh_notice();
  }
  if (shows_refused()) return stage_->setCurrentWidget(pictures_);
  if (stop_confirm_.armed()) return stop_confirm_.disarm();
  if (isFullScreen()) toggle_full_screen();
}

void MainWindow::pop_up_menu() {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->setToolTipsVisible(true);
  actions_.fill(*menu, macros_.actions());
  menu->popup(
      menu_button_->mapToGlobal(QPoint(menu_button_->width() - menu->sizeHint().width(), menu_button_->height())));
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (quit_.state() == QuitFlow::State::done) return event->accept();
  event->ignore();
  quit_.request();
}

void MainWindow::resizeEvent(QResizeEvent* event) {
  QMainWindow::resizeEvent(event);
  mix_->set_compact(height() < theme_.gap(kLow) || width() < theme_.gap(kNarrow));
  right_->setFixedWidth(std::clamp(qRound(width() * kRightShare), theme_.gap(kRightLeast), theme_.gap(kRightMost)));
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (actions_.open->isEnabled() && !dropped_file(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  const QString path = dropped_file(*event->mimeData());
  if (!path.isEmpty()) open_show(path);
}

}  // namespace mainstay::ui
